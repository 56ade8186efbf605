// The tables of `haldane power` for people: who decided what how often, what the releases truly
// changed, and what is recommended.
#include <fmt/format.h>

#include "analysis/report/number_format.h"
#include "cli/power/power_result.h"
#include "cli/power/power_words.h"

namespace haldane::cli {
namespace {

using analysis::CountedShare;
using analysis::format_seconds;
using analysis::StudiedJudge;
using analysis::TextStyle;
using analysis::TextTable;

std::string decisions_table(const PowerResult& result, const TextStyle& style) {
  TextTable table({{"% of runs"},
                   {"rolled back", true},
                   {"95 % interval", true, 1},
                   {"promoted", true},
                   {"undecided", true, 2},
                   {"decided in", true, 3},
                   {"90 % in", true, 4}});
  for (const PowerCase& one : result.cases) {
    table.add_group(case_title(one, result.runs));
    for (const analysis::JudgeSummary& judge : one.summary.judges) {
      table.add_row({judge_title(judge.judge), percent(judge.rollback), interval(judge.rollback),
                     percent(judge.promote), percent(judge.inconclusive),
                     seconds(judge.decide_s_p50), seconds(judge.decide_s_p90)});
    }
  }
  return table.render(style);
}

std::string effects_list(const PowerResult& result, const TextStyle& style) {
  std::string text = "What the releases change, on average over the runs:\n";
  for (const PowerCase& one : result.cases) {
    std::string line = fmt::format("  {} ({}): ", one.effect, one.change);
    for (std::size_t i = 0; i < one.summary.entries.size(); ++i) {
      line += (i > 0 ? ", " : "") + effect_text(one.summary.entries[i]);
    }
    text += analysis::fold_text(line, style.width, 4) + "\n";
  }
  return text;
}

std::string trials_table(const PowerAdvice& advice, const TextStyle& style) {
  TextTable table({{"release"}, {"right %", true}, {"95 % interval", true}, {"runs", true, 1}});
  for (const PowerTrial& trial : advice.trials) {
    const std::string verdict = !trial.impossible.empty() ? "not possible"
                                : trial.enough            ? "enough by " + seconds(trial.decided_s)
                                                          : "not enough";
    table.add_group(fmt::format("canary share {}, {}: {}", plain_percent(trial.share),
                                format_seconds(trial.window_s), verdict));
    for (std::size_t i = 0; i < trial.cases.size(); ++i) {
      const auto& judge = trial.cases[i].summary.of(StudiedJudge::own);
      const CountedShare& right = i == 0 ? judge.promote : judge.rollback;
      table.add_row({trial.cases[i].effect + (i == 0 ? " promoted" : " rolled back"),
                     percent(right), interval(right), std::to_string(right.runs)});
    }
  }
  return table.render(style);
}

std::string margins_list(const PowerAdvice& advice, const TextStyle& style) {
  std::string text = fmt::format("Margins for {} in the window that was asked about:\n",
                                 plain_percent(advice.power));
  for (const analysis::EntryMargin& entry : advice.margins.entries)
    text += analysis::fold_text("  " + margin_line(entry), style.width, 4) + "\n";
  const std::string check = margins_check(advice);
  if (!check.empty()) text += analysis::fold_text("  " + check, style.width, 4) + "\n";
  return text;
}

std::string advice_text(const PowerAdvice& advice, const TextStyle& style) {
  std::string text = analysis::fold_text(recommendation(advice), style.width, 2) + "\n\n" +
                     trials_table(advice, style) + "\n";
  for (const PowerTrial& trial : advice.trials) {
    if (trial.impossible.empty()) continue;
    text +=
        analysis::fold_text(fmt::format("  {}: {}", plain_percent(trial.share), trial.impossible),
                            style.width, 4) +
        "\n";
  }
  if (!advice.harmless.empty()) {
    text += analysis::fold_text(
                fmt::format("Not asked to be rolled back, since no deciding metric moves beyond "
                            "its margin: {}.",
                            fmt::join(advice.harmless, ", ")),
                style.width, 2) +
            "\n";
  }
  return text + "\n" + margins_list(advice, style);
}

std::string warnings_list(const PowerResult& result, const TextStyle& style) {
  std::string text;
  for (const std::string& line : warnings(result)) {
    text += analysis::fold_text(line, style.width, 2) + "\n";
  }
  return text.empty() ? text : "\n" + text;
}

}  // namespace

std::string power_text(const PowerResult& result, const TextStyle& style) {
  std::string text = analysis::fold_text(heading(result), style.width, 2) + "\n\n" +
                     decisions_table(result, style) + "\n" + effects_list(result, style);
  if (result.advice) text += "\n" + advice_text(*result.advice, style);
  return text + warnings_list(result, style);
}

}  // namespace haldane::cli
