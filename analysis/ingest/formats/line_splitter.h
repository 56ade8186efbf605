// Lines of a stream of blocks, with bounded memory.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace haldane::analysis {

/// Push blocks in; each whole line comes out once, without its end. A line longer than `line_max`
/// comes out as its first 40 bytes, marked.
class LineSplitter {
 public:
  explicit LineSplitter(std::size_t line_max) : line_max_(line_max) {}

  /// Calls `take(line, number, oversized)` for every line that ends in `block`; with `last`, also
  /// for the rest.
  template <class Take>
  void feed(std::string_view block, bool last, const Take& take) {
    for (;;) {
      const std::size_t end = block.find('\n');
      if (end == std::string_view::npos) break;
      give(block.substr(0, end), take);
      block.remove_prefix(end + 1);
    }
    if (oversized_ || carry_.size() + block.size() > line_max_) {
      oversized_ = true;
      if (carry_.size() < 40) carry_.append(block.substr(0, 40));
    } else {
      carry_.append(block);
    }
    if (last && !carry_.empty()) give({}, take);
  }

 private:
  template <class Take>
  void give(std::string_view tail, const Take& take) {
    ++number_;
    const bool oversized = oversized_ || carry_.size() + tail.size() > line_max_;
    std::string_view line = tail;
    if (!carry_.empty()) {
      carry_.append(tail.substr(0, oversized ? 40 : tail.size()));
      line = carry_;
    }
    if (oversized) line = line.substr(0, 40);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (!line.empty()) take(line, number_, oversized);
    carry_.clear();
    oversized_ = false;
  }

  std::size_t line_max_;
  std::string carry_;  // the beginning of a line whose end has not come
  bool oversized_ = false;
  std::int64_t number_ = 0;
};

}  // namespace haldane::analysis
