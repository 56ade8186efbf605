// Lines of a byte source, in blocks, with bounded memory.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

#include "models/trace/byte_source.h"
#include "models/trace/digits.h"

namespace haldane::models {

/// Longer lines are cut to this and given as such: no id is that long.
inline constexpr std::size_t line_max = std::size_t{64} << 10;

/// Blocks of whole lines out of a source.
class LineBlocks {
 public:
  explicit LineBlocks(ByteSource& source, std::size_t block_bytes = std::size_t{256} << 10)
      : source_(source), buffer_(std::max(block_bytes, 2 * line_max) + readable_behind) {}

  /// The next block: lines that all end in a newline, the last one of the source perhaps without.
  /// Of a line that is longer than the buffer the beginning comes, followed by a newline.
  /// **Returns** an empty block at the end. **Errors** of the source.
  Expected<std::string_view, TraceError> next();

 private:
  std::optional<TraceError> fill();
  std::string_view take_until(std::size_t end);
  [[nodiscard]] std::size_t skip_tail(std::size_t begin, std::size_t end);

  ByteSource& source_;
  std::vector<char> buffer_;
  std::size_t rest_begin_ = 0;  // of the part of a line that no block had yet
  std::size_t rest_end_ = 0;
  bool skipping_ = false;  // inside the tail of a line that was too long
  bool over_ = false;
};

/// Calls on_line(text, line number from 1) for every line, its end, be it LF or CRLF, cut off.
/// Behind the text `readable_behind` bytes may be read.
/// **Errors** of the source. **Cost** about 5 ns a line beside on_line.
template <class OnLine>
std::optional<TraceError> for_each_line(ByteSource& source, OnLine on_line) {
  LineBlocks blocks(source);
  for (std::uint64_t line = 1;;) {
    auto block = blocks.next();
    if (!block) return block.error();
    if (block->empty()) return std::nullopt;
    const char* begin = block->data();
    const char* const end = begin + block->size();
    while (begin < end) {
      const auto* found =
          static_cast<const char*>(std::memchr(begin, '\n', static_cast<std::size_t>(end - begin)));
      const char* stop = found != nullptr ? found : end;
      const char* last = stop > begin && stop[-1] == '\r' ? stop - 1 : stop;
      on_line(std::string_view(begin, static_cast<std::size_t>(last - begin)), line++);
      begin = stop + 1;
    }
  }
}

}  // namespace haldane::models
