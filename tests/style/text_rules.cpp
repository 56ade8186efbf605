#include "tests/style/text_rules.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <initializer_list>

#include <fmt/format.h>

namespace haldane::style {
namespace {

enum class Where {
  everywhere,     // any text of ours
  cpp,            // any C++
  libraries,      // sim, config, models, analysis: they never print, exit, read clocks or the world
  deterministic,  // sim, models, analysis: what decides the bits of a result
  simulation,     // sim, models: what decides the bits of a run
  build_files,    // CMake
  documents,      // Markdown
};

struct BannedWord {
  std::string_view word;
  Where where;
  std::string_view reason;
  std::string_view except = "";  // the one file that may
};

// A word matches at an identifier boundary on the sides where it starts or ends with a letter.
constexpr std::array<BannedWord, 60> kBannedWords = {{
    {"TODO", Where::everywhere, "an open end belongs in an issue"},
    {"FIXME", Where::everywhere, "an open end belongs in an issue"},
    {"XXX", Where::everywhere, "an open end belongs in an issue"},
    {"HACK", Where::everywhere, "say why it is needed instead"},
    {"/home/", Where::everywhere, "a path of one person's machine"},
    {"/root/", Where::everywhere, "a path of one person's machine"},
    {"/work/", Where::everywhere, "a path of one machine"},
    {"/tmp/build", Where::everywhere, "a path of one machine"},
    {"using namespace std", Where::cpp, "names must show where they come from"},
    {"std::endl", Where::cpp, "flushes; write '\\n'"},
    {"#ifndef HALDANE", Where::cpp, "headers use #pragma once"},
    {"std::regex", Where::libraries, "slow, recursive on user input"},
    {"std::cout", Where::libraries, "libraries never print"},
    {"std::cerr", Where::libraries, "libraries never print"},
    {"std::clog", Where::libraries, "libraries never print"},
    {"printf", Where::libraries, "libraries never print", "sim/base/check.h"},
    {"fprintf", Where::libraries, "libraries never print", "sim/base/check.h"},
    {"std::puts", Where::libraries, "libraries never print"},
    {"fmt::print", Where::libraries, "libraries never print"},
    {"std::exit", Where::libraries, "libraries never exit"},
    {"std::abort", Where::libraries, "libraries never exit; HALDANE_CHECK is for bugs"},
    {"getenv", Where::libraries, "libraries never read the environment"},
    {"setlocale", Where::cpp, "a locale changes how numbers print"},
    {"std::locale", Where::cpp, "a locale changes how numbers print"},
    {"std::stod", Where::libraries, "reads by the locale; std::from_chars does not"},
    {"strtod", Where::libraries, "reads by the locale; std::from_chars does not"},
    {"atof", Where::libraries, "reads by the locale; std::from_chars does not"},
    {"system_clock", Where::libraries, "libraries never read clocks"},
    {"steady_clock", Where::libraries, "libraries never read clocks"},
    {"high_resolution_clock", Where::libraries, "libraries never read clocks"},
    {"gettimeofday", Where::libraries, "libraries never read clocks"},
    {"clock_gettime", Where::libraries, "libraries never read clocks"},
    {"time(nullptr)", Where::cpp, "libraries never read clocks"},
    {"std::random_device", Where::cpp, "randomness comes from the seed alone"},
    {"rand()", Where::cpp, "randomness comes from RandomStream"},
    {"srand", Where::cpp, "randomness comes from RandomStream"},
    {"std::normal_distribution", Where::deterministic, "its draws differ between libraries"},
    {"std::uniform_real_distribution", Where::deterministic, "its draws differ between libraries"},
    {"std::uniform_int_distribution", Where::deterministic, "its draws differ between libraries"},
    {"std::hash", Where::deterministic, "its values differ between libraries"},
    {"std::fma", Where::simulation, "rounds once where others round twice"},
    {"std::unordered_map", Where::simulation,
     "its order depends on history and library; ids index arrays"},
    {"std::unordered_set", Where::simulation,
     "its order depends on history and library; ids index arrays"},
    {"std::unordered_multimap", Where::simulation,
     "its order depends on history and library; ids index arrays"},
    {"std::chrono", Where::simulation, "simulated time is SimTime and Duration"},
    {"std::mt19937", Where::simulation, "draws are addressed: sim/random/philox.h"},
    {"std::mt19937_64", Where::simulation, "draws are addressed: sim/random/philox.h"},
    {"std::shuffle", Where::simulation, "its result differs between libraries"},
    {"std::sample", Where::simulation, "its result differs between libraries"},
    {"std::reduce", Where::simulation, "sums in any order"},
    {"std::transform_reduce", Where::simulation, "sums in any order"},
    {"std::execution", Where::simulation, "works in any order"},
    {"std::uintptr_t", Where::simulation, "an address must not decide anything"},
    {"get_id", Where::simulation, "which thread runs must not decide anything"},
    {"fesetround", Where::simulation, "changes every result"},
    {"_MM_SET_FLUSH_ZERO_MODE", Where::simulation, "changes small results"},
    {"-ffast-math", Where::build_files, "reorders sums, so results depend on the compiler"},
    {"-Ofast", Where::build_files, "reorders sums, so results depend on the compiler"},
    {"obviously", Where::documents, "if it were, it need not be said"},
    {"simply", Where::documents, "if it were, it need not be said"},
}};

// The C library chooses how to compute these by the processor.
constexpr std::array<std::string_view, 18> kProcessorsMathematics = {
    {"std::exp", "std::exp2", "std::expm1", "std::log", "std::log2", "std::log10", "std::log1p",
     "std::pow", "std::cbrt", "std::hypot", "std::sin", "std::cos", "std::tan", "std::tanh",
     "std::erf", "std::erfc", "std::tgamma", "std::lgamma"}};

// The table above names every banned word, so its own file and its test are left out.
bool names_the_words(const SourceFile& file) {
  return file.path == "tests/style/text_rules.cpp" ||
         file.path == "tests/style/text_rules_test.cpp";
}

bool is_under_any(const SourceFile& file, std::initializer_list<std::string_view> folders) {
  return std::any_of(folders.begin(), folders.end(),
                     [&file](std::string_view folder) { return file.is_under(folder); });
}

bool applies(Where where, const SourceFile& file) {
  switch (where) {
    case Where::everywhere:
      return true;
    case Where::cpp:
      return file.is_cpp();
    case Where::libraries:
      return file.is_cpp() && is_under_any(file, {"sim", "config", "models", "analysis"});
    case Where::deterministic:
      return file.is_cpp() && is_under_any(file, {"sim", "models", "analysis"});
    case Where::simulation:
      return file.is_cpp() && is_under_any(file, {"sim", "models"});
    case Where::build_files:
      return file.has_extension(".cmake") || file.has_extension("CMakeLists.txt") ||
             file.path == "CMakePresets.json";
    case Where::documents:
      return file.is_document();
  }
  return false;
}

bool is_word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool stands_alone(std::string_view line, std::size_t at, std::string_view word) {
  const std::size_t end = at + word.size();
  const bool joined_left =
      at > 0 && is_word_character(word.front()) && is_word_character(line[at - 1]);
  const bool joined_right =
      end < line.size() && is_word_character(word.back()) && is_word_character(line[end]);
  return !joined_left && !joined_right;
}

bool contains_word(std::string_view line, std::string_view word) {
  for (std::size_t at = line.find(word); at != std::string_view::npos;
       at = line.find(word, at + 1)) {
    if (stands_alone(line, at, word)) return true;
  }
  return false;
}

std::size_t characters_in(std::string_view line) {
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

template <class Rule>
Findings each_line(const SourceFile& file, Rule text_of_problem) {
  Findings findings;
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    const std::string text = text_of_problem(file.lines[i]);
    if (!text.empty()) findings.push_back({file.path, i + 1, text});
  }
  return findings;
}

// Follows raw strings through a file: what stands in them is data (YAML, CSS) whose lines we do not
// break. **Returns** whether the line touches one.
class RawStrings {
 public:
  bool touch(std::string_view line) {
    bool touched = !stop_.empty();
    std::size_t at = 0;
    while (at != std::string_view::npos) {
      if (stop_.empty()) at = open(line, at);
      if (stop_.empty()) break;
      touched = true;
      at = close(line, at);
    }
    return touched;
  }

 private:
  std::size_t open(std::string_view line, std::size_t from) {
    const std::size_t start = line.find("R\"", from);
    const std::size_t bracket = line.find('(', start);
    if (start == std::string_view::npos || bracket == std::string_view::npos) return bracket;
    stop_ = fmt::format("){}\"", line.substr(start + 2, bracket - start - 2));
    return bracket + 1;
  }

  std::size_t close(std::string_view line, std::size_t from) {
    const std::size_t end = line.find(stop_, from);
    if (end == std::string_view::npos) return end;
    const std::size_t after = end + stop_.size();
    stop_.clear();
    return after;
  }

  std::string stop_;  // what ends the open raw string; empty outside
};

}  // namespace

Findings check_columns(const SourceFile& file) {
  if (!file.is_cpp() && !file.is_script()) return {};
  RawStrings raw_strings;
  return each_line(file, [&raw_strings](const std::string& line) -> std::string {
    if (raw_strings.touch(line)) return "";
    const std::size_t columns = characters_in(line);
    if (columns <= kColumnsMax) return "";
    return std::to_string(columns) + " columns, at most " + std::to_string(kColumnsMax);
  });
}

Findings check_white_space(const SourceFile& file) {
  Findings findings = each_line(file, [](const std::string& line) -> std::string {
    if (line.find('\t') != std::string::npos) return "tab";
    if (!line.empty() && line.back() == '\r') return "carriage return";
    if (!line.empty() && line.back() == ' ') return "space at the end of the line";
    return "";
  });
  if (!file.ends_with_newline) findings.push_back({file.path, 0, "last line has no end"});
  return findings;
}

Findings check_file_length(const SourceFile& file) {
  if (!file.is_cpp() || file.lines.size() <= kFileLinesMax) return {};
  return {{file.path, 0,
           std::to_string(file.lines.size()) + " lines, at most " + std::to_string(kFileLinesMax)}};
}

Findings check_banned_words(const SourceFile& file) {
  Findings findings;
  if (names_the_words(file)) return findings;
  const auto look_for = [&](const BannedWord& banned) {
    if (!applies(banned.where, file) || file.path == banned.except) return;
    const Findings found = each_line(file, [&banned](const std::string& line) -> std::string {
      if (!contains_word(line, banned.word)) return "";
      return fmt::format("'{}': {}", banned.word, banned.reason);
    });
    findings.insert(findings.end(), found.begin(), found.end());
  };
  for (const BannedWord& banned : kBannedWords) look_for(banned);
  for (const std::string_view name : kProcessorsMathematics)
    look_for({name, Where::simulation, "rounds by the processor: use sim/base/math.h",
              "models/spec/read_law.cpp"});
  return findings;
}

Findings check_header_opening(const SourceFile& file) {
  if (!file.is_header()) return {};
  const auto first_code =
      std::find_if(file.lines.begin(), file.lines.end(),
                   [](const std::string& line) { return !line.starts_with("//"); });
  if (first_code == file.lines.begin())
    return {{file.path, 1, "a header opens with a paragraph: what question does it answer?"}};
  if (first_code == file.lines.end() || *first_code != "#pragma once")
    return {{file.path, 1, "#pragma once follows the opening paragraph"}};
  return {};
}

}  // namespace haldane::style
