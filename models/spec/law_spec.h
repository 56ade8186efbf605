// A probability law as a scenario writes it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace haldane::models {

/// A law of non-negative durations (or sizes, where `unit_is_bytes` says so by context).
/// **Units** seconds or bytes for mean, value, median, low, high, scale and means; the rest are
/// dimensionless.
struct LawSpec {
  enum class Kind : std::uint8_t {
    deterministic,     ///< value
    exponential,       ///< mean
    lognormal,         ///< median, sigma (of the logarithm)
    gamma,             ///< mean, shape
    erlang,            ///< mean, k (integer >= 1), kept in `shape`
    hyperexponential,  ///< means, weights (same length, weights sum to 1 after normalising)
    uniform,           ///< low, high
    weibull,           ///< scale, shape
    pareto,            ///< scale (the minimum), shape (> 0)
    empirical,  ///< samples, sorted ascending, read from `file` (one number a line, in the file's
                ///< unit)
  };
  Kind kind = Kind::deterministic;
  double value = 0;  ///< deterministic value, exponential/gamma/erlang mean, lognormal median
  double shape = 1;  ///< gamma and weibull and pareto shape, erlang k, lognormal sigma
  double scale = 0;  ///< weibull and pareto scale
  double low = 0;    ///< uniform
  double high = 0;   ///< uniform
  std::vector<double> means;    ///< hyperexponential
  std::vector<double> weights;  ///< hyperexponential
  std::vector<double> samples;  ///< empirical
  std::string file;             ///< empirical: as written
};

}  // namespace haldane::models
