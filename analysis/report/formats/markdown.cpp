#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "analysis/report/formats/pipeline_reports.h"
#include "analysis/report/formats/safe_text.h"
#include "analysis/report/number_format.h"
#include "analysis/report/verdict_report.h"

namespace haldane::analysis {
namespace {

// A character takes at most six bytes once it is escaped: 500 rows and some lists of 20 sentences
// stay below the 1 MiB that GitHub takes from a step.
constexpr std::size_t rows_max = 500;
constexpr std::size_t sentences_max = 20;
constexpr std::size_t name_characters_max = 200;
constexpr std::size_t sentence_characters_max = 600;

std::string list(const std::vector<std::string>& sentences) {
  std::string text;
  for (std::size_t i = 0; i < std::min(sentences.size(), sentences_max); ++i) {
    text += "- " + markdown_escape(shorten(sentences[i], sentence_characters_max)) + "\n";
  }
  if (sentences.size() > sentences_max) {
    text += fmt::format("- and {} more\n", sentences.size() - sentences_max);
  }
  return text;
}

std::string value_text(const std::optional<double>& value) {
  return value ? format_plain(*value) : "-";
}

std::string change_text(const std::optional<double>& change, Evidence::Scale scale) {
  return change && std::isfinite(*change) ? format_change(*change, scale) : "?";
}

std::string interval_text(const Evidence& e) {
  if (!e.ci_low && !e.ci_high) return "";
  return fmt::format("[{}, {}]", change_text(e.ci_low, e.scale), change_text(e.ci_high, e.scale));
}

std::string outcome_text(const Evidence& e) {
  switch (e.outcome) {
    case Evidence::Outcome::beyond_margin:
      return "**beyond margin**";
    case Evidence::Outcome::within_margin:
      return "within margin";
    case Evidence::Outcome::undecided:
      return "undecided";
    case Evidence::Outcome::reported:
      break;
  }
  return "reported";
}

std::string row(const Evidence& e) {
  return fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} |\n",
                     markdown_escape(shorten(evidence_name(e), name_characters_max)),
                     role_name(e.role), value_text(e.baseline.value), value_text(e.canary.value),
                     e.estimate ? change_text(e.estimate, e.scale) : "-", interval_text(e),
                     format_change(e.margin, e.scale).substr(1), outcome_text(e));
}

std::string table(const Verdict& verdict) {
  if (verdict.metrics.empty()) return "";
  std::string text =
      "\n| metric | role | baseline | canary | change | interval | margin | verdict |\n"
      "|---|---|---:|---:|---:|---:|---:|---|\n";
  const std::size_t rows = std::min(verdict.metrics.size(), rows_max);
  for (std::size_t i = 0; i < rows; ++i) text += row(verdict.metrics[i]);
  if (verdict.metrics.size() > rows) {
    text += fmt::format("\nand {} more metrics\n", verdict.metrics.size() - rows);
  }
  return text;
}

std::string needs(const Verdict& verdict) {
  if (verdict.decision != Decision::inconclusive || !verdict.needs.requests) return "";
  std::string text =
      fmt::format("\nNeeds about {} more requests", format_short(*verdict.needs.requests));
  if (verdict.needs.minutes) text += ", about " + format_seconds(*verdict.needs.minutes * 60);
  return text + " for a decision.\n";
}

std::string details(std::string_view title, const std::string& body) {
  if (body.empty()) return "";
  return fmt::format("\n<details><summary>{}</summary>\n\n{}\n</details>\n", title, body);
}

std::string inputs(const Verdict& verdict) {
  std::string text;
  for (std::size_t i = 0; i < std::min(verdict.inputs.size(), sentences_max); ++i) {
    text += fmt::format("- {} sha256 {}\n",
                        markdown_escape(shorten(verdict.inputs[i].path, sentence_characters_max)),
                        markdown_escape(shorten(verdict.inputs[i].sha256, name_characters_max)));
  }
  return text;
}

}  // namespace

std::string verdict_markdown(const Verdict& verdict) {
  return "## Canary verdict: " + verdict_headline(verdict) + "\n\n" + list(verdict.reasons) +
         needs(verdict) + table(verdict) +
         details("where our own judge differs", list(difference_lines(verdict))) +
         details("assumed", list(verdict.assumptions)) + details("inputs", inputs(verdict));
}

}  // namespace haldane::analysis
