// Bounds of a mean until a planned end.
#include "analysis/sequential/planned_mean.h"

#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

namespace haldane::analysis {
namespace {

constexpr double many = 1e9;

TEST(PlannedMean, KnownErrorsGiveTheBoundsOfABrownianMotion) {
  // 2 (1 - Phi(c)) = 1 %; early bounds are wider by the root of what is still to come.
  const MeanEstimate estimate{1, 0.1, many};
  EXPECT_NEAR(planned_half_width(estimate, 1, 0.01), 0.257583, 1e-6);
  EXPECT_NEAR(planned_half_width(estimate, 0.25, 0.01), 0.515166, 1e-6);
}

TEST(PlannedMean, FewValuesWidenThemAsStudentsTDoes) {
  // R: qt(0.995, 15) = 2.946713, qt(0.995, 100) = 2.625891.
  EXPECT_NEAR(planned_half_width({0, 1, 30}, 1, 0.01), 2.946713, 3e-3);
  EXPECT_NEAR(planned_half_width({0, 1, 200}, 1, 0.01), 2.625891, 3e-4);
}

TEST(PlannedMean, EvidenceReachesItsErrorWhereTheBoundLeavesTheNull) {
  for (const double share : {0.1, 0.5, 0.9, 1.0}) {
    for (const double error : {0.3, 0.01, 1e-6}) {
      const double width = planned_half_width({0, 0.2, 50}, share, error);
      const auto at = [&](double value) {
        return log_evidence_planned_above({value, 0.2, 50}, 0, share, error);
      };
      EXPECT_EQ(at(width * 1.0001), -std::log(error));
      EXPECT_LT(at(width * 0.9999), -std::log(error));
      EXPECT_LT(at(-1), 0);
    }
  }
}

TEST(PlannedMean, EvidenceIsOneAtTheBeginningAndNothingAtAnEndThatWasNotReached) {
  EXPECT_NEAR(log_evidence_planned_above({0, 1, many}, 0, 1e-12, 0.01), 0, 1e-4);
  EXPECT_EQ(log_evidence_planned_above({2.5, 1, many}, 0, 1, 0.01), -INFINITY);
}

// What the motion did before is forgotten, so at the end only half of those that crossed are seen.
TEST(PlannedMean, ExpectationUnderTheNullFallsFromOneToAHalf) {
  const auto expectation = [](double share) {
    double sum = 0;
    const double step = 1e-3;
    for (double z = -8; z < 8; z += step) {
      const double density = std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
      sum += step * density * std::exp(log_evidence_planned_above({z, 1, many}, 0, share, 0.05));
    }
    return sum;
  };
  EXPECT_NEAR(expectation(0.01), 1, 1e-3);
  double previous = 1;
  for (const double share : {0.1, 0.3, 0.6, 0.9}) {
    EXPECT_LE(expectation(share), previous + 1e-3) << share;
    previous = expectation(share);
  }
  EXPECT_NEAR(expectation(1), 0.5, 1e-2);
}

}  // namespace
}  // namespace haldane::analysis
