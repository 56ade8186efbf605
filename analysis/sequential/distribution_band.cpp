#include "analysis/sequential/distribution_band.h"

#include <cmath>

namespace haldane::analysis {

double distribution_band(double n, double alpha) {
  const double iterated = std::log(1 + std::log(n));  // log log(e n)
  return 0.85 * std::sqrt((iterated + 0.8 * std::log(1612 / alpha)) / n);
}

}  // namespace haldane::analysis
