// The effect on a gauge, whichever bounds of a mean it rests on.
#pragma once

#include <functional>
#include <string>

#include "analysis/judge/effect.h"
#include "analysis/judge/gauge_contrast.h"

namespace haldane::analysis {

/// Bounds of a mean and evidence about it that hold at every look.
struct MeanBounds {
  std::string method;
  std::function<double(const MeanEstimate&, double error)> half_width;
  /// log e-value against "mean <= null", where the hypothesis is "effect <= bound".
  std::function<double(const MeanEstimate&, double null, double bound)> log_e_above;
  /// The same of the mirrored mean, where it is "effect >= bound".
  std::function<double(const MeanEstimate&, double null, double bound)> log_e_below;
};

/// **Returns** an obstacle below an effective size of 30; the method says where values are paired.
[[nodiscard]] Effect gauge_effect(GaugeContrast gauges, const MeanBounds& bounds,
                                  Evidence::Scale scale);

}  // namespace haldane::analysis
