// When a rule fires: how long it must hold, what ends it, what the warm-up hides.
#include "analysis/estimate/alerts.h"

#include <limits>
#include <optional>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace haldane::analysis {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr double gap = std::numeric_limits<double>::quiet_NaN();

// A point a second; NaN is a gap.
Curve curve_of_seconds(const std::vector<double>& values) {
  Curve curve;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto from = static_cast<double>(i);
    curve.points.push_back(
        {from, from + 1, values[i] == values[i] ? std::optional(values[i]) : std::nullopt});
  }
  return curve;
}

std::vector<Firing> above_one(const std::vector<double>& values, double for_s, double from_s = 0) {
  return find_firings(curve_of_seconds(values), from_s, for_s,
                      [](std::size_t, double value) { return value > 1; });
}

TEST(Alerts, FireOnceForAStretch) {
  const auto firings = above_one({0, 2, 2, 2, 0, 0, 3, 0}, 0);
  ASSERT_THAT(firings, SizeIs(2));
  EXPECT_EQ(firings[0].from_s, 1);
  EXPECT_EQ(firings[0].to_s, 4);
  EXPECT_EQ(firings[1].from_s, 6);
  EXPECT_EQ(firings[1].to_s, 7);
}

TEST(Alerts, FireOnlyAfterTheConditionHasHeldLongEnough) {
  const auto firings = above_one({2, 2, 0, 2, 2, 2, 2, 0}, 3);
  ASSERT_THAT(firings, SizeIs(1));
  EXPECT_EQ(firings[0].from_s, 6);
  EXPECT_EQ(firings[0].to_s, 7);
  EXPECT_THAT(above_one({2, 2, 2}, 3.5), IsEmpty());
}

TEST(Alerts, AGapResolvesThem) {
  EXPECT_THAT(above_one({2, 2, gap, 2, 2}, 3), IsEmpty());
  EXPECT_THAT(above_one({gap, gap}, 0), IsEmpty());
  EXPECT_THAT(above_one({}, 0), IsEmpty());
}

TEST(Alerts, TheWarmUpIsNobodysConcern) {
  const auto firings = above_one({2, 2, 2, 2, 2}, 2, 2);
  ASSERT_THAT(firings, SizeIs(1));
  EXPECT_EQ(firings[0].from_s, 4) << "two seconds after the end of the warm-up";
  EXPECT_EQ(firings[0].to_s, 5);
}

TEST(Alerts, TheMeanBetweenTwoTimesTakesWholePointsOnly) {
  const Curve curve = curve_of_seconds({100, 1, gap, 3, 100});
  EXPECT_EQ(mean_between(curve, 0.5, 4.5), 2);
  EXPECT_EQ(mean_between(curve, 2, 3), std::nullopt);
}

}  // namespace
}  // namespace haldane::analysis
