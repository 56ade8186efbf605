#include "analysis/compare/sort_values.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace haldane::analysis {
namespace {

constexpr std::size_t radix_bits = 11;
constexpr std::size_t buckets = std::size_t{1} << radix_bits;
constexpr std::size_t passes = 6;
constexpr std::size_t small = 4096;
constexpr std::uint64_t sign = std::uint64_t{1} << 63U;

// Doubles as integers of the same order: negatives reversed, positives above them.
std::uint64_t to_key(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  return (bits & sign) != 0 ? ~bits : bits | sign;
}

double from_key(std::uint64_t key) {
  return std::bit_cast<double>((key & sign) != 0 ? key & ~sign : ~key);
}

std::size_t digit(std::uint64_t key, std::size_t pass) {
  return static_cast<std::size_t>(key >> (pass * radix_bits)) & (buckets - 1);
}

}  // namespace

void sort_values(std::vector<double>& values) {
  if (values.size() < small) {
    std::sort(values.begin(), values.end());
    return;
  }
  std::vector<std::uint64_t> keys(values.size());
  std::vector<std::uint64_t> other(values.size());
  std::vector<std::array<std::size_t, buckets>> counts(passes);
  for (std::size_t i = 0; i < values.size(); ++i) {
    keys[i] = to_key(values[i]);
    for (std::size_t pass = 0; pass < passes; ++pass) ++counts[pass][digit(keys[i], pass)];
  }
  for (std::size_t pass = 0; pass < passes; ++pass) {
    std::array<std::size_t, buckets>& count = counts[pass];
    // Columns of one unit often share their leading bits: that pass would move nothing.
    if (count[digit(keys[0], pass)] == values.size()) continue;
    std::size_t begin = 0;
    for (std::size_t& c : count) begin += std::exchange(c, begin);
    for (const std::uint64_t key : keys) other[count[digit(key, pass)]++] = key;
    keys.swap(other);
  }
  std::transform(keys.begin(), keys.end(), values.begin(), from_key);
}

}  // namespace haldane::analysis
