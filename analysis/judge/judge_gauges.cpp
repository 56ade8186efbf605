// Levels sampled over time, by their means.
#include <span>
#include <utility>

#include "analysis/judge/fixed_effects.h"
#include "analysis/judge/gauge_contrast.h"
#include "analysis/judge/metric_kinds.h"
#include "analysis/judge/planned_end.h"
#include "analysis/judge/sequential_effects.h"
#include "analysis/judge/steps.h"

namespace haldane::analysis {
namespace {

std::vector<GaugeArms> arms_of(const std::vector<ColumnPair>& columns) {
  std::vector<GaugeArms> parts;
  for (const ColumnPair& part : columns) {
    if (has_observations(part)) parts.push_back(gauge_arms(part));
  }
  return parts;
}

Effect sequential_effect(const std::vector<GaugeArms>& parts, MetricCase& judged,
                         Evidence::Scale scale) {
  const auto until_end = [&](PlannedEnd& end) -> std::optional<GaugeContrast> {
    std::vector<GaugeArms> until = arms_of(end.until(judged.column_parts()));
    if (until.empty()) return std::nullopt;
    for (GaugeArms& arms : until) arms.noise = planned_noise;
    return GaugeContrast(until);
  };
  return until_horizon(judged, sequential_gauge(GaugeContrast(parts), scale), scale, until_end);
}

Effect effect_of(const std::vector<GaugeArms>& parts, MetricCase& judged, Evidence::Scale scale) {
  if (judged.mode() != Mode::fixed) return sequential_effect(parts, judged, scale);
  if (judged.metric().test != FixedTest::bootstrap) return fixed_gauge(GaugeContrast(parts), scale);
  std::vector<Effect> effects;
  effects.reserve(parts.size());
  for (const GaugeArms& arms : parts) effects.push_back(bootstrap_gauge(arms, scale));
  return join_steps(std::move(effects));
}

}  // namespace

void judge_gauge(MetricCase& judged) {
  Evidence evidence = judged.entry(std::nullopt);
  const std::vector<GaugeArms> parts = arms_of(judged.column_parts());
  if (parts.front().baseline.empty() || parts.front().canary.empty()) {
    judged.add(std::move(evidence), impossible("some values have no time, so their order is lost"),
               {});
    return;
  }
  const GaugeContrast gauges{std::span<const GaugeArms>(parts)};
  evidence.baseline.value = gauges.baseline_mean();
  evidence.canary.value = gauges.canary_mean();
  if (judged.metric().from_pre_period) return judge_adjusted_gauge(judged, std::move(evidence));
  const auto scaled = choose_scale(judged.metric().margin, *evidence.baseline.value > 0);
  if (!scaled) {
    judged.add(std::move(evidence), impossible(zero_baseline), {});
    return;
  }
  judged.add(std::move(evidence), effect_of(parts, judged, scaled->scale), scaled);
}

}  // namespace haldane::analysis
