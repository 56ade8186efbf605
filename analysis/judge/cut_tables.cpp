#include "analysis/judge/cut_tables.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "analysis/ingest/sketch_strata.h"

namespace haldane::analysis {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

ObservationColumn rows_between(const ObservationColumn& column, double begin_s, double end_s) {
  ObservationColumn part;
  part.name = column.name;
  for (std::size_t i = 0; i < column.values.size(); ++i) {
    if (column.times_s[i] < begin_s || column.times_s[i] >= end_s) continue;
    part.values.push_back(column.values[i]);
    part.times_s.push_back(column.times_s[i]);
  }
  return part;
}

ObservationTable between(const ObservationTable& table, double begin_s, double end_s) {
  ObservationTable part;
  part.has_timestamps = table.has_timestamps;
  for (const ObservationColumn& column : table.columns) {
    part.columns.push_back(column.strata ? compacted_between(column, begin_s, end_s)
                                         : rows_between(column, begin_s, end_s));
  }
  return part;
}

bool is_timed(const ObservationTable& table) {
  return std::all_of(table.columns.begin(), table.columns.end(), [](const ObservationColumn& c) {
    return c.bins.empty() && (!c.sketch || c.strata) && c.summary.empty() &&
           c.times_s.size() == c.values.size();
  });
}

double first_time(const ObservationTable& table) {
  double first = infinity;
  for (const ObservationColumn& column : table.columns) {
    if (column.sketch && column.sketch->is_timed())
      first = std::min(first, column.sketch->time_range().first);
    for (const double time_s : column.times_s) first = std::min(first, time_s);
  }
  return first;
}

}  // namespace

bool can_be_cut(const ObservationTable& baseline, const ObservationTable& canary) {
  return is_timed(baseline) && is_timed(canary);
}

double first_time(const ObservationTable& baseline, const ObservationTable& canary) {
  return std::min(first_time(baseline), first_time(canary));
}

std::vector<double> moments_of_cuts(const JudgePolicy& policy, double begin_s) {
  std::vector<double> moments;
  if (policy.pre_period_s > 0) {
    begin_s += policy.pre_period_s;
    moments.push_back(begin_s);
  }
  for (std::size_t i = 1; i < policy.steps.size(); ++i) {
    moments.push_back(begin_s + policy.steps[i].after_s);
  }
  return moments;
}

std::vector<StepTables> cut_into_steps(const JudgePolicy& policy, const ObservationTable& baseline,
                                       const ObservationTable& canary) {
  std::vector<StepTables> steps;
  const double begin_s = baseline.begins_s.value_or(first_time(baseline, canary));
  for (std::size_t i = 0; i < policy.steps.size(); ++i) {
    const double counted_from_s = begin_s + policy.steps[i].after_s;
    const double from_s = i == 0 ? -infinity : counted_from_s;
    const double to_s =
        i + 1 < policy.steps.size() ? begin_s + policy.steps[i + 1].after_s : infinity;
    StepTables& step = steps.emplace_back(
        StepTables{between(baseline, from_s, to_s), between(canary, from_s, to_s)});
    step.baseline.begins_s = step.canary.begins_s = counted_from_s;
  }
  return steps;
}

}  // namespace haldane::analysis
