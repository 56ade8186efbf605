// Inputs that do not hold single values: bins, which bound them, and summaries, which do not.
#include <cmath>

#include <fmt/format.h>

#include "analysis/judge/compacted_arms.h"
#include "analysis/judge/distribution_pictures.h"
#include "analysis/judge/metric_kinds.h"
#include "analysis/judge/sequential_effects.h"
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

Effect effect_between(Effect least, const Effect& greatest) {
  least.high = greatest.high;
  least.log_e_below = greatest.log_e_below;
  least.p_below = greatest.p_below;
  if (least.estimate && greatest.estimate) {
    least.estimate = (*least.estimate + *greatest.estimate) / 2;
  }
  return least;
}

// Of columns without times, which bins mostly are, no dependence is known.
Effect effect_of(const SampleEnvelope& envelope, double p, double threshold,
                 const MetricCase& judged, Evidence::Scale scale) {
  return cautious_effect(judged, {judged.columns(), threshold, p}, [&](double dispersion) {
    const auto at = [&](const RankedArms& arms) {
      return quantile_effect(judged.mode(), arms, p, dispersion, scale);
    };
    return effect_between(at(envelope.least()), at(envelope.greatest()));
  });
}

void judge_quantile(const SampleEnvelope& envelope, double p, MetricCase& judged) {
  const double b_low = sample_quantile(envelope.baseline.low.ranked(), p);
  const double b_high = sample_quantile(envelope.baseline.high.ranked(), p);
  const double c_low = sample_quantile(envelope.canary.low.ranked(), p);
  const double c_high = sample_quantile(envelope.canary.high.ranked(), p);
  Evidence evidence = judged.entry(p);
  evidence.baseline.value = (b_low + b_high) / 2;
  evidence.canary.value = (c_low + c_high) / 2;
  const auto scaled = choose_scale(judged.metric().margin, b_low > 0);
  const double middle = (*evidence.baseline.value + *evidence.canary.value) / 2;
  Effect effect =
      scaled ? effect_of(envelope, p, middle, judged, scaled->scale) : impossible(zero_baseline);
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
  const SampleEnvelope envelope = sample_envelope(judged.columns());
  const std::vector<std::optional<double>> quantiles = judged.quantiles();
  if (envelope.least().baseline.empty() || envelope.least().canary.empty()) {
    judged.add(judged.entry(quantiles.front()), impossible("the bins of an arm hold nothing"), {});
    return;
  }
  if (is_binned(judged.columns())) {
    judged.remark(
        fmt::format("{}: the input is binned; intervals are as wide as its bins make them",
                    judged.metric().name));
  } else {
    draw(envelope, judged);
  }
  for (const std::optional<double>& quantile : quantiles)
    judge_quantile(envelope, *quantile, judged);
}

}  // namespace haldane::analysis
