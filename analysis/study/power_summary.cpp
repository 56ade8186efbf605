#include "analysis/study/power_summary.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace haldane::analysis {
namespace {

/// The order statistic that at least `share` of the values do not exceed.
std::optional<double> order_statistic(std::vector<double>& values, double share) {
  if (values.empty()) return std::nullopt;
  std::sort(values.begin(), values.end());
  const double rank = std::ceil(share * static_cast<double>(values.size()) - 1e-9);
  return values[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

JudgeSummary summarize_judge(const std::vector<JudgedRun>& runs, StudiedJudge judge,
                             const LookSchedule& schedule) {
  JudgeSummary summary;
  summary.judge = judge;
  const auto all = static_cast<std::int64_t>(runs.size());
  summary.rollback.runs = summary.promote.runs = summary.inconclusive.runs = all;
  const std::size_t looks = schedule.looks_s.size();
  summary.rollback_by_look.assign(looks, 0);
  summary.promote_by_look.assign(looks, 0);
  std::vector<double> seconds;
  for (const JudgedRun& run : runs) {
    const StudiedDecision& said = run.decisions[static_cast<std::size_t>(judge)];
    if (said.decision == Decision::inconclusive) {
      ++summary.inconclusive.count;
      continue;
    }
    const bool bad = said.decision == Decision::rollback;
    ++(bad ? summary.rollback : summary.promote).count;
    auto& by_look = bad ? summary.rollback_by_look : summary.promote_by_look;
    for (std::size_t look = said.look; look < looks; ++look) ++by_look[look];
    seconds.push_back(schedule.looks_s[said.look] - schedule.begin_s);
  }
  summary.decide_s_p50 = order_statistic(seconds, 0.5);
  summary.decide_s_p90 = order_statistic(seconds, 0.9);
  return summary;
}

// By two standard errors, so that an effect as large as its margin is not taken for more by chance.
bool is_beyond(const EntrySummary& entry, double effect) {
  const double doubt = 2 * entry.standard_error.value_or(0);
  if (entry.info.worse == Worse::either) return std::abs(effect) - doubt > entry.margin;
  return (entry.info.worse == Worse::higher ? effect : -effect) - doubt > entry.margin;
}

void fill_effect(const std::vector<double>& estimates, EntrySummary& entry) {
  if (estimates.empty()) return;
  const auto n = static_cast<double>(estimates.size());
  double mean = 0;
  for (const double estimate : estimates) mean += estimate / n;
  entry.effect = mean;
  double squares = 0;
  for (const double estimate : estimates) squares += (estimate - mean) * (estimate - mean);
  if (estimates.size() > 1) entry.standard_error = std::sqrt(squares / (n - 1) / n);
  entry.beyond = is_beyond(entry, mean);
}

void choose_scale(const std::vector<JudgedRun>& runs, std::size_t index, EntrySummary& entry) {
  std::int64_t relative = 0;
  for (const JudgedRun& run : runs) {
    relative += run.entries[index].scale == Evidence::Scale::relative ? 1 : -1;
  }
  entry.scale = relative >= 0 ? Evidence::Scale::relative : Evidence::Scale::absolute;
  for (const JudgedRun& run : runs) {
    if (run.entries[index].scale == entry.scale) entry.margin = run.entries[index].margin;
  }
}

EntrySummary summarize_entry(const std::vector<JudgedRun>& runs, std::size_t index,
                             const EntryInfo& info) {
  constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
  EntrySummary entry;
  entry.info = info;
  choose_scale(runs, index, entry);
  std::vector<double> estimates;
  for (const JudgedRun& run : runs) {
    const EntryReading& reading = run.entries[index];
    const bool same = reading.scale == entry.scale;
    if (same && reading.estimate && std::isfinite(*reading.estimate))
      estimates.push_back(*reading.estimate);
    entry.inside.push_back(same ? reading.inside.value_or(nothing) : nothing);
    entry.beyond_of.push_back(same ? reading.beyond.value_or(nothing) : nothing);
  }
  fill_effect(estimates, entry);
  return entry;
}

}  // namespace

CaseSummary summarize(const std::vector<JudgedRun>& runs, const std::vector<EntryInfo>& infos,
                      const LookSchedule& schedule) {
  CaseSummary summary;
  summary.runs = static_cast<std::int64_t>(runs.size());
  for (std::size_t judge = 0; judge < studied_judges; ++judge) {
    summary.judges.push_back(summarize_judge(runs, static_cast<StudiedJudge>(judge), schedule));
  }
  for (std::size_t i = 0; i < infos.size(); ++i) {
    summary.entries.push_back(summarize_entry(runs, i, infos[i]));
    if (summary.entries.back().beyond && infos[i].role != Role::informational)
      summary.expected = Decision::rollback;
  }
  return summary;
}

std::optional<std::size_t> first_look_with(const JudgeSummary& summary, Decision decision,
                                           double share) {
  const bool bad = decision == Decision::rollback;
  const auto& by_look = bad ? summary.rollback_by_look : summary.promote_by_look;
  const double needed = share * static_cast<double>(summary.rollback.runs) - 1e-9;
  for (std::size_t look = 0; look < by_look.size(); ++look) {
    if (summary.rollback.runs > 0 && static_cast<double>(by_look[look]) >= needed) return look;
  }
  return std::nullopt;
}

}  // namespace haldane::analysis
