// Quoted text that is never closed, which yaml-cpp 0.7 accepts when the next line is not indented
// or the file ends: the typical end of a truncated file.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace haldane::config {

/// Finds the characters of a text by line and column. **Cost** linear to build, constant to ask.
class LineIndex {
 public:
  explicit LineIndex(std::string_view text);
  /// The text from a 1-based line and column (in bytes) on; empty beyond the end.
  [[nodiscard]] std::string_view from(int line, int column) const;

 private:
  std::string_view text_;
  std::vector<std::size_t> line_begins_;
};

/// `text` starts at a quote; is it closed before the file ends or a line starts without
/// indentation? **Returns** true for text that starts with anything else.
[[nodiscard]] bool quote_is_closed(std::string_view text);

}  // namespace haldane::config
