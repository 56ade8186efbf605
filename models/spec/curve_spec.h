// How the rate of arrivals follows the day and the week, as written in a scenario.
#pragma once

#include <vector>

#include "sim/base/time.h"

namespace haldane::models {

/// A factor of the arrival rate by the clock. Without `day` every hour is alike, without `week`
/// every day.
struct CurveSpec {
  struct Point {
    Duration at;  ///< since midnight
    double factor = 1;
  };
  std::vector<Point> day;    ///< ascending; straight lines between, from the last to the first too
  double swing = 0;          ///< `day: {peak, swing}`: 1 + swing * cos(time since the peak)
  Duration peak{};           ///< since midnight
  std::vector<double> week;  ///< 7 factors, Monday first
  Duration starts{};         ///< of the run: time since Monday 00:00
  Duration step = Duration::seconds(300);  ///< the rate is constant for so long

  [[nodiscard]] bool is_flat() const { return day.empty() && swing == 0 && week.empty(); }
};

/// What a site has of its own.
struct SiteTrafficSpec {
  Duration offset{};  ///< its clock is so far ahead of that of the run
  double weight = 1;  ///< multiplies its arrival rate
};

}  // namespace haldane::models
