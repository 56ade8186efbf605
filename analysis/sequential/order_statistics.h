// Sorted observations by their rank, whether they are kept one by one or as few values that stand
// for many each: what bounds of quantiles ask is "which value has rank r", a few hundred times.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace haldane::analysis {

/// A view: what it is made from must outlive it.
class OrderStatistics {
 public:
  OrderStatistics() = default;
  /// Single observations, ascending.
  // NOLINTNEXTLINE(google-explicit-constructor): sorted values are what every caller has.
  OrderStatistics(std::span<const double> sorted) : values_(sorted), size_(sorted.size()) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  OrderStatistics(const std::vector<double>& sorted)
      : OrderStatistics(std::span<const double>(sorted)) {}
  /// `through[i]` observations, a whole number below 2^53, lie at or below `values[i]`. **Domain**
  /// both ascending and of one length.
  OrderStatistics(std::span<const double> values, std::span<const double> through)
      : values_(values),
        through_(through),
        size_(through.empty() ? 0 : static_cast<std::size_t>(through.back())) {}

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  /// **Domain** rank < size(). **Cost** a binary search where values stand for many.
  [[nodiscard]] double operator[](std::size_t rank) const {
    if (through_.empty()) return values_[rank];
    const auto above =
        std::upper_bound(through_.begin(), through_.end(), static_cast<double>(rank));
    return values_[static_cast<std::size_t>(above - through_.begin())];
  }
  [[nodiscard]] double front() const { return (*this)[0]; }
  /// Observations at or below `value`.
  [[nodiscard]] std::size_t count_through(double value) const {
    const auto above = std::upper_bound(values_.begin(), values_.end(), value);
    const auto index = static_cast<std::size_t>(above - values_.begin());
    if (index == 0 || through_.empty()) return index;
    return static_cast<std::size_t>(through_[index - 1]);
  }

 private:
  std::span<const double> values_;
  std::span<const double> through_;
  std::size_t size_ = 0;
};

}  // namespace haldane::analysis
