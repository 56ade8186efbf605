#include "models/trace/row_problems.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace haldane::models {

std::string quoted_value(std::string_view value) {
  constexpr std::size_t shown = 40;
  std::string text = "\"";
  for (const char c : value.substr(0, shown)) {
    const auto code = static_cast<unsigned char>(c);
    text += code < 0x20 || code >= 0x7f ? '?' : c;
  }
  return text + (value.size() > shown ? "...\"" : "\"");
}

void RowProblems::add(std::uint64_t line, std::string id, std::string column, std::string rule,
                      std::string_view value) {
  ++count_;
  if (first_.size() >= shown_) return;
  constexpr std::uint64_t line_max = std::numeric_limits<int>::max();
  Diagnostic problem;
  problem.id = std::move(id);
  problem.file = file_;
  problem.line = static_cast<int>(std::min(line, line_max));
  problem.path = std::move(column);
  problem.message = std::move(rule);
  if (!value.empty()) problem.message += ", but was " + quoted_value(value);
  first_.push_back(std::move(problem));
}

}  // namespace haldane::models
