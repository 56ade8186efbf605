#include "models/spec/read_samples.h"

#include <algorithm>
#include <functional>
#include <string_view>

#include <fmt/format.h>

#include "config/quantity.h"
#include "config/utf8.h"

namespace haldane::models {
namespace {

using config::Value;

constexpr std::size_t file_bytes_max = 64U << 20U;
constexpr int bad_lines_max = 10;

std::string_view trim(std::string_view line) {
  const std::size_t begin = line.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos) return {};
  return line.substr(begin, line.find_last_not_of(" \t\r") - begin + 1);
}

config::Quantity<double> parse_sample(std::string_view text, LawUnit unit,
                                      const std::string& unit_name) {
  const std::string full = std::string(text) + unit_name;
  return unit == LawUnit::seconds ? config::parse_seconds(full) : config::parse_bytes(full);
}

using Parser = std::function<config::Quantity<double>(std::string_view)>;

/// All values of the file's text; complains about lines that hold none.
bool parse_lines(const Value& file, std::string_view text, const Parser& parse,
                 const std::string& hint, std::vector<double>& out) {
  int line_number = 0;
  int bad_lines = 0;
  while (!text.empty()) {
    ++line_number;
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#') continue;
    const auto sample = parse(line);
    if (sample && *sample >= 0) {
      out.push_back(*sample);
      continue;
    }
    if (++bad_lines > bad_lines_max) return false;
    file.fail("SCN-206",
              fmt::format("line {}: {}", line_number,
                          sample ? "must be >= 0, but was " + config::excerpt(line)
                                 : sample.error().message),
              hint);
  }
  return bad_lines == 0;
}

/// All values of the file that `file` names.
bool read_lines(const Value& file, const config::FileReader& files, const Parser& parse,
                const std::string& hint, std::vector<double>& out) {
  if (!files) {
    file.fail("SCN-205", "other files cannot be read from here");
    return false;
  }
  std::string written;
  if (!file.text(written)) return false;
  const std::string path = config::resolve_beside(file.place().source->base, written);
  const auto content = files(path, file_bytes_max);
  if (!content) {
    file.fail("SCN-205", fmt::format("{} {}", config::excerpt(path, 200), content.error().message));
    return false;
  }
  if (const auto bad = config::find_non_text(*content)) {
    file.fail("SCN-206", fmt::format("line {}: is not UTF-8 text: {}", bad->line, bad->what));
    return false;
  }
  if (!parse_lines(file, *content, parse, hint, out)) return false;
  if (!out.empty()) return true;
  file.fail("SCN-205", fmt::format("{} has no values", config::excerpt(path, 200)));
  return false;
}

}  // namespace

bool read_sample_unit(const Value& value, LawUnit unit, std::string& out) {
  static const std::vector<std::string_view> times = {"ns", "us", "ms", "s", "min", "h", "d"};
  static const std::vector<std::string_view> sizes = {"B",  "kB",  "MB",  "GB",
                                                      "TB", "KiB", "MiB", "GiB"};
  const auto& names = unit == LawUnit::seconds ? times : sizes;
  const auto index = value.choose(names);
  if (index) out = names[*index];
  return index.has_value();
}

bool read_sample_file(const Value& file, LawUnit unit, const std::string& unit_name,
                      const config::FileReader& files, std::vector<double>& out) {
  const Parser parse = [&](std::string_view line) { return parse_sample(line, unit, unit_name); };
  const std::string hint =
      "one value a line, with its unit, or all in the unit named by the key unit";
  if (!read_lines(file, files, parse, hint, out)) return false;
  std::ranges::sort(out);
  return true;
}

bool read_weight_file(const Value& file, const config::FileReader& files,
                      std::vector<double>& out) {
  return read_lines(file, files, config::parse_number, "one number a line", out);
}

}  // namespace haldane::models
