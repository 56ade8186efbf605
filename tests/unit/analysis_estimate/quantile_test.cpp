// Quantiles of what a histogram holds.
#include <gtest/gtest.h>

#include "analysis/estimate/unit.h"

namespace haldane::analysis {
namespace {

/// 1 to 100 ns, each once.
sim::LatencySlice first_hundred() {
  sim::LatencySlice slice{100, 5'050, 100, {}};
  for (std::int64_t ns = 1; ns <= 100; ++ns) slice.buckets.push_back({ns, 1});
  return slice;
}

// The least value that at least the share is not above: of a hundred values, p7 is the seventh.
TEST(QuantileNs, IsTheLeastValueThatReachesTheShare) {
  const sim::LatencySlice slice = first_hundred();
  for (int percent = 1; percent < 100; ++percent) {
    EXPECT_EQ(quantile_ns(slice, percent / 100.0), percent);  // also where 0.07 * 100 > 7
  }
  EXPECT_EQ(quantile_ns(slice, 0.0701), 8);
  EXPECT_EQ(quantile_ns(slice, 0.999), 100);
}

TEST(QuantileNs, OfOneValueIsThatValue) {
  const sim::LatencySlice slice{1, 7, 7, {{7, 1}}};
  for (const double q : {0.001, 0.5, 0.999}) EXPECT_EQ(quantile_ns(slice, q), 7);
}

}  // namespace
}  // namespace haldane::analysis
