#include "tests/style/type_names.h"

#include <map>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace haldane::style {
namespace {

std::string_view word_at(std::string_view text) {
  constexpr std::string_view letters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:";
  return text.substr(0, text.find_first_not_of(letters));
}

// The type that a line at the left margin begins to define; empty for declarations and
// specialisations.
std::string_view defined_type(std::string_view line) {
  if (line.ends_with(';')) return {};
  for (const std::string_view keyword : {"class ", "struct ", "enum class "}) {
    if (!line.starts_with(keyword)) continue;
    line.remove_prefix(keyword.size());
    if (line.starts_with("alignas(")) line.remove_prefix(line.find(") ") + 2);
    const std::string_view name = word_at(line);
    return line.substr(name.size()).starts_with('<') ? std::string_view{} : name;
  }
  return {};
}

std::string_view opened_namespace(std::string_view line) {
  constexpr std::string_view start = "namespace ";
  if (!line.starts_with(start) || !line.ends_with(" {")) return {};
  return word_at(line.substr(start.size()));
}

}  // namespace

Findings check_type_names(const std::vector<SourceFile>& files) {
  Findings findings;
  std::map<std::string, std::string> home;
  for (const SourceFile& file : files) {
    if (!file.is_header()) continue;
    std::string space;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      if (const auto name = opened_namespace(file.lines[i]); !name.empty()) space = name;
      const std::string_view type = defined_type(file.lines[i]);
      if (type.empty()) continue;
      const auto [first, is_new] = home.emplace(fmt::format("{}::{}", space, type), file.path);
      if (is_new || first->second == file.path) continue;
      findings.push_back(
          {file.path, i + 1, fmt::format("{} is also defined in {}", first->first, first->second)});
    }
  }
  return findings;
}

}  // namespace haldane::style
