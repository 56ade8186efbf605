// Single values of both arms, by quantiles or as whole samples.
#include <algorithm>
#include <memory>
#include <utility>

#include "analysis/judge/compacted_arms.h"
#include "analysis/judge/distribution_pictures.h"
#include "analysis/judge/effect_from_before.h"
#include "analysis/judge/fixed_effects.h"
#include "analysis/judge/metric_kinds.h"
#include "analysis/judge/sequential_effects.h"
#include "analysis/judge/step_values.h"
#include "analysis/judge/steps.h"
#include "analysis/sequential/quantile_stairs.h"

namespace haldane::analysis {
namespace {

constexpr double early_s = 300;
// As for rates (rate_dispersion.h).
constexpr double beginning_s = 120;
constexpr double dispersion_at_the_beginning = 4;

double cautious_dispersion(const QuantilePlace& place, double span_s) {
  const double early = early_sample_dispersion(place.columns, place.threshold, place.probability);
  return span_s < beginning_s ? std::max(early, dispersion_at_the_beginning) : early;
}

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

Effect effect_of(const SamplePart& part, double p, const MetricCase& judged,
                 Evidence::Scale scale) {
  const double middle =
      (sample_quantile(part.arms.baseline, p) + sample_quantile(part.arms.canary, p)) / 2;
  return cautious_effect(judged, {part.columns, middle, p}, [&](double dispersion) {
    return quantile_effect(judged.mode(), part.arms, p, dispersion, scale);
  });
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

Effect cautious_effect(const MetricCase& judged, const QuantilePlace& place,
                       const std::function<Effect(double dispersion)>& effect_at) {
  const double dispersion = sample_dispersion(place.columns, place.threshold, place.probability);
  if (judged.mode() == Mode::fixed || !has_times(place.columns)) return effect_at(dispersion);
  Effect usual = effect_at(dispersion);
  wait_for_effective_size(usual);
  const double span = span_s(judged.columns());
  if (span >= early_s) return usual;
  const double cautious = cautious_dispersion(place, span);
  if (cautious <= dispersion) return usual;
  Effect effect = effect_at(cautious);
  wait_for_effective_size(effect);
  effect.without_caution = std::make_shared<const Effect>(std::move(usual));
  return effect;
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
