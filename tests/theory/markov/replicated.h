// Means over replications with their standard errors, to be compared with exact values.
//
// Flake budget: seeds are fixed, so a test that passes passes always. A comparison allows 4.5
// standard errors of the mean of 32 or more independent replications: for a simulator that is
// right, a change of its draws fails one of the 70 comparisons once in about 1,000 times.
#pragma once

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "tests/support/trial.h"

namespace haldane::test::markov {

/// Any numbers of one replication, always as many.
using Measure = std::function<std::vector<double>(const Trial&)>;

struct Estimate {
  double mean = 0;
  double error = 0;  ///< standard error of the mean
};

inline std::vector<Estimate> replicated(const models::Scenario& scenario, int replications,
                                        const Measure& measure) {
  std::vector<double> sum;
  std::vector<double> squares;
  const models::Plan plan = models::compile_plan(scenario);
  for (int r = 0; r < replications; ++r) {
    const std::vector<double> values = measure(Trial(plan, 1, static_cast<std::uint64_t>(r)));
    sum.resize(values.size());
    squares.resize(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      sum[i] += values[i];
      squares[i] += values[i] * values[i];
    }
  }
  std::vector<Estimate> estimates;
  for (std::size_t i = 0; i < sum.size(); ++i) {
    const double mean = sum[i] / replications;
    const double variance = std::max(squares[i] / replications - mean * mean, 0.0);
    estimates.push_back({mean, std::sqrt(variance / (replications - 1))});
  }
  return estimates;
}

/// `slack` is what the exact value itself may be off.
inline void expect_covers(const Estimate& estimate, double exact, const std::string& what,
                          double slack = 0) {
  EXPECT_NEAR(estimate.mean, exact, 4.5 * estimate.error + slack) << what;
  EXPECT_LT(estimate.error, 0.03 * std::abs(exact) + 1e-12)
      << what << " is known too badly to tell anything";
}

}  // namespace haldane::test::markov
