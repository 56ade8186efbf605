// What studies of error rates have in common: how many runs, and how many may go wrong.
#pragma once

#include <cstdlib>

#include <boost/math/distributions/binomial.hpp>

namespace haldane::test {

/// Upper 99.9 % point of the binomial law at the promised rate: a study of something that just
/// keeps it fails once in 1,000.
inline int most_allowed(int trials, double rate) {
  const boost::math::binomial law(trials, rate);
  return static_cast<int>(boost::math::quantile(boost::math::complement(law, 0.001)));
}

/// Runs a law: HALDANE_STUDY_RUNS of the environment, which repeats the tables in docs/statistics,
/// or the usual number.
inline int runs_or(int usual) {
  const char* wanted = std::getenv("HALDANE_STUDY_RUNS");
  return wanted == nullptr ? usual : std::atoi(wanted);
}

}  // namespace haldane::test
