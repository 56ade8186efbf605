// Single values of both arms, by quantiles or as whole samples.
#include <algorithm>
#include <memory>
#include <utility>

#include "analysis/judge/compacted_arms.h"
#include "analysis/judge/distribution_pictures.h"
#include "analysis/judge/effect_from_before.h"
#include "analysis/judge/fixed_effects.h"
#include "analysis/judge/later_start.h"
#include "analysis/judge/metric_kinds.h"
#include "analysis/judge/sequential_effects.h"
#include "analysis/judge/step_values.h"
#include "analysis/judge/steps.h"
#include "analysis/sequential/quantile_stairs.h"

namespace haldane::analysis {
namespace {

// Below it, what happened halfway hides little.
constexpr double dispersion_of_a_step = 2;

struct SamplePart {
  ColumnPair columns;
  SampleArms arms;
};
using SampleParts = std::vector<SamplePart>;

SampleParts sample_parts(MetricCase& judged) {
  SampleParts parts;
  for (const ColumnPair& columns : judged.column_parts())
    parts.push_back({columns, sample_arms(columns)});
  const std::string& name = judged.metric().name;
  std::vector<std::string> remarks;
  if (!judged.steps()) {
    judged.picture(draw_distributions(name, parts[0].arms, remarks));
    for (std::string& remark : remarks) judged.remark(std::move(remark));
    return parts;
  }
  // A picture of all steps together; what differs in it may be the steps, so it says nothing.
  judged.picture(draw_distributions(name, sample_arms(judged.columns()), remarks));
  return parts;
}

// Shown beside the evidence: values(part) is a pair of both arms'.
template <class Values>
void set_values(const SampleParts& parts, const Values& values, Evidence& evidence) {
  const StepValues joined = step_values(parts, [&](const SamplePart& part) {
    const auto [b, c] = values(part);
    return StepValues{static_cast<double>(part.arms.canary.size()), b, c};
  });
  evidence.baseline.value = joined.baseline;
  evidence.canary.value = joined.canary;
}

QuantilePlace place_of(const SamplePart& part, double p) {
  const auto middle = [&part](double q) {
    return (sample_quantile(part.arms.baseline, q) + sample_quantile(part.arms.canary, q)) / 2;
  };
  return {part.columns, middle(p), middle(0.5), middle(fuller_quantile(p)), p};
}

Effect effect_of(const SamplePart& part, double p, const MetricCase& judged, Evidence::Scale scale,
                 double dispersion_min = 1) {
  const auto effect_at = [&](double dispersion) {
    return quantile_effect(judged.mode(), part.arms, p, dispersion, scale);
  };
  return cautious_effect(judged, place_of(part, p), effect_at, dispersion_min);
}

// What the part of the time says from which on something stands out, where anything does. How its
// requests depend on each other the time before it knows better.
LaterStart later_start(const SamplePart& part, double p, const MetricCase& judged,
                       Evidence::Scale scale, const Effect& whole) {
  LaterStart start;
  const double smaller =
      static_cast<double>(std::min(part.arms.baseline.size(), part.arms.canary.size()));
  if (smaller < dispersion_of_a_step * whole.n_effective.value_or(smaller)) return start;
  const std::optional<LaterArms> later = later_arms(part.columns, place_of(part, p).threshold);
  if (!later) return start;
  const SamplePart before{later->before.columns(), sample_arms(later->before.columns())};
  const SamplePart after{later->after.columns(), sample_arms(later->after.columns())};
  if (scale == Evidence::Scale::relative && !(sample_quantile(after.arms.baseline, p) > 0))
    return start;
  start.effect = effect_of(after, p, judged, scale, shared_dispersion(place_of(before, p)));
  start.after_s = later->after_s;
  start.error_part = later->error_part;
  return start;
}

void judge_quantile(const SampleParts& parts, double p, MetricCase& judged) {
  Evidence evidence = judged.entry(p);
  bool positive = true;
  set_values(
      parts,
      [&](const SamplePart& part) {
        const double b = sample_quantile(part.arms.baseline, p);
        positive = positive && b > 0;
        return std::pair(b, sample_quantile(part.arms.canary, p));
      },
      evidence);
  const auto scaled = choose_scale(judged.metric().margin, positive);
  if (!scaled) {
    judged.add(std::move(evidence), impossible(zero_baseline), {});
    return;
  }
  std::vector<Effect> effects;
  for (const SamplePart& part : parts) effects.push_back(effect_of(part, p, judged, scaled->scale));
  Effect effect =
      adjusted_quantile(judged, join_steps(std::move(effects)), evidence, scaled->scale);
  const bool one_step = !judged.steps() || judged.steps()->size() == 1;
  if (judged.mode() == Mode::sequential && one_step && !judged.metric().from_pre_period &&
      has_times(parts[0].columns)) {
    effect.later =
        std::make_shared<const LaterStart>(later_start(parts[0], p, judged, scaled->scale, effect));
  }
  judged.add(std::move(evidence), effect, scaled);
}

void judge_whole_samples(const SampleParts& parts, MetricCase& judged) {
  Evidence evidence = judged.entry(std::nullopt);
  std::vector<WholeSampleTest> tests;
  bool relative_possible = true;
  set_values(
      parts,
      [&](const SamplePart& part) {
        tests.push_back(fixed_whole_sample(*judged.metric().test, part.arms));
        const WholeSampleTest& test = tests.back();
        relative_possible = relative_possible && test.relative_possible;
        return std::pair(test.baseline_value, test.canary_value);
      },
      evidence);
  const auto scaled = choose_scale(judged.metric().margin, relative_possible);
  if (!scaled) {
    judged.add(std::move(evidence), impossible(zero_baseline), {});
    return;
  }
  std::vector<Effect> effects;
  effects.reserve(tests.size());
  for (const WholeSampleTest& test : tests) effects.push_back(test.effect(scaled->scale));
  judged.add(std::move(evidence), join_steps(std::move(effects)), scaled);
}

}  // namespace

Effect quantile_effect(Mode mode, const RankedArms& arms, double probability, double dispersion,
                       Evidence::Scale scale) {
  return mode == Mode::fixed ? fixed_quantile(arms, probability, dispersion, scale)
                             : sequential_quantile(arms, probability, dispersion, scale);
}

Effect sample_quantile_effect(const MetricCase& judged, double probability, Evidence::Scale scale) {
  const SamplePart whole{judged.columns(), sample_arms(judged.columns())};
  if (scale == Evidence::Scale::relative &&
      !(sample_quantile(whole.arms.baseline, probability) > 0))
    return impossible("the baseline is not above zero");
  return effect_of(whole, probability, judged, scale);
}

Effect adjusted_quantile(MetricCase& judged, Effect after, Evidence& evidence,
                         Evidence::Scale scale) {
  return adjusted(judged, std::move(after), evidence, scale, [&](const MetricCase& before) {
    return has_bins(before.columns()) ? binned_quantile_effect(before, *evidence.quantile, scale)
                                      : sample_quantile_effect(before, *evidence.quantile, scale);
  });
}

void judge_samples(MetricCase& judged) {
  const SampleParts parts = sample_parts(judged);
  if (!judged.by_quantile()) {
    judge_whole_samples(parts, judged);
    return;
  }
  for (const std::optional<double>& quantile : judged.quantiles())
    judge_quantile(parts, *quantile, judged);
}

}  // namespace haldane::analysis
