// Inputs that do not hold single values: bins, which bound them, and summaries, which do not.
#include <cmath>
#include <memory>

#include <fmt/format.h>

#include "analysis/judge/compacted_arms.h"
#include "analysis/judge/distribution_pictures.h"
#include "analysis/judge/metric_kinds.h"
#include "analysis/judge/sequential_effects.h"
#include "analysis/judge/step_values.h"
#include "analysis/judge/steps.h"
#include "analysis/sequential/quantile_stairs.h"

namespace haldane::analysis {
namespace {

std::optional<double> summary_value(const ObservationColumn& column,
                                    std::optional<double> quantile) {
  for (const SummaryPoint& point : column.summary) {
    if (quantile && std::abs(point.probability - *quantile) < 1e-9) return point.value;
  }
  return std::nullopt;
}

// The estimate is that of the middles, which are shown as the values of both arms.
Effect effect_between(Effect least, const Effect& greatest, double estimate) {
  least.high = greatest.high;
  least.log_e_below = greatest.log_e_below;
  least.p_below = greatest.p_below;
  if (least.estimate && greatest.estimate) {
    least.estimate_within = {*least.estimate, *greatest.estimate};
    least.estimate = estimate;
  }
  return least;
}

// The whole, or one step.
struct BinnedPart {
  ColumnPair columns;
  SampleEnvelope envelope;
};

// A quantile of an arm, which lies between.
struct Between {
  double low = 0;
  double high = 0;
  [[nodiscard]] double middle() const { return (low + high) / 2; }
};

Between quantile_of(const ArmEnvelope& arm, double p) {
  return {sample_quantile(arm.low.ranked(), p), sample_quantile(arm.high.ranked(), p)};
}

// Of columns without times, which bins mostly are, no dependence is known.
Effect effect_of(const BinnedPart& part, double p, const MetricCase& judged,
                 Evidence::Scale scale) {
  const SampleEnvelope& envelope = part.envelope;
  const auto middle = [&envelope](double q) {
    return (quantile_of(envelope.baseline, q).middle() + quantile_of(envelope.canary, q).middle()) /
           2;
  };
  const double baseline = quantile_of(envelope.baseline, p).middle();
  const double canary = quantile_of(envelope.canary, p).middle();
  const double estimate =
      scale == Evidence::Scale::relative ? canary / baseline - 1 : canary - baseline;
  return cautious_effect(judged, {part.columns, middle(p), middle(0.5), p}, [&](double dispersion) {
    const auto at = [&](const RankedArms& arms) {
      return quantile_effect(judged.mode(), arms, p, dispersion, scale);
    };
    return effect_between(at(envelope.least()), at(envelope.greatest()), estimate);
  });
}

void judge_quantile(const std::vector<BinnedPart>& parts, double p, MetricCase& judged) {
  bool positive = true;
  const StepValues values = step_values(parts, [&](const BinnedPart& part) {
    const Between b = quantile_of(part.envelope.baseline, p);
    positive = positive && b.low > 0;
    return StepValues{observations_in(*part.columns.canary), b.middle(),
                      quantile_of(part.envelope.canary, p).middle()};
  });
  Evidence evidence = judged.entry(p);
  evidence.baseline.value = values.baseline;
  evidence.canary.value = values.canary;
  const auto scaled = choose_scale(judged.metric().margin, positive);
  if (!scaled) {
    judged.add(std::move(evidence), impossible(zero_baseline), {});
    return;
  }
  std::vector<Effect> effects;
  for (const BinnedPart& part : parts) effects.push_back(effect_of(part, p, judged, scaled->scale));
  Effect effect =
      adjusted_quantile(judged, join_steps(std::move(effects)), evidence, scaled->scale);
  // While an arm still had its rows, later parts of the time had their part of the error.
  const bool one_step = !judged.steps() || judged.steps()->size() == 1;
  if (judged.mode() == Mode::sequential && one_step && !judged.metric().from_pre_period &&
      is_compacted(judged.columns()) && has_times(judged.columns()))
    effect.later = std::make_shared<const LaterStart>();
  judged.add(std::move(evidence), effect, scaled);
}

// Bins of a sketch are fine enough to be drawn.
void draw(const SampleEnvelope& envelope, MetricCase& judged) {
  std::vector<std::string> remarks;
  judged.picture(draw_distributions(
      judged.metric().name, {envelope.baseline.high.ranked(), envelope.canary.high.ranked()},
      {envelope.baseline.low.ranked(), envelope.canary.low.ranked()}, remarks));
  for (std::string& remark : remarks) judged.remark(std::move(remark));
}

bool is_binned(const ColumnPair& columns) {
  return columns.baseline->quality == Quality::binned || columns.canary->quality == Quality::binned;
}

}  // namespace

Effect binned_quantile_effect(const MetricCase& judged, double probability, Evidence::Scale scale) {
  const BinnedPart whole{judged.columns(), sample_envelope(judged.columns())};
  if (scale == Evidence::Scale::relative &&
      !(quantile_of(whole.envelope.baseline, probability).low > 0))
    return impossible("the baseline is not above zero");
  return effect_of(whole, probability, judged, scale);
}

bool report_summary(MetricCase& judged) {
  const ColumnPair& columns = judged.columns();
  const auto is_summary = [](const ObservationColumn& c) { return c.quality == Quality::summary; };
  if (!is_summary(*columns.baseline) && !is_summary(*columns.canary)) return false;
  for (const std::optional<double>& quantile : judged.quantiles()) {
    Evidence evidence = judged.entry(quantile);
    evidence.baseline.value = summary_value(*columns.baseline, quantile);
    evidence.canary.value = summary_value(*columns.canary, quantile);
    judged.add(std::move(evidence),
               impossible("the input is a summary: percentiles alone can be shown, not judged"),
               {});
  }
  return true;
}

bool refuse_bins(MetricCase& judged) {
  if (is_compacted(judged.columns()) && judged.mode() != Mode::sequential) {
    judged.add(judged.entry(std::nullopt),
               impossible("compacted data are judged in mode sequential only"), {});
    return true;
  }
  if (!is_binned(judged.columns()) || judged.by_quantile()) return false;
  judged.add(judged.entry(std::nullopt),
             impossible("the input is binned, which is judged by quantiles only (kind: samples, "
                        "without another test)"),
             {});
  return true;
}

void judge_bins(MetricCase& judged) {
  const std::vector<std::optional<double>> quantiles = judged.quantiles();
  if (!has_observations(judged.columns())) {
    judged.add(judged.entry(quantiles.front()), impossible("the bins of an arm hold nothing"), {});
    return;
  }
  if (is_binned(judged.columns())) {
    judged.remark(
        fmt::format("{}: the input is binned; intervals are as wide as its bins make them",
                    judged.metric().name));
  } else {
    draw(sample_envelope(judged.columns()), judged);
  }
  std::vector<BinnedPart> parts;
  for (const ColumnPair& columns : judged.column_parts())
    parts.push_back({columns, sample_envelope(columns)});
  for (const std::optional<double>& quantile : quantiles) judge_quantile(parts, *quantile, judged);
}

}  // namespace haldane::analysis
