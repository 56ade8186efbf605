#include "config/quotes.h"

namespace haldane::config {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

bool starts_unindented_line(std::string_view text, std::size_t newline) {
  const std::size_t next = newline + 1;
  if (next >= text.size()) return false;
  const char c = text[next];
  return c != ' ' && c != '\t' && c != '\n' && c != '\r';
}

}  // namespace

LineIndex::LineIndex(std::string_view text) : text_(text) {
  if (text_.starts_with(byte_order_mark)) text_.remove_prefix(byte_order_mark.size());
  line_begins_.push_back(0);
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') line_begins_.push_back(i + 1);
  }
}

std::string_view LineIndex::from(int line, int column) const {
  if (line < 1 || column < 1 || static_cast<std::size_t>(line) > line_begins_.size()) return {};
  const std::size_t at =
      line_begins_[static_cast<std::size_t>(line) - 1] + static_cast<std::size_t>(column) - 1;
  return at < text_.size() ? text_.substr(at) : std::string_view{};
}

bool quote_is_closed(std::string_view text) {
  if (text.empty() || (text.front() != '"' && text.front() != '\'')) return true;
  const char quote = text.front();
  for (std::size_t i = 1; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\n' && starts_unindented_line(text, i)) return false;
    if (c == '\\' && quote == '"') {
      if (i + 1 < text.size() && text[i + 1] != '\n') ++i;  // an escaped character is no quote
    } else if (c == quote) {
      const bool doubled = quote == '\'' && i + 1 < text.size() && text[i + 1] == quote;
      if (!doubled) return true;
      ++i;
    }
  }
  return false;
}

}  // namespace haldane::config
