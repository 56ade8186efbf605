#include "analysis/compare/sort_values.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace haldane::analysis {
namespace {

// A scatter writes to as many places at once as there are buckets: more than this leaves the caches
// (10 to 12 bits are within noise of each other at a million values).
constexpr int bucket_bits_max = 11;
constexpr std::size_t buckets_max = std::size_t{1} << bucket_bits_max;
constexpr int bucket_bits_min = 2;
constexpr int values_a_bucket_bits = 3;  // about eight values a bucket, if they spread evenly
constexpr std::size_t small = 256;       // std::sort of that many needs no second copy
constexpr std::size_t tiny = 24;
constexpr std::uint64_t sign = std::uint64_t{1} << 63U;

// Doubles as integers of the same order: negatives reversed, positives above them.
std::uint64_t to_key(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  return (bits & sign) != 0 ? ~bits : bits | sign;
}

// By keys, so that -0 and 0 have an order that does not depend on that of the rows.
void insertion_sort(double* values, std::size_t count) {
  for (std::size_t i = 1; i < count; ++i) {
    const double value = values[i];
    const std::uint64_t key = to_key(value);
    std::size_t hole = i;
    for (; hole > 0 && to_key(values[hole - 1]) > key; --hole) values[hole] = values[hole - 1];
    values[hole] = value;
  }
}

// How keys between the least and the greatest fall into buckets of equal width.
class Buckets {
 public:
  Buckets(const double* values, std::size_t size) : least_(to_key(values[0])) {
    std::uint64_t greatest = least_;
    for (std::size_t i = 1; i < size; ++i) {
      const std::uint64_t key = to_key(values[i]);
      least_ = std::min(least_, key);
      greatest = std::max(greatest, key);
    }
    const int bits = std::clamp(static_cast<int>(std::bit_width(size)) - values_a_bucket_bits,
                                bucket_bits_min, bucket_bits_max);
    shift_ = std::max(0, static_cast<int>(std::bit_width(greatest - least_)) - bits);
    count_ = static_cast<std::size_t>((greatest - least_) >> shift_) + 1;
  }

  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] bool of_one_value() const { return shift_ == 0; }
  [[nodiscard]] std::size_t index(double value) const {
    return static_cast<std::size_t>((to_key(value) - least_) >> shift_);
  }

 private:
  std::uint64_t least_;
  int shift_ = 0;
  std::size_t count_ = 1;
};

using BucketEnds = std::array<std::size_t, buckets_max>;

void scatter(const double* from, double* to, std::size_t size, const Buckets& buckets,
             BucketEnds& ends) {
  std::fill_n(ends.begin(), buckets.count(), 0);
  for (std::size_t i = 0; i < size; ++i) ++ends[buckets.index(from[i])];
  std::size_t begin = 0;
  for (std::size_t b = 0; b < buckets.count(); ++b) begin += std::exchange(ends[b], begin);
  for (std::size_t i = 0; i < size; ++i) to[ends[buckets.index(from[i])]++] = from[i];
}

// Scatters `from` into buckets in `to`, and each bucket again by its own range, so that neither an
// outlier nor values that share their leading bits make it slow: each level takes at least
// `bucket_bits_min` bits off the range. The sorted values end in `to` or in `from`, as asked; the
// other is scratch.
void scatter_sort(double* from, double* to, std::size_t size, bool into_to) {
  if (size <= tiny) {
    if (into_to) std::copy_n(from, size, to);
    insertion_sort(into_to ? to : from, size);
    return;
  }
  const Buckets buckets(from, size);
  if (buckets.count() == 1) {
    if (into_to) std::copy_n(from, size, to);
    return;
  }
  BucketEnds ends;
  scatter(from, to, size, buckets, ends);
  if (buckets.of_one_value()) {
    if (!into_to) std::copy_n(to, size, from);
    return;
  }
  std::size_t begin = 0;
  for (std::size_t b = 0; b < buckets.count(); ++b) {
    scatter_sort(to + begin, from + begin, ends[b] - begin, !into_to);
    begin = ends[b];
  }
}

}  // namespace

void sort_values(std::vector<double>& values, std::vector<double>& scratch) {
  if (values.size() < small) {
    std::sort(values.begin(), values.end(),
              [](double a, double b) { return to_key(a) < to_key(b); });
    return;
  }
  if (scratch.size() < values.size()) scratch.resize(values.size());
  scatter_sort(values.data(), scratch.data(), values.size(), false);
}

void sort_values(std::vector<double>& values) {
  std::vector<double> scratch;
  sort_values(values, scratch);
}

}  // namespace haldane::analysis
