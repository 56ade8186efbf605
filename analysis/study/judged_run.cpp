#include "analysis/study/judged_run.h"

#include <algorithm>

#include "analysis/judge/judge.h"
#include "analysis/study/kayenta_rule.h"

namespace haldane::analysis {
namespace {

ObservationColumn column_until(const ObservationColumn& column, double time_s) {
  const auto end = std::upper_bound(column.times_s.begin(), column.times_s.end(), time_s);
  ObservationColumn part;
  part.name = column.name;
  part.times_s.assign(column.times_s.begin(), end);
  part.values.assign(column.values.begin(), column.values.begin() + (end - column.times_s.begin()));
  return part;
}

ObservationTable table_until(const ObservationTable& table, double time_s) {
  ObservationTable part;
  part.path = table.path;
  part.has_timestamps = true;
  for (const ObservationColumn& column : table.columns) {
    part.columns.push_back(column_until(column, time_s));
    part.rows += static_cast<std::int64_t>(part.columns.back().values.size());
  }
  return part;
}

Worse worse_of(const JudgePolicy& policy, const std::string& name) {
  for (const MetricPolicy& metric : policy.metrics) {
    if (metric.name == name) return metric.worse;
  }
  return Worse::higher;
}

EntryReading reading_of(const Evidence& entry, Worse worse) {
  const auto turned = [](const std::optional<double>& value) {
    return value ? std::optional(-*value) : std::nullopt;
  };
  EntryReading reading{entry.scale, entry.margin, entry.estimate, entry.ci_high, entry.ci_low};
  if (worse == Worse::lower) {
    reading.inside = turned(entry.ci_low);
    reading.beyond = turned(entry.ci_high);
  } else if (worse == Worse::either) {
    const bool both = entry.ci_low && entry.ci_high;
    reading.inside = both ? std::optional(std::max(*entry.ci_high, -*entry.ci_low)) : std::nullopt;
    reading.beyond = both ? std::optional(std::max(*entry.ci_low, -*entry.ci_high)) : std::nullopt;
  }
  return reading;
}

StudiedDecision& of(JudgedRun& run, StudiedJudge judge) {
  return run.decisions[static_cast<std::size_t>(judge)];
}

/// What is decided first stands: the canary is over then.
void note(StudiedDecision& standing, Decision decision, std::size_t look) {
  if (standing.decision != Decision::inconclusive) return;
  standing = {decision, static_cast<std::uint32_t>(look)};
}

void ask_kayenta(const JudgePolicy& policy, const ObservationTable& baseline,
                 const ObservationTable& canary, const LookSchedule& schedule, std::size_t look,
                 JudgedRun& run) {
  const double until = schedule.looks_s[look];
  const auto series =
      kayenta_series(policy, baseline, canary, {schedule.begin_s, until, schedule.step_s});
  const Decision plain = kayenta_decision(series, KayentaLimits::defaults);
  const bool last = look + 1 == schedule.looks_s.size();
  // A pass before the end only lets the canary go on.
  if (last || plain == Decision::rollback)
    note(of(run, StudiedJudge::kayenta_every_look), plain, look);
  if (!last) return;
  note(of(run, StudiedJudge::kayenta), plain, look);
  note(of(run, StudiedJudge::kayenta_margins), kayenta_decision(series, KayentaLimits::margins),
       look);
}

}  // namespace

std::string_view judge_name(StudiedJudge judge) {
  switch (judge) {
    case StudiedJudge::own:
      return "haldane";
    case StudiedJudge::kayenta:
      return "kayenta";
    case StudiedJudge::kayenta_margins:
      return "kayenta_margins";
    case StudiedJudge::kayenta_every_look:
      return "kayenta_every_look";
    case StudiedJudge::count:
      break;
  }
  return "";
}

JudgedRun judge_run(const JudgePolicy& policy, const ObservationTable& baseline,
                    const ObservationTable& canary, const LookSchedule& schedule) {
  JudgedRun run;
  StudiedDecision& own = of(run, StudiedJudge::own);
  for (std::size_t look = 0; look < schedule.looks_s.size(); ++look) {
    const bool last = look + 1 == schedule.looks_s.size();
    ask_kayenta(policy, baseline, canary, schedule, look, run);
    const bool allowed = last || policy.mode == Mode::sequential;
    const bool wanted = last || own.decision == Decision::inconclusive;
    if (!allowed || !wanted) continue;
    const Verdict verdict = judge(policy, table_until(baseline, schedule.looks_s[look]),
                                  table_until(canary, schedule.looks_s[look]));
    note(own, verdict.decision, look);
    if (!last) continue;
    for (const Evidence& entry : verdict.metrics)
      run.entries.push_back(reading_of(entry, worse_of(policy, entry.name)));
  }
  return run;
}

// Without any data each entry is there all the same, undecided.
std::vector<EntryInfo> entry_infos(const JudgePolicy& policy) {
  std::vector<EntryInfo> infos;
  for (const Evidence& entry : judge(policy, {}, {}).metrics)
    infos.push_back({entry.name, entry.quantile, entry.role, worse_of(policy, entry.name)});
  return infos;
}

}  // namespace haldane::analysis
