#include "analysis/judge/gauge_effect.h"

#include <memory>
#include <utility>

namespace haldane::analysis {
namespace {

using Gauges = std::shared_ptr<const GaugeContrast>;

MeanEstimate mirrored(MeanEstimate estimate) {
  estimate.value = -estimate.value;
  return estimate;
}

void add_relative(Effect& effect, const Gauges& g, const MeanBounds& bounds) {
  const auto width_at = [width = bounds.half_width](double error) {
    return [width, error](const MeanEstimate& e) { return width(e, error); };
  };
  effect.estimate = g->canary_mean() / g->baseline_mean() - 1;
  effect.low = [=](double error) { return ratio_bound(*g, true, width_at(error)) - 1; };
  effect.high = [=](double error) { return ratio_bound(*g, false, width_at(error)) - 1; };
  effect.log_e_above = [g, log_e = bounds.log_e_above](double bound) {
    return log_e(g->at(1 + bound), 0, bound);
  };
  effect.log_e_below = [g, log_e = bounds.log_e_below](double bound) {
    return log_e(mirrored(g->at(1 + bound)), 0, bound);
  };
}

void add_absolute(Effect& effect, const Gauges& g, const MeanBounds& bounds) {
  const MeanEstimate difference = g->at(1);
  effect.estimate = difference.value;
  effect.low = [difference, width = bounds.half_width](double error) {
    return difference.value - width(difference, error);
  };
  effect.high = [difference, width = bounds.half_width](double error) {
    return difference.value + width(difference, error);
  };
  effect.log_e_above = [difference, log_e = bounds.log_e_above](double bound) {
    return log_e(difference, bound, bound);
  };
  effect.log_e_below = [difference, log_e = bounds.log_e_below](double bound) {
    return log_e(mirrored(difference), -bound, bound);
  };
}

}  // namespace

Effect gauge_effect(GaugeContrast contrast, const MeanBounds& bounds, Evidence::Scale scale) {
  const auto gauges = std::make_shared<const GaugeContrast>(std::move(contrast));
  Effect effect;
  effect.method = (gauges->paired() ? "paired_" : "") + bounds.method;
  effect.n_effective = gauges->n_effective();
  if (scale == Evidence::Scale::relative) {
    add_relative(effect, gauges, bounds);
  } else {
    add_absolute(effect, gauges, bounds);
  }
  effect.lasting_share = gauges->lasting_share();
  effect.obstacle = gauge_obstacle(*gauges);
  if (*effect.n_effective < gauge_n_effective_min) {
    effect.least_growth = gauge_n_effective_min / *effect.n_effective;
  }
  return effect;
}

}  // namespace haldane::analysis
