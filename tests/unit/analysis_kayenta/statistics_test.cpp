// Outliers, percentiles and the five numbers, against Kayenta's tests and NIST's example.
#include "analysis/kayenta/statistics.h"

#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace haldane::analysis::kayenta {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Values = std::vector<double>;

Values sorted(Values values) {
  std::sort(values.begin(), values.end());
  return values;
}

Values outliers(const Values& values, double factor) {
  const Fences fences = quartile_fences(sorted(values), factor, false);
  Values out;
  std::copy_if(values.begin(), values.end(), std::back_inserter(out),
               [&](double v) { return v > fences.high || v < fences.low; });
  return out;
}

TEST(KayentaOutliers, LieBeyondTheFences) {
  EXPECT_THAT(outliers({21, 23, 24, 25, 50, 29, 23, 21}, 1.5), ElementsAre(50));
  EXPECT_THAT(outliers({1, 1, 1, 5, -1, -1, -1, -5}, 1.5), ElementsAre(5, -5));
  EXPECT_THAT(without_outliers({}, 1.5), IsEmpty());
}

TEST(KayentaOutliers, AreFewerWithinWidenedFences) {
  Values values(300, 1.0);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] += static_cast<double>(i % 7);
  values.push_back(1'000);
  values.push_back(40);
  values.push_back(30);
  values.push_back(20);
  EXPECT_EQ(outliers(values, 1.5).size(), 4U);
  EXPECT_EQ(values.size() - without_outliers(values, 1.5).size(), 4U);
  EXPECT_EQ(without_outliers({1, 1, 1, 1, 9}, 3).size(), 4U) << "P99 is 8.68, between the two";
}

TEST(KayentaOutliers, ByStandardDeviationsAreThoseOfUpstream) {
  Values values(10, 1.0);
  values.push_back(20);
  const Fences fences = sigma_fences(values, 3);
  EXPECT_LT(fences.high, 20);
  EXPECT_LT(fences.low, 1);
  EXPECT_GT(fences.high, 1);
}

TEST(KayentaEffect, OfCohenIsThatOfUpstream) {
  const Values five = {5, 5, 5, 10, 10, 10};
  const Values one = {1, 1, 1, 2, 2, 2};
  EXPECT_NEAR(cohens_d(five, one), 3.03821, 1e-5);
  EXPECT_NEAR(cohens_d(one, five), -3.03821, 1e-5);
  EXPECT_TRUE(std::isnan(cohens_d(Values{1, 1}, Values{1, 1})));
}

TEST(KayentaPercentile, InterpolatesLinearly) {
  const Values halves = {0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5};
  EXPECT_DOUBLE_EQ(percentile(halves, 5), 0.175);
  EXPECT_DOUBLE_EQ(percentile(halves, 50), 1.75);
  EXPECT_DOUBLE_EQ(percentile(halves, 100), 3.5);
  EXPECT_TRUE(std::isnan(percentile({}, 50)));
  const Values nist = sorted({95.1772, 95.1567, 95.1937, 95.1959, 95.1442, 95.0610, 95.1591,
                              95.1195, 95.1772, 95.0925, 95.1990, 95.1682});
  EXPECT_NEAR(percentile(nist, 90), 95.19568, 5e-6);
}

TEST(KayentaStatistics, AreThoseOfTheReport) {
  const ArmStatistics six = arm_statistics(Values{1, 1, 1, 10, 10, 10});
  EXPECT_EQ(six.min, 1);
  EXPECT_EQ(six.max, 10);
  EXPECT_DOUBLE_EQ(six.mean, 5.5);
  EXPECT_NEAR(six.std, 4.9295, 5e-5);
  EXPECT_EQ(six.count, 6);
  const ArmStatistics none = arm_statistics(Values{});
  EXPECT_EQ(none.min + none.max + none.mean + none.std, 0);
  EXPECT_EQ(none.count, 0);
  EXPECT_EQ(arm_statistics(Values{7}).std, 0);
}

}  // namespace
}  // namespace haldane::analysis::kayenta
