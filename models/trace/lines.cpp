#include "models/trace/lines.h"

#include <algorithm>

namespace haldane::models {

// Where the line that is being skipped ends; `end` when it goes on.
std::size_t LineBlocks::skip_tail(std::size_t begin, std::size_t end) {
  const auto* newline =
      static_cast<const char*>(std::memchr(buffer_.data() + begin, '\n', end - begin));
  if (newline == nullptr) return end;
  skipping_ = false;
  return static_cast<std::size_t>(newline - buffer_.data()) + 1;
}

// What is left of the last block moves to the front, then the buffer is filled up by one read.
std::optional<TraceError> LineBlocks::fill() {
  const std::size_t kept = rest_end_ - rest_begin_;
  std::memmove(buffer_.data(), buffer_.data() + rest_begin_, kept);
  auto count = source_.read(buffer_.data() + kept, buffer_.size() - readable_behind - kept);
  if (!count) return count.error();
  over_ = *count == 0;
  rest_begin_ = 0;
  rest_end_ = kept + *count;
  if (skipping_) rest_begin_ = skip_tail(kept, rest_end_);
  return std::nullopt;
}

// The rest up to `end`, with what is behind it left for the next block.
std::string_view LineBlocks::take_until(std::size_t end) {
  const std::string_view block(buffer_.data() + rest_begin_, end - rest_begin_);
  rest_begin_ = std::min(end, rest_end_);
  return block;
}

Expected<std::string_view, TraceError> LineBlocks::next() {
  while (!over_) {
    if (auto error = fill()) return Unexpected{*error};
    const std::size_t size = rest_end_ - rest_begin_;
    const char* begin = buffer_.data() + rest_begin_;
    const auto* newline = static_cast<const char*>(::memrchr(begin, '\n', size));
    if (newline != nullptr) {
      return take_until(static_cast<std::size_t>(newline - buffer_.data()) + 1);
    }
    if (size > line_max) {
      // The beginning stands for the line; its tail is skipped.
      buffer_[rest_end_] = '\n';
      skipping_ = true;
      return take_until(rest_end_ + 1);
    }
  }
  return take_until(rest_end_);
}

}  // namespace haldane::models
