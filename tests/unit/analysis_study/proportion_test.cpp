#include "analysis/study/proportion.h"

#include <cmath>

#include <gtest/gtest.h>

namespace haldane::analysis {
namespace {

// From R: binom.test(3, 100)$conf.int, binom.test(17, 20)$conf.int.
TEST(ShareInterval, IsClopperAndPearsons) {
  const ShareInterval few = share_interval({3, 100});
  EXPECT_NEAR(few.low, 0.006229972, 1e-8);
  EXPECT_NEAR(few.high, 0.08517605, 1e-8);
  const ShareInterval most = share_interval({17, 20});
  EXPECT_NEAR(most.low, 0.6210732, 1e-7);
  EXPECT_NEAR(most.high, 0.9679291, 1e-7);
}

TEST(ShareInterval, IsOneSidedAtNoneAndAll) {
  const ShareInterval none = share_interval({0, 100});
  EXPECT_EQ(none.low, 0);
  EXPECT_NEAR(none.high, 1 - std::pow(0.025, 0.01), 1e-12);
  const ShareInterval all = share_interval({100, 100});
  EXPECT_NEAR(all.low, std::pow(0.025, 0.01), 1e-12);
  EXPECT_EQ(all.high, 1);
}

TEST(ShareInterval, KnowsNothingWithoutRuns) {
  EXPECT_EQ(share_interval({}).low, 0);
  EXPECT_EQ(share_interval({}).high, 1);
  EXPECT_EQ(CountedShare{}.share(), 0);
}

}  // namespace
}  // namespace haldane::analysis
