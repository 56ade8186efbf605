// Inputs that do not hold single values: bins, which bound them, and summaries, which do not.
#include <cmath>

#include <fmt/format.h>

#include "analysis/judge/metric_kinds.h"
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

void judge_quantile(const SampleEnvelope& envelope, double p, MetricCase& judged) {
  const double b_low = sample_quantile(envelope.greatest.baseline, p);
  const double b_high = sample_quantile(envelope.least.baseline, p);
  const double c_low = sample_quantile(envelope.least.canary, p);
  const double c_high = sample_quantile(envelope.greatest.canary, p);
  Evidence evidence = judged.entry(p);
  evidence.baseline.value = (b_low + b_high) / 2;
  evidence.canary.value = (c_low + c_high) / 2;
  const auto scaled = choose_scale(judged.metric().margin, b_low > 0);
  const auto at = [&](const SampleArms& arms) {
    return quantile_effect(judged.mode(), arms, p, 1, scaled->scale);
  };
  judged.add(std::move(evidence),
             scaled ? effect_between(at(envelope.least), at(envelope.greatest))
                    : impossible(zero_baseline),
             scaled);
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
  if (!has_bins(judged.columns()) || judged.by_quantile()) return false;
  judged.add(judged.entry(std::nullopt),
             impossible("the input is binned, which is judged by quantiles only (kind: samples, "
                        "without another test)"),
             {});
  return true;
}

void judge_bins(MetricCase& judged) {
  const SampleEnvelope envelope = sample_envelope(judged.columns());
  const std::vector<std::optional<double>> quantiles = judged.quantiles();
  if (envelope.least.baseline.empty() || envelope.least.canary.empty()) {
    judged.add(judged.entry(quantiles.front()), impossible("the bins of an arm hold nothing"), {});
    return;
  }
  judged.remark(fmt::format("{}: the input is binned; intervals are as wide as its bins make them",
                            judged.metric().name));
  for (const std::optional<double>& quantile : quantiles)
    judge_quantile(envelope, *quantile, judged);
}

}  // namespace haldane::analysis
