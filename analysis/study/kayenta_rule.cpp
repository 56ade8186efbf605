#include "analysis/study/kayenta_rule.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "analysis/kayenta/classify.h"
#include "analysis/kayenta/score.h"
#include "analysis/kayenta/statistics.h"

namespace haldane::analysis {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

using Steps = std::vector<std::vector<double>>;

std::size_t step_count(const StepSpan& span) {
  const double steps = std::floor((span.end_s - span.begin_s) / span.step_s + 1e-9);
  return steps > 0 ? static_cast<std::size_t>(steps) : 0;
}

// A row belongs to the step that its time ends: bins carry the time of their end.
Steps by_step(const ObservationColumn* column, const StepSpan& span) {
  Steps steps(step_count(span));
  if (column == nullptr) return steps;
  for (std::size_t i = 0; i < column->values.size(); ++i) {
    const double position = (column->times_s[i] - span.begin_s) / span.step_s;
    const double step = std::max(0.0, std::ceil(position - 1e-9) - 1);
    if (step < static_cast<double>(steps.size()))
      steps[static_cast<std::size_t>(step)].push_back(column->values[i]);
  }
  return steps;
}

double sum(const std::vector<double>& values) {
  double total = 0;
  for (const double value : values) total += value;
  return total;
}

std::vector<double> quantiles(Steps steps, double quantile) {
  std::vector<double> values;
  for (std::vector<double>& step : steps) {
    std::sort(step.begin(), step.end());
    values.push_back(kayenta::percentile(step, quantile * 100));
  }
  return values;
}

std::vector<double> means(const Steps& steps) {
  std::vector<double> values;
  for (const std::vector<double>& step : steps)
    values.push_back(step.empty() ? nan : sum(step) / static_cast<double>(step.size()));
  return values;
}

// Without an exposure each row counts as one, as for our judge.
std::vector<double> rates(const Steps& events, const Steps& exposure, bool by_rows) {
  std::vector<double> values;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const double total = by_rows ? static_cast<double>(events[i].size()) : sum(exposure[i]);
    values.push_back(total > 0 ? sum(events[i]) / total : nan);
  }
  return values;
}

class SeriesMaker {
 public:
  SeriesMaker(const ObservationTable& baseline, const ObservationTable& canary,
              const StepSpan& span)
      : baseline_(baseline), canary_(canary), span_(span) {}

  void add(const MetricPolicy& metric, std::vector<KayentaSeries>& all) const {
    if (metric.role == Role::informational) return;
    KayentaSeries series;
    series.name = metric.name;
    series.worse = metric.worse;
    series.critical = metric.role == Role::critical;
    series.relative_margin = metric.margin.relative;
    if (metric.kind != MetricKind::samples) {
      series.control = plain(metric, baseline_);
      series.experiment = plain(metric, canary_);
      all.push_back(std::move(series));
      return;
    }
    add_quantiles(metric, series, all);
  }

 private:
  void add_quantiles(const MetricPolicy& metric, const KayentaSeries& series,
                     std::vector<KayentaSeries>& all) const {
    const std::vector<double> wanted =
        metric.quantiles.empty() ? std::vector<double>{0.5, 0.95, 0.99} : metric.quantiles;
    const Steps control = by_step(baseline_.find(metric.name), span_);
    const Steps experiment = by_step(canary_.find(metric.name), span_);
    for (const double quantile : wanted) {
      KayentaSeries one = series;
      one.name = fmt::format("{} p{:g}", metric.name, quantile * 100);
      one.control = quantiles(control, quantile);
      one.experiment = quantiles(experiment, quantile);
      all.push_back(std::move(one));
    }
  }

  [[nodiscard]] std::vector<double> plain(const MetricPolicy& metric,
                                          const ObservationTable& table) const {
    const Steps values = by_step(table.find(metric.name), span_);
    if (metric.kind == MetricKind::gauge) return means(values);
    const ObservationColumn* exposure =
        metric.exposure.empty() ? nullptr : table.find(metric.exposure);
    return rates(values, by_step(exposure, span_), exposure == nullptr);
  }

  const ObservationTable& baseline_;
  const ObservationTable& canary_;
  StepSpan span_;
};

kayenta::MetricRule rule_of(const KayentaSeries& series, KayentaLimits limits) {
  kayenta::MetricRule rule;
  rule.direction = series.worse == Worse::higher  ? kayenta::Direction::increase
                   : series.worse == Worse::lower ? kayenta::Direction::decrease
                                                  : kayenta::Direction::either;
  rule.critical = series.critical;
  if (limits == KayentaLimits::defaults || !series.relative_margin) return rule;
  rule.limits.allowed_increase = rule.limits.critical_increase = 1 + *series.relative_margin;
  rule.limits.allowed_decrease = rule.limits.critical_decrease = 1 - *series.relative_margin;
  return rule;
}

}  // namespace

std::vector<KayentaSeries> kayenta_series(const JudgePolicy& policy,
                                          const ObservationTable& baseline,
                                          const ObservationTable& canary, const StepSpan& span) {
  std::vector<KayentaSeries> all;
  const SeriesMaker maker(baseline, canary, span);
  for (const MetricPolicy& metric : policy.metrics) maker.add(metric, all);
  return all;
}

Decision kayenta_decision(const std::vector<KayentaSeries>& series, KayentaLimits limits) {
  std::vector<kayenta::ScoredMetric> metrics;
  for (const KayentaSeries& one : series) {
    if (one.control.empty()) return Decision::inconclusive;
    const kayenta::Classified classified =
        kayenta::classify(one.name, rule_of(one, limits), one.control, one.experiment);
    metrics.push_back({classified.label, classified.critical, {"release"}, ""});
  }
  if (metrics.empty()) return Decision::inconclusive;
  const kayenta::Score score = kayenta::score(metrics, {}, {kayenta_pass, kayenta_marginal});
  if (score.label == kayenta::ScoreLabel::pass) return Decision::promote;
  return score.label == kayenta::ScoreLabel::fail ? Decision::rollback : Decision::inconclusive;
}

}  // namespace haldane::analysis
