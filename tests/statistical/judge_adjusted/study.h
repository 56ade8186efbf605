// What the studies of adjusted gauges have in common.
#pragma once

#include <cmath>
#include <cstdlib>

#include <boost/math/distributions/binomial.hpp>

namespace haldane::analysis {

constexpr double alpha = 0.01;
constexpr double beta = 0.05;

/// Upper 99.9 % point of the binomial law at the promised rate.
inline int most_allowed(int trials, double rate) {
  const boost::math::binomial law(trials, rate);
  return static_cast<int>(boost::math::quantile(boost::math::complement(law, 0.001)));
}

inline int runs_or(int usual) {
  const char* wanted = std::getenv("HALDANE_STUDY_RUNS");
  return wanted == nullptr ? usual : std::atoi(wanted);
}

inline bool at_least(double log_e, double error) {
  return log_e >= -std::log(error);
}

}  // namespace haldane::analysis
