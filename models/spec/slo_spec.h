// A service level objective as written in a scenario: which requests are good, and what share of
// them has to be.
#pragma once

#include <string>

#include "sim/base/time.h"

namespace haldane::models {

struct SloSpec {
  std::string name;
  std::string good;      ///< as written: "success", or "requests.latency_ms < 300"
  std::string metric;    ///< of latencies, without a statistic; empty = success
  double limit_ms = 0;   ///< good up to here
  double target = 0.99;  ///< share of good requests, in (0, 1)
  Duration window = Duration::seconds(30 * 86'400);  ///< that the error budget is for
};

}  // namespace haldane::models
