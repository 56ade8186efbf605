#include <algorithm>
#include <cmath>

#include "analysis/ingest/observation_table.h"
#include "analysis/judge/judge.h"
#include "analysis/kayenta/remote/judge_request.h"

namespace haldane::analysis::kayenta {
namespace {

// Steps without a place in time are numbered by minutes: arms then pair by position.
constexpr double unknown_step_s = 60;

ObservationTable table_of(const MetricPair& pair, const ArmSeries& arm, bool placed,
                          NanStrategy strategy) {
  ObservationColumn column;
  column.name = pair.name;
  const double start = placed ? *arm.start_s : 0;
  const double step = placed ? *arm.step_s : unknown_step_s;
  for (std::size_t i = 0; i < arm.values.size(); ++i) {
    double value = arm.values[i];
    if (std::isnan(value) && strategy == NanStrategy::replace) value = 0;
    if (std::isnan(value)) {
      ++column.nan_cells;
      continue;
    }
    column.values.push_back(value);
    column.times_s.push_back(start + step * static_cast<double>(i));
  }
  ObservationTable table;
  table.has_timestamps = true;
  table.rows = static_cast<std::int64_t>(arm.values.size());
  table.columns.push_back(std::move(column));
  return table;
}

bool is_placed(const ArmSeries& arm) {
  return arm.start_s && arm.step_s;
}

// The effect size that somebody chose is the change that they still accept. CLES is a probability,
// which says nothing about how far a mean may move.
Margin margin_of(const MetricConfig& config) {
  Margin margin;
  if (config.rule.measure == EffectMeasure::cles) return margin;
  double widest = 0;
  if (config.rule.direction != Direction::decrease && config.allowed_increase) {
    widest = std::max(widest, *config.allowed_increase - 1);
  }
  if (config.rule.direction != Direction::increase && config.allowed_decrease) {
    widest = std::max(widest, 1 - *config.allowed_decrease);
  }
  if (widest > 0) margin.relative = widest;
  return margin;
}

Worse worse_of(Direction direction) {
  if (direction == Direction::increase) return Worse::higher;
  return direction == Direction::decrease ? Worse::lower : Worse::either;
}

}  // namespace

OwnDecision own_decision(const MetricConfig& config, const MetricPair& pair) {
  const bool placed = is_placed(pair.control) && is_placed(pair.experiment);
  JudgePolicy policy;
  MetricPolicy metric;
  metric.name = pair.name;
  metric.kind = MetricKind::gauge;
  metric.worse = worse_of(config.rule.direction);
  metric.margin = margin_of(config);
  policy.metrics.push_back(metric);
  const NanStrategy strategy = config.rule.nan_strategy;
  const Verdict verdict = judge(policy, table_of(pair, pair.control, placed, strategy),
                                table_of(pair, pair.experiment, placed, strategy));
  OwnDecision own;
  own.decision = verdict.decision;
  if (!verdict.metrics.empty()) own.evidence = verdict.metrics.front();
  own.notes = verdict.assumptions;
  if (!verdict.reasons.empty()) own.why = verdict.reasons.front();
  return own;
}

}  // namespace haldane::analysis::kayenta
