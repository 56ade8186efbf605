#include "analysis/estimate/standard_error.h"

#include <cmath>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

namespace haldane::analysis {
namespace {

TEST(ReplicationError, IsTheClassicalStandardErrorOfTheMean) {
  // R: x <- c(1, 2, 4, 9); sd(x) / sqrt(4) = 1.779513; residuals are x - mean(x).
  const std::vector<double> residuals = {-3, -2, 0, 5};
  const StandardError error = replication_error(residuals);
  EXPECT_NEAR(error.value, 1.7795130420052185, 1e-12);
  EXPECT_EQ(error.degrees_of_freedom, 3);
}

TEST(StudentBounds, AgreeWithTheTableOfT) {
  // R: qt(0.975, 3) = 3.182446305284263
  const ConfidenceBounds bounds = student_bounds(10, {2, 3, 0, 4}, 0.95);
  EXPECT_NEAR(*bounds.low, 10 - 2 * 3.182446305284263, 1e-9);
  EXPECT_NEAR(*bounds.high, 10 + 2 * 3.182446305284263, 1e-9);
}

TEST(BatchError, OfFewBatchesIsTheClassicalOne) {
  const std::vector<double> residuals = {-3, -2, 0, 5};
  EXPECT_EQ(batch_error(residuals).value, replication_error(residuals).value);
}

TEST(BatchError, GrowsWhenBatchesMoveTogether) {
  std::vector<double> alternating;
  std::vector<double> slow;
  for (int t = 0; t < 64; ++t) {
    alternating.push_back(t % 2 == 0 ? 1 : -1);
    slow.push_back(std::sin(2 * std::numbers::pi * t / 64) * std::numbers::sqrt2);
  }
  const double independent = replication_error(slow).value;
  EXPECT_GT(batch_error(slow).value, 1.5 * independent);
  EXPECT_LT(batch_error(alternating).value, independent);
}

TEST(BatchError, OfAConstantIsZero) {
  const std::vector<double> residuals(64, 0.0);
  EXPECT_EQ(batch_error(residuals).value, 0);
}

TEST(SkewedBounds, ReachFurtherToTheSideOfTheSkewness) {
  const StandardError error{1, 20, 2, 64};
  const ConfidenceBounds bounds = skewed_bounds(0, error, 0.95);
  EXPECT_GT(*bounds.high, -*bounds.low);
  const ConfidenceBounds mirrored = skewed_bounds(0, {1, 20, -2, 64}, 0.95);
  EXPECT_NEAR(*mirrored.low, -*bounds.high, 1e-12);
}

TEST(SkewedBounds, WithoutSkewnessAreStudents) {
  const StandardError error{1, 20, 0, 64};
  EXPECT_EQ(*skewed_bounds(3, error, 0.95).high, *student_bounds(3, error, 0.95).high);
}

}  // namespace
}  // namespace haldane::analysis
