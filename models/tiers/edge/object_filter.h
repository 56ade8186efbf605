// A small set of objects that may say yes too often, and never no.
#pragma once

#include <array>
#include <cstdint>

namespace haldane::models {

/// For up to about a hundred objects. **Cost** 128 bytes; says yes to an object that was not added
/// with a probability of one in a thousand for each that was.
class ObjectFilter {
 public:
  void add(std::uint32_t object) { words_[word_of(object)] |= bit_of(object); }
  [[nodiscard]] bool may_have(std::uint32_t object) const {
    return (words_[word_of(object)] & bit_of(object)) != 0;
  }

 private:
  static constexpr std::size_t words = 16;
  static std::size_t word_of(std::uint32_t object) { return object / 64 % words; }
  static std::uint64_t bit_of(std::uint32_t object) { return std::uint64_t{1} << (object % 64); }

  std::array<std::uint64_t, words> words_{};
};

}  // namespace haldane::models
