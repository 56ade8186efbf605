#include "models/clients/finagle_budget.h"

#include <algorithm>

namespace haldane::models {
namespace {

// Whole tokens keep ratios above 1 possible.
constexpr double scale = 1'000;

std::int64_t milliseconds(SimTime t) {
  return t.count_ns() / 1'000'000;
}

}  // namespace

WindowedSum::WindowedSum(Duration range)
    : slice_ms_(range.count_ns() / 1'000'000 / static_cast<std::int64_t>(closed_slices + 1)) {}

void WindowedSum::add(SimTime now, std::int64_t n) {
  expire(now);
  open_ += n;
}

std::int64_t WindowedSum::sum(SimTime now) {
  expire(now);
  std::int64_t sum = open_;
  for (const std::int64_t slice : closed_) sum += slice;
  return sum;
}

// Slices begin when somebody comes: after a pause they lie elsewhere than before, as Finagle's do.
void WindowedSum::expire(SimTime now) {
  const std::int64_t now_ms = milliseconds(now);
  const std::int64_t passed = (now_ms - began_ms_) / slice_ms_;
  if (passed < 1) return;
  closed_[next_] = open_;
  next_ = (next_ + 1) % closed_slices;
  open_ = 0;
  for (std::int64_t i = std::min<std::int64_t>(passed - 1, closed_slices); i > 0; --i) {
    closed_[next_] = 0;
    next_ = (next_ + 1) % closed_slices;
  }
  began_ms_ = now_ms;
}

FinagleBudget::FinagleBudget(const FinagleBudgetRules& rules)
    : deposit_(rules.ratio > 0 ? static_cast<std::int64_t>(scale) : 0),
      withdrawal_(rules.ratio > 0 ? static_cast<std::int64_t>(scale / rules.ratio) : 1),
      reserve_(std::int64_t{rules.min_retries_per_s} * (rules.ttl.count_ns() / 1'000'000'000) *
               withdrawal_),
      bucket_(rules.ttl) {}

bool FinagleBudget::withdraw(SimTime now) {
  if (tokens(now) < withdrawal_) return false;
  bucket_.add(now, -withdrawal_);
  return true;
}

}  // namespace haldane::models
