#include "analysis/estimate/alerts.h"

namespace haldane::analysis {

std::vector<Firing> find_firings(const Curve& curve, double from_s, double for_s,
                                 const Condition& holds) {
  std::vector<Firing> firings;
  std::optional<double> since;  // the condition holds from here on
  for (std::size_t i = 0; i < curve.points.size(); ++i) {
    const CurvePoint& point = curve.points[i];
    if (point.from_s < from_s) continue;
    if (!point.value || !holds(i, *point.value)) {
      since.reset();
      continue;
    }
    if (!since) since = point.from_s;
    if (point.to_s - *since < for_s) continue;
    const double fired = *since + for_s;
    if (firings.empty() || firings.back().from_s < fired) firings.push_back({fired, point.to_s});
    firings.back().to_s = point.to_s;
  }
  return firings;
}

std::optional<double> mean_between(const Curve& curve, double from_s, double to_s) {
  double sum = 0;
  double time = 0;
  for (const CurvePoint& point : curve.points) {
    if (point.from_s < from_s || point.to_s > to_s || !point.value) continue;
    sum += *point.value * (point.to_s - point.from_s);
    time += point.to_s - point.from_s;
  }
  return time > 0 ? std::optional(sum / time) : std::nullopt;
}

}  // namespace haldane::analysis
