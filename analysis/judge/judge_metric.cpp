#include "analysis/judge/judge_metric.h"

#include <fmt/format.h>

#include "analysis/ingest/column_sketch.h"
#include "analysis/judge/baseline_health.h"
#include "analysis/judge/compacted_arms.h"
#include "analysis/judge/metric_case.h"
#include "analysis/judge/metric_kinds.h"

namespace haldane::analysis {
namespace {

void note_left_out(const ObservationColumn* column, const char* arm, MetricCase& judged) {
  if (!column || column->nan_cells + column->infinite_cells == 0) return;
  judged.remark(fmt::format("{}, {}: {} NaN and {} infinite cells were left out", arm,
                            judged.metric().name, column->nan_cells, column->infinite_cells));
}

// A time that never ended is the slowest of all, and it is missing.
constexpr double infinite_share_max = 0.001;

void doubt_endless(const ObservationColumn* column, const char* arm, MetricCase& judged) {
  const MetricPolicy& metric = judged.metric();
  if (!column || metric.kind != MetricKind::samples || metric.role == Role::informational) return;
  const double endless = static_cast<double>(column->infinite_cells);
  if (endless <= infinite_share_max * (observations_in(*column) + endless)) return;
  judged.doubt(
      fmt::format("{}: not promoted where {} values of the {} are infinite: left out, they "
                  "may be the slowest",
                  metric.name, column->infinite_cells, arm));
}

std::string compaction_remark(const MetricCase& judged) {
  const auto slices = [](const ObservationColumn* column) {
    return column && column->sketch ? column->sketch->slices().size() : 0;
  };
  const ColumnPair& columns = judged.columns();
  return fmt::format(
      "{}: an arm of more than {} observations is kept as bins of about 0.05 % and {} slices; "
      "intervals allow for that",
      judged.metric().name, rows_kept_max,
      std::max(slices(columns.baseline), slices(columns.canary)));
}

std::string what_is_missing(const MetricCase& judged) {
  const auto is_empty = [](const ObservationColumn* c) {
    return !c || (c->values.empty() && bins_of(*c).empty() && c->summary.empty());
  };
  const bool no_b = is_empty(judged.columns().baseline);
  const bool no_c = is_empty(judged.columns().canary);
  if (no_b && no_c) return "neither arm has data";
  if (no_b) return "the baseline has no data";
  if (no_c) return "the canary has no data";
  if (!judged.steps()) return {};
  if (judged.steps()->empty() && is_compacted(judged.columns())) {
    return "compacted data cannot be cut into the policy's steps";
  }
  if (judged.steps()->empty()) return "the policy has steps, but not every value has its time";
  if (judged.column_parts().empty()) return "no step has data of both arms";
  return {};
}

void judge_by_kind(MetricCase& judged) {
  switch (judged.metric().kind) {
    case MetricKind::samples:
      has_bins(judged.columns()) ? judge_bins(judged) : judge_samples(judged);
      break;
    case MetricKind::ratio:
    case MetricKind::count:
      judge_rate(judged);
      break;
    case MetricKind::gauge:
      judge_gauge(judged);
      break;
  }
}

}  // namespace

MetricJudgement judge_metric(const JudgePolicy& policy, const MetricPolicy& metric,
                             const ErrorAllocation& allocation, const TablePair& tables,
                             const Steps& steps, const TablePair* before) {
  MetricCase judged(policy, metric, allocation.share_of(metric), tables, steps, before);
  note_left_out(judged.columns().baseline, "baseline", judged);
  note_left_out(judged.columns().canary, "canary", judged);
  doubt_endless(judged.columns().baseline, "baseline", judged);
  doubt_endless(judged.columns().canary, "canary", judged);
  if (is_compacted(judged.columns())) judged.remark(compaction_remark(judged));
  if (const std::string missing = what_is_missing(judged); !missing.empty()) {
    for (const std::optional<double>& quantile : judged.quantiles()) {
      judged.add(judged.entry(quantile), impossible(missing), {});
    }
  } else if (!report_summary(judged) && !refuse_bins(judged)) {
    judge_by_kind(judged);
    doubt_baseline(judged);
  }
  return judged.finish();
}

}  // namespace haldane::analysis
