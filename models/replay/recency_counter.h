// How many objects were asked for since a moment: the question behind stack distances.
//
// Every object is a bit at the moment of its last request; the answer is the number of bits set
// since. Counts stand over the bits in levels of sixteen, each entry the number of bits before it
// within its node, so that a question reads one entry a level, and clearing a bit changes one cache
// line a level, in a few vector instructions. Four million moments are 512 KiB of bits and 70 KiB
// of counts, where a Fenwick tree over them is 16 MiB of scattered reads.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "sim/base/check.h"
#include "sim/base/large_vector.h"

namespace haldane::models {

namespace recency {

inline constexpr std::size_t words_a_line = 4;
inline constexpr std::size_t line_bits = 64 * words_a_line;
inline constexpr std::size_t fan_out = 16;
struct alignas(line_bits / 8) Line {
  std::array<std::uint64_t, words_a_line> words{};
};
using Lanes [[gnu::vector_size(64)]] = std::uint32_t;
struct Node {
  Lanes before{};
};
// Row p has 1 behind position p and 0 elsewhere.
using Row = std::array<std::uint32_t, fan_out>;
inline constexpr std::array<Row, fan_out> behind = [] {
  std::array<Row, fan_out> rows{};
  for (std::size_t p = 0; p < fan_out; ++p) {
    for (std::size_t i = p + 1; i < fan_out; ++i) rows[p][i] = 1;
  }
  return rows;
}();

}  // namespace recency

/// Moments are numbered from 0 and set in order. **Domain** at most 2^32 - 1 bits. **Cost**
/// O(log16 moments) a call.
class RecencyCounter {
 public:
  explicit RecencyCounter(std::uint64_t moments) : lines_(moments / recency::line_bits + 1) {
    for (std::size_t nodes = lines_.size(); nodes > 1;) {
      nodes = nodes / recency::fan_out + 1;
      levels_.emplace_back(nodes);
    }
  }

  /// Sets the bit of the next moment. **Returns** it. **Domain** fewer moments than there are.
  std::uint32_t set_next() {
    const std::uint64_t moment = next_++;
    if (moment % recency::line_bits == 0) begin_line(moment / recency::line_bits);
    word(moment) |= bit(moment);
    ++set_;
    return static_cast<std::uint32_t>(moment);
  }
  /// **Domain** its bit is set.
  void clear(std::uint32_t moment) {
    word(moment) &= ~bit(moment);
    --set_;
    std::size_t child = moment / recency::line_bits;
    for (auto& level : levels_) {
      // Also entries not begun yet, which begin_line will write: no branch is the point.
      recency::Lanes later;
      std::memcpy(&later, &recency::behind[child % recency::fan_out], sizeof later);
      level[child / recency::fan_out].before -= later;
      child /= recency::fan_out;
    }
  }
  /// Bits set at `moment` and later.
  [[nodiscard]] std::uint64_t set_since(std::uint32_t moment) const {
    std::uint64_t before = 0;
    const recency::Line& line = lines_[moment / recency::line_bits];
    // Every word, under a mask: which word the moment is in cannot be predicted.
    const std::size_t in_line = moment % recency::line_bits;
    for (std::size_t w = 0; w < recency::words_a_line; ++w) {
      const std::uint64_t part = w == in_line / 64 ? bit(moment) - 1 : 0;
      const std::uint64_t mask = w < in_line / 64 ? ~std::uint64_t{0} : part;
      before += static_cast<std::uint64_t>(std::popcount(line.words[w] & mask));
    }
    std::size_t child = moment / recency::line_bits;
    for (const auto& level : levels_) {
      before += level[child / recency::fan_out].before[child % recency::fan_out];
      child /= recency::fan_out;
    }
    return set_ - before;
  }

  [[nodiscard]] bool is_set(std::uint64_t moment) const {
    return (lines_[moment / recency::line_bits].words[moment % recency::line_bits / 64] &
            bit(moment)) != 0;
  }
  [[nodiscard]] std::uint64_t moments_used() const { return next_; }
  [[gnu::always_inline]] void prefetch(std::uint32_t moment) const {
    __builtin_prefetch(&lines_[moment / recency::line_bits], 1);
  }

  /// As if no moment had been.
  void restart() {
    for (recency::Line& line : lines_) line = {};
    next_ = set_ = 0;
  }

 private:
  static std::uint64_t bit(std::uint64_t moment) { return std::uint64_t{1} << (moment % 64); }
  std::uint64_t& word(std::uint64_t moment) {
    return lines_[moment / recency::line_bits].words[moment % recency::line_bits / 64];
  }

  // The entry of a new line: what the line before it has there, and what that line holds. At the
  // start of a node the entry is 0 and the level above begins a new entry.
  void begin_line(std::size_t child) {
    std::uint64_t held = child == 0 ? 0 : bits_of(lines_[child - 1]);
    for (auto& level : levels_) {
      const std::size_t position = child % recency::fan_out;
      recency::Node& node = level[child / recency::fan_out];
      if (position > 0) {
        node.before[position] = node.before[position - 1] + static_cast<std::uint32_t>(held);
        return;
      }
      node.before[0] = 0;
      if (child == 0) {
        held = 0;
      } else {
        held += level[child / recency::fan_out - 1].before[recency::fan_out - 1];
      }
      child /= recency::fan_out;
    }
  }
  static std::uint64_t bits_of(const recency::Line& line) {
    std::uint64_t sum = 0;
    for (const std::uint64_t w : line.words) sum += static_cast<std::uint64_t>(std::popcount(w));
    return sum;
  }

  LargeVector<recency::Line> lines_;
  std::vector<std::vector<recency::Node>> levels_;  // the finest first
  std::uint64_t next_ = 0;
  std::uint64_t set_ = 0;
};

}  // namespace haldane::models
