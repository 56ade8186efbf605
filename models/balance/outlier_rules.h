// When a replica is taken for an outlier, and what becomes of it.
#pragma once

#include <cstdint>
#include <optional>

#include "sim/base/time.h"

namespace haldane::models {

/// `api.outliers`; the defaults are those of Envoy's cluster.v3.OutlierDetection.
struct OutlierRules {
  /// Success far below the others': more than so many standard deviations.
  struct SuccessRate {
    double deviations = 1.9;
    std::uint32_t min_replicas = 5;
    std::uint32_t min_requests = 100;  ///< of a replica, in an interval
  };
  /// Failures beyond a share, whatever the others do.
  struct FailureRatio {
    double threshold = 0.85;
    std::uint32_t min_replicas = 5;
    std::uint32_t min_requests = 50;
  };

  std::uint32_t consecutive_errors = 5;  ///< 0: no such rule
  Duration interval = Duration::seconds(10);
  Duration ejection = Duration::seconds(30);  ///< times how often it has been ejected lately
  Duration max_ejection = Duration::seconds(300);
  double max_ejected = 0.1;  ///< of the replicas
  bool always_one = false;   ///< may be ejected, whatever max_ejected says
  std::optional<SuccessRate> success_rate = SuccessRate{};
  std::optional<FailureRatio> failure_ratio;  ///< detected but not enforced by Envoy's defaults
  double panic = 0.5;  ///< with a smaller share of replicas left, all are used
};

}  // namespace haldane::models
