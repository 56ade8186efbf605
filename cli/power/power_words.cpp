#include "cli/power/power_words.h"

#include <cmath>

#include <fmt/format.h>

#include "analysis/report/number_format.h"
#include "analysis/report/verdict_report.h"

namespace haldane::cli {

using analysis::CountedShare;
using analysis::Decision;
using analysis::format_seconds;
using analysis::StudiedJudge;

namespace {

std::string entry_name(const analysis::EntryInfo& info) {
  return info.quantile ? info.name + " " + analysis::quantile_name(*info.quantile) : info.name;
}

}  // namespace

std::string percent(double share) {
  return analysis::format_fixed(share * 100, 1);
}

std::string percent(const CountedShare& counted) {
  return counted.runs > 0 ? percent(counted.share()) : "-";
}

std::string interval(const CountedShare& counted) {
  const analysis::ShareInterval bounds = analysis::share_interval(counted);
  return percent(bounds.low) + " .. " + percent(bounds.high);
}

std::string seconds(const std::optional<double>& value) {
  return value ? format_seconds(std::round(*value)) : "-";
}

std::string plain_percent(double share) {
  return fmt::format("{:g} %", share * 100);
}

std::string margin_text(double margin, analysis::Evidence::Scale scale) {
  return scale == analysis::Evidence::Scale::relative ? fmt::format("{:.3g} %", margin * 100)
                                                      : fmt::format("{:.4g}", margin);
}

std::string judge_title(StudiedJudge judge) {
  switch (judge) {
    case StudiedJudge::own:
      return "haldane";
    case StudiedJudge::kayenta:
      return "Kayenta, at the end";
    case StudiedJudge::kayenta_margins:
      return "Kayenta, with our margins";
    case StudiedJudge::kayenta_every_look:
      return "Kayenta, at every look";
    case StudiedJudge::count:
      break;
  }
  return "";
}

std::string heading(const PowerResult& result) {
  const analysis::LookSchedule& schedule = result.schedule;
  const double window_s = schedule.looks_s.back() - schedule.begin_s;
  return fmt::format(
      "{} judged by {}: {} simulated releases of each kind (seed {}). The canary gets {} of the "
      "requests for {} after a warm-up of {}; {} looks; about {} latencies are seen. Kayenta sees "
      "a value every {}.",
      result.scenario, result.policy, result.runs, result.seed, plain_percent(result.share),
      format_seconds(window_s), format_seconds(result.warmup_s), schedule.looks_s.size(),
      analysis::format_fixed(result.latencies, 0), format_seconds(schedule.step_s));
}

std::string case_title(const PowerCase& one, std::uint32_t asked) {
  std::string title = one.effect == "none" ? "none: false alarms (A/A)" : one.effect;
  if (one.effect != "none") {
    title += one.summary.expected == Decision::rollback ? ": should be rolled back"
                                                        : ": not clearly beyond a margin";
  }
  if (one.summary.runs < asked) title += fmt::format(" ({} of {} runs)", one.summary.runs, asked);
  return title;
}

std::string effect_text(const analysis::EntrySummary& entry) {
  std::string text = entry_name(entry.info) + " ";
  text += entry.effect ? analysis::format_change(*entry.effect, entry.scale) : "-";
  if (entry.beyond) text += fmt::format(" (beyond {})", margin_text(entry.margin, entry.scale));
  return text;
}

std::string recommendation(const PowerAdvice& advice) {
  if (advice.chosen) {
    const PowerTrial& chosen = advice.trials[*advice.chosen];
    return fmt::format("For {} right verdicts: a canary share of {} for {}.",
                       plain_percent(advice.power), plain_percent(chosen.share),
                       seconds(chosen.decided_s));
  }
  return fmt::format("No share and window that were tried give {} right verdicts.",
                     plain_percent(advice.power));
}

std::string margin_line(const analysis::EntryMargin& entry) {
  std::string line =
      fmt::format("{}, now {}:", entry_name(entry.info), margin_text(entry.margin, entry.scale));
  const bool critical = entry.info.role == analysis::Role::critical;
  if (critical) {
    line += entry.at_least ? fmt::format(" at least {} to promote an unchanged release",
                                         margin_text(*entry.at_least, entry.scale))
                           : std::string(" an unchanged release is not shown inside any");
  }
  for (std::size_t i = 0; i < entry.limits.size(); ++i) {
    line += i == 0 ? (critical ? "; at most " : " at most ") : ", ";
    line += fmt::format("{} to roll back {}", margin_text(*entry.limits[i].at_most, entry.scale),
                        entry.limits[i].effect);
  }
  if (!critical && entry.limits.empty()) line += " no effect is shown beyond any";
  return line;
}

std::string margins_check(const PowerAdvice& advice) {
  const CountedShare& checked = advice.margins.checked;
  if (checked.runs == 0) return "";
  return fmt::format(
      "Checked on the {} runs that they were not found on: {} % of the unchanged "
      "releases are inside all (95 % interval {}).",
      checked.runs, percent(checked), interval(checked));
}

std::vector<std::string> warnings(const PowerResult& result) {
  std::vector<std::string> lines = result.notes;
  if (result.partial) lines.insert(lines.begin(), "Stopped: these are the runs that had finished.");
  const auto& alarms = result.cases.front().summary.of(StudiedJudge::own).rollback;
  if (analysis::share_interval(alarms).low > result.alpha) {
    lines.push_back(fmt::format(
        "The false alarms of unchanged releases exceed alpha ({}). Pools of different size also "
        "differ in their queues: see the effects of none.",
        plain_percent(result.alpha)));
  }
  return lines;
}

}  // namespace haldane::cli
