// What the studies of adjusted gauges have in common.
#pragma once

#include <cmath>

#include "tests/support/study.h"

namespace haldane::analysis {

constexpr double alpha = 0.01;
constexpr double beta = 0.05;

using test::most_allowed;
using test::runs_or;

inline bool at_least(double log_e, double error) {
  return log_e >= -std::log(error);
}

}  // namespace haldane::analysis
