#include "analysis/judge/metric_case.h"

#include <iterator>

namespace haldane::analysis {
namespace {

constexpr double default_quantiles[] = {0.5, 0.95, 0.99};

}  // namespace

std::optional<Scaled> choose_scale(const Margin& margin, bool positive) {
  if (margin.relative && positive) return Scaled{Evidence::Scale::relative, *margin.relative};
  if (margin.absolute) return Scaled{Evidence::Scale::absolute, *margin.absolute};
  return std::nullopt;
}

bool has_observations(const ColumnPair& columns) {
  return columns.baseline && columns.canary && observations_in(*columns.baseline) > 0 &&
         observations_in(*columns.canary) > 0;
}

Effect impossible(std::string why) {
  Effect effect;
  effect.method = "none";
  effect.obstacle = std::move(why);
  return effect;
}

MetricCase::MetricCase(const JudgePolicy& policy, const MetricPolicy& metric,
                       const ErrorShare& share, const TablePair& tables, const Steps& steps,
                       const TablePair* before)
    : policy_(policy),
      metric_(metric),
      share_(share),
      tables_(tables),
      steps_(steps),
      before_(before),
      columns_(columns_of(tables, metric.name)) {}

MetricCase MetricCase::before_release() const {
  static const Steps none;
  return {policy_, metric_, share_, *before_, none, nullptr};
}

std::vector<ColumnPair> MetricCase::column_parts(const std::string& name) const {
  if (!steps_) return {columns_of(tables_, name)};
  std::vector<ColumnPair> parts;
  for (const StepTables& step : *steps_) {
    const TablePair tables{step.baseline, step.canary};
    const ColumnPair pair = columns_of(tables, metric_.name);
    if (has_observations(pair)) parts.push_back(columns_of(tables, name));
  }
  return parts;
}

bool MetricCase::by_quantile() const {
  return metric_.kind == MetricKind::samples &&
         (mode() != Mode::fixed || !metric_.test || *metric_.test == FixedTest::quantile);
}

std::vector<std::optional<double>> MetricCase::quantiles() const {
  if (!by_quantile()) return {std::nullopt};
  if (metric_.quantiles.empty())
    return {std::begin(default_quantiles), std::end(default_quantiles)};
  return {metric_.quantiles.begin(), metric_.quantiles.end()};
}

Evidence MetricCase::entry(std::optional<double> quantile) const {
  Evidence evidence;
  evidence.name = metric_.name;
  evidence.quantile = quantile;
  evidence.role = metric_.role;
  evidence.kind = metric_.kind;
  if (columns_.baseline) {
    evidence.baseline.n = static_cast<std::int64_t>(observations_in(*columns_.baseline));
  }
  if (columns_.canary) {
    evidence.canary.n = static_cast<std::int64_t>(observations_in(*columns_.canary));
  }
  return evidence;
}

void MetricCase::add(Evidence evidence, const Effect& effect, std::optional<Scaled> scaled) {
  if (scaled) {
    evidence.scale = scaled->scale;
    evidence.margin = scaled->margin;
  } else if (metric_.margin.relative) {
    evidence.margin = *metric_.margin.relative;
  } else if (metric_.margin.absolute) {
    evidence.scale = Evidence::Scale::absolute;
    evidence.margin = *metric_.margin.absolute;
  }
  result_.assessments.push_back(assess(effect, std::move(evidence), metric_.worse, share_));
}

}  // namespace haldane::analysis
