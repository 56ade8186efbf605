// The page of `haldane power`: power curves, time to decide, the comparison with Kayenta's rule and
// the recommendation, in one file that needs no network.
#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "analysis/report/html_sections.h"
#include "analysis/report/number_format.h"
#include "analysis/report/plot/svg.h"
#include "cli/power/power_effects.h"
#include "cli/power/power_result.h"
#include "cli/power/power_words.h"

namespace haldane::cli {
namespace {

using analysis::CountedShare;
using analysis::Decision;
using analysis::JudgeSummary;
using analysis::section_title;
using analysis::StudiedJudge;
using analysis::plot::escape;
using analysis::plot::Line;
using analysis::plot::LineChart;
using analysis::plot::Point;

std::string paragraph(const std::string& text, const char* css = "meta") {
  return fmt::format("<p class=\"{}\">{}</p>\n", css, escape(text));
}

// -- Over time ------------------------------------------------------------------------------------

// Minutes where the window has several, so that ticks stay short.
struct TimeUnit {
  double seconds = 1;
  const char* name = "s";
};

TimeUnit time_unit(const analysis::LookSchedule& schedule) {
  return schedule.looks_s.back() - schedule.begin_s > 300 ? TimeUnit{60, "min"} : TimeUnit{};
}

// Shares of the runs that had a decision at each look or before, as steps from zero.
Line decided_line(const std::vector<std::int64_t>& by_look, std::int64_t runs,
                  const analysis::LookSchedule& schedule) {
  const TimeUnit unit = time_unit(schedule);
  Line line;
  line.steps = true;
  line.points.push_back({0, 0});
  for (std::size_t i = 0; i < by_look.size(); ++i) {
    const double share = 100 * static_cast<double>(by_look[i]) / static_cast<double>(runs);
    line.points.push_back({(schedule.looks_s[i] - schedule.begin_s) / unit.seconds, share});
  }
  return line;
}

LineChart chart_over_time(const PowerResult& result, std::string title) {
  LineChart chart;
  chart.title = std::move(title);
  chart.x_label = fmt::format("{} since the canary began", time_unit(result.schedule).name);
  chart.y_label = "% of runs";
  chart.y_max = 100;
  return chart;
}

void colour(LineChart& chart) {
  for (std::size_t i = 0; i < chart.lines.size(); ++i) {
    chart.lines[i].color = static_cast<int>(i % 6) + 1;
    chart.lines[i].dashed = (i + i / 6) % 2 == 1;  // a colour comes again in the other style
  }
}

/// One line a release: how many were decided so, by our judge, and when.
std::string our_decisions(const PowerResult& result, Decision decision) {
  const bool rollback = decision == Decision::rollback;
  LineChart chart = chart_over_time(
      result, rollback ? "Rolled back by haldane, by release" : "Promoted by haldane, by release");
  for (const PowerCase& one : result.cases) {
    const JudgeSummary& own = one.summary.of(StudiedJudge::own);
    if (one.summary.runs == 0) continue;
    chart.lines.push_back(decided_line(rollback ? own.rollback_by_look : own.promote_by_look,
                                       one.summary.runs, result.schedule));
    chart.lines.back().name = one.effect;
    const CountedShare& counted = rollback ? own.rollback : own.promote;
    chart.description += fmt::format("{}: {} % at the end. ", one.effect, percent(counted));
  }
  colour(chart);
  return analysis::figure(chart);
}

/// One release: our judge beside the one of Kayenta's that may end the canary early. Those that are
/// asked once, at the end, are in the table.
std::string judges_compared(const PowerResult& result, const PowerCase& one) {
  if (one.summary.runs == 0) return "";
  LineChart chart = chart_over_time(result, case_title(one, result.runs));
  const auto add = [&](StudiedJudge judge, Decision decision) {
    const JudgeSummary& summary = one.summary.of(judge);
    const bool rollback = decision == Decision::rollback;
    const std::string name = judge_title(judge) + (rollback ? ", rolled back" : ", promoted");
    chart.lines.push_back(
        decided_line(rollback ? summary.rollback_by_look : summary.promote_by_look,
                     one.summary.runs, result.schedule));
    chart.lines.back().name = name;
    chart.description += fmt::format("{}: {} % at the end. ", name,
                                     percent(rollback ? summary.rollback : summary.promote));
  };
  add(StudiedJudge::own, Decision::rollback);
  add(StudiedJudge::own, Decision::promote);
  add(StudiedJudge::kayenta_every_look, Decision::rollback);
  colour(chart);
  return analysis::figure(chart);
}

// -- Curves ---------------------------------------------------------------------------------------

void add_share(double x, const CountedShare& counted, Line& line) {
  if (counted.runs == 0) return;
  const analysis::ShareInterval interval = analysis::share_interval(counted);
  line.points.push_back({x, 100 * counted.share()});
  line.band.push_back({x, 100 * interval.low, 100 * interval.high});
}

void sort_by_x(Line& line) {
  const auto by_x = [](const auto& a, const auto& b) { return a.x < b.x; };
  std::sort(line.points.begin(), line.points.end(), by_x);
  std::sort(line.band.begin(), line.band.end(), by_x);
}

/// Power against the size of the effect, where one kind was studied at several sizes; at 0 the
/// release that changes nothing.
std::string effect_curve(const PowerResult& result, CanaryEffect::Kind kind,
                         const std::string& name) {
  LineChart chart;
  chart.title = fmt::format("Rolled back, by size of {}", name);
  chart.x_label = fmt::format("{}, %", name);
  chart.y_label = "% of runs";
  chart.y_max = 100;
  std::size_t sizes = 0;
  for (std::size_t judge = 0; judge < analysis::studied_judges; ++judge) {
    Line line;
    line.name = judge_title(static_cast<StudiedJudge>(judge));
    for (const PowerCase& one : result.cases) {
      const auto effect = parse_effect(one.effect);
      const bool of_kind = effect && effect->kind == kind;
      if (!of_kind && one.effect != "none") continue;
      add_share(of_kind ? 100 * effect->size : 0, one.summary.judges[judge].rollback, line);
    }
    sizes = std::max(sizes, line.points.size());
    sort_by_x(line);
    if (judge > 0) line.band.clear();
    chart.lines.push_back(std::move(line));
  }
  colour(chart);
  chart.description =
      "Shares of the runs that each judge rolled back; the band is haldane's 95 % "
      "interval.";
  return sizes > 2 ? analysis::figure(chart) : "";
}

std::string effect_curves(const PowerResult& result) {
  using Kind = CanaryEffect::Kind;
  std::string figures;
  for (const auto& [kind, name] :
       {std::pair(Kind::latency, "latency"), std::pair(Kind::tail, "tail"),
        std::pair(Kind::errors, "errors"), std::pair(Kind::queue, "queue"),
        std::pair(Kind::bimodal, "bimodal")}) {
    figures += effect_curve(result, kind, name);
  }
  return figures;
}

/// Right verdicts against the canary's share, of the trials with the window that was asked about.
std::string share_curve(const PowerResult& result) {
  if (!result.advice) return "";
  LineChart chart;
  chart.title = "Right verdicts, by share of the canary";
  chart.x_label = "% of the requests that the canary gets";
  chart.y_label = "% of runs";
  chart.y_max = 100;
  const double window_s = result.schedule.looks_s.back() - result.schedule.begin_s;
  std::size_t shares = 0;
  for (std::size_t i = 0; i < result.advice->trials.front().cases.size(); ++i) {
    Line line;
    line.name = result.advice->trials.front().cases[i].effect;
    line.name += i == 0 ? " promoted" : " rolled back";
    for (const PowerTrial& trial : result.advice->trials) {
      if (std::abs(trial.window_s - window_s) > 1e-6 * window_s || i >= trial.cases.size())
        continue;
      const JudgeSummary& own = trial.cases[i].summary.of(StudiedJudge::own);
      add_share(100 * trial.share, i == 0 ? own.promote : own.rollback, line);
    }
    shares = std::max(shares, line.points.size());
    sort_by_x(line);
    if (i > 0) line.band.clear();
    chart.lines.push_back(std::move(line));
  }
  colour(chart);
  chart.description = "Each point was simulated; the band is the 95 % interval of the first line.";
  return shares > 1 ? analysis::figure(chart) : "";
}

// -- Tables ---------------------------------------------------------------------------------------

std::string table(const std::vector<std::string>& numbers, const char* first,
                  const std::string& rows) {
  std::string html = fmt::format("<div class=\"scroll\"><table>\n<thead><tr><th>{}</th>", first);
  for (const std::string& name : numbers) html += fmt::format("<th class=\"n\">{}</th>", name);
  return html + "</tr></thead>\n<tbody>\n" + rows + "</tbody></table></div>\n";
}

std::string group(const std::string& title, std::size_t columns) {
  return fmt::format("<tr class=\"tier\"><th colspan=\"{}\">{}</th></tr>\n", columns,
                     escape(title));
}

std::string row(const std::string& name, const std::vector<std::string>& numbers) {
  std::string html = fmt::format("<tr><td>{}</td>", escape(name));
  for (const std::string& number : numbers)
    html += fmt::format("<td class=\"n\">{}</td>", escape(number));
  return html + "</tr>\n";
}

std::string decisions_table(const PowerResult& result) {
  const std::vector<std::string> columns = {"rolled back, %", "95 % interval",   "promoted, %",
                                            "undecided, %",   "half decided in", "90 % in"};
  std::string rows;
  for (const PowerCase& one : result.cases) {
    rows += group(case_title(one, result.runs), columns.size() + 1);
    for (const JudgeSummary& judge : one.summary.judges) {
      rows +=
          row(judge_title(judge.judge), {percent(judge.rollback), interval(judge.rollback),
                                         percent(judge.promote), percent(judge.inconclusive),
                                         seconds(judge.decide_s_p50), seconds(judge.decide_s_p90)});
    }
  }
  return table(columns, "judge", rows);
}

std::string effects_list(const PowerResult& result) {
  std::string html = "<ul>\n";
  for (const PowerCase& one : result.cases) {
    std::string changes;
    for (const analysis::EntrySummary& entry : one.summary.entries) {
      changes += fmt::format("{}{}", changes.empty() ? "" : ", ", effect_text(entry));
    }
    html += fmt::format("<li><b>{}</b> <span class=\"meta\">({})</span>: {}</li>\n",
                        escape(one.effect), escape(one.change), escape(changes));
  }
  return html + "</ul>\n";
}

std::string trials_table(const PowerAdvice& advice) {
  std::string rows;
  for (const PowerTrial& trial : advice.trials) {
    const std::string verdict = !trial.impossible.empty() ? "not possible: " + trial.impossible
                                : trial.enough            ? "enough by " + seconds(trial.decided_s)
                                                          : "not enough";
    rows += group(fmt::format("canary share {}, {}: {}", plain_percent(trial.share),
                              analysis::format_seconds(trial.window_s), verdict),
                  4);
    for (std::size_t i = 0; i < trial.cases.size(); ++i) {
      const JudgeSummary& own = trial.cases[i].summary.of(StudiedJudge::own);
      const CountedShare& right = i == 0 ? own.promote : own.rollback;
      rows += row(trial.cases[i].effect + (i == 0 ? " promoted" : " rolled back"),
                  {percent(right), interval(right), std::to_string(right.runs)});
    }
  }
  return table({"right, %", "95 % interval", "runs"}, "release", rows);
}

std::string advice_section(const PowerResult& result) {
  if (!result.advice) return "";
  const PowerAdvice& advice = *result.advice;
  std::string html = section_title("Recommendation") +
                     fmt::format("<p class=\"{}\"><b>{}</b></p>\n", advice.chosen ? "good" : "bad",
                                 escape(recommendation(advice)));
  html += trials_table(advice);
  if (!advice.harmless.empty()) {
    html += paragraph(fmt::format(
        "Not asked to be rolled back, since no deciding metric moves beyond its margin: {}.",
        fmt::join(advice.harmless, ", ")));
  }
  html += section_title(fmt::format("Margins for {} in the window that was asked about",
                                    plain_percent(advice.power))) +
          "<ul>\n";
  for (const analysis::EntryMargin& entry : advice.margins.entries)
    html += "<li>" + escape(margin_line(entry)) + "</li>\n";
  html += "</ul>\n";
  const std::string check = margins_check(advice);
  return check.empty() ? html : html + paragraph(check);
}

// -- The page -------------------------------------------------------------------------------------

std::string tile(const std::string& label, const std::string& value, const std::string& note) {
  return fmt::format("<div class=\"tile\"><span>{}</span><b>{}</b><span>{}</span></div>\n",
                     escape(label), escape(value), escape(note));
}

std::string tiles(const PowerResult& result) {
  const JudgeSummary& same = result.cases.front().summary.of(StudiedJudge::own);
  std::string html = "<div class=\"tiles\">\n";
  html += tile("false alarms", percent(same.rollback) + " %",
               fmt::format("alpha {}, {}", plain_percent(result.alpha), interval(same.rollback)));
  html +=
      tile("none promoted", percent(same.promote) + " %", "half in " + seconds(same.decide_s_p50));
  for (const PowerCase& one : result.cases) {
    if (one.summary.expected != Decision::rollback || one.effect == "none") continue;
    const JudgeSummary& own = one.summary.of(StudiedJudge::own);
    html += tile(one.effect + " found", percent(own.rollback) + " %",
                 "half in " + seconds(own.decide_s_p50));
  }
  return html + "</div>\n";
}

}  // namespace

std::string power_page(const PowerResult& result) {
  std::string html =
      fmt::format("<h1>Power of {}</h1>\n", escape(result.policy)) + paragraph(heading(result));
  for (const std::string& warning : warnings(result)) html += paragraph(warning, "warn");
  html += tiles(result) + advice_section(result);
  html += section_title("Power and time to decide") + "<div class=\"figures\">\n" +
          our_decisions(result, Decision::rollback) + our_decisions(result, Decision::promote) +
          effect_curves(result) + share_curve(result) + "</div>\n";
  html += section_title("Beside Kayenta's rule, on the same runs") + "<div class=\"figures\">\n";
  for (const PowerCase& one : result.cases) html += judges_compared(result, one);
  html += "</div>\n" + section_title("All decisions") + decisions_table(result);
  html +=
      section_title("What the releases change, on average over the runs") + effects_list(result);
  return analysis::html_page("haldane: power of " + result.policy, html);
}

}  // namespace haldane::cli
