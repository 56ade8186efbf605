#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "analysis/report/number_format.h"
#include "analysis/report/verdict_report.h"

namespace haldane::analysis {
namespace {

Emphasis emphasis_of(Decision decision) {
  switch (decision) {
    case Decision::promote:
      return Emphasis::good;
    case Decision::rollback:
      return Emphasis::bad;
    case Decision::inconclusive:
      break;
  }
  return Emphasis::warn;
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char letter) {
    return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 32) : letter;
  });
  return text;
}

std::string bullets(const std::vector<std::string>& lines, const TextStyle& style) {
  std::string text;
  for (const std::string& line : lines) text += "  - " + fold_text(line, style.width - 4, 4) + "\n";
  return text;
}

std::string value_text(const std::optional<double>& value) {
  return value ? format_plain(*value) : "-";
}

std::string interval_text(const Evidence& evidence) {
  if (!evidence.ci_low && !evidence.ci_high) return "";
  const auto bound = [&](const std::optional<double>& value) {
    return value && std::isfinite(*value) ? format_change(*value, evidence.scale)
                                          : std::string("?");
  };
  return bound(evidence.ci_low) + " .. " + bound(evidence.ci_high);
}

std::string outcome_words(Evidence::Outcome outcome) {
  std::string words = outcome_name(outcome);
  return words.substr(0, words.find('_'));  // "beyond", "within", "undecided", "reported"
}

std::string evidence_table(const Verdict& verdict, const TextStyle& style) {
  TextTable table({{"", false, 0},
                   {"baseline", true, 3},
                   {"canary", true, 3},
                   {"change", true, 0},
                   {"interval", true, 2},
                   {"margin", true, 1},
                   {"is", false, 0}});
  for (const Role role : {Role::critical, Role::guardrail, Role::informational}) {
    bool titled = false;
    for (const Evidence& e : verdict.metrics) {
      if (e.role != role) continue;
      if (!titled) table.add_group(role_name(role));
      titled = true;
      table.add_row({evidence_name(e), value_text(e.baseline.value), value_text(e.canary.value),
                     e.estimate ? format_change(*e.estimate, e.scale) : "-", interval_text(e),
                     format_change(e.margin, e.scale).substr(1), outcome_words(e.outcome)});
    }
  }
  return table.render(style);
}

std::string needs_text(const Verdict& verdict) {
  const std::string words = needs_words(verdict);
  return words.empty() ? "" : words + "\n";
}

}  // namespace

std::string needs_words(const Verdict& verdict) {
  if (verdict.decision != Decision::inconclusive) return "";
  std::string text;
  if (verdict.needs.requests)
    text = fmt::format("about {} more requests", format_short(*verdict.needs.requests));
  if (verdict.needs.minutes) {
    text += fmt::format("{}about {} at this rate", text.empty() ? "" : ", ",
                        format_seconds(*verdict.needs.minutes * 60));
  }
  return text.empty() ? "" : "Needs " + text + " for a decision.";
}

std::string format_change(double change, Evidence::Scale scale) {
  if (!std::isfinite(change)) return change > 0 ? "+inf" : "-inf";
  // A change is never known better than to three digits.
  if (scale == Evidence::Scale::absolute) return fmt::format("{:+.3g}", change);
  const double percent = change * 100;
  const int decimals = std::abs(percent) >= 100 ? 0 : std::abs(percent) >= 1 ? 1 : 2;
  return fmt::format("{}{}%", change < 0 ? "-" : "+", format_fixed(std::abs(percent), decimals));
}

std::string verdict_text(const Verdict& verdict, const TextStyle& style) {
  std::string text =
      emphasize(upper(decision_name(verdict.decision)), emphasis_of(verdict.decision), style) +
      fmt::format("  (score {} of 100)\n", format_fixed(verdict.score, 0));
  text += bullets(verdict.reasons, style) + needs_text(verdict);
  if (!verdict.metrics.empty()) text += "\n" + evidence_table(verdict, style);
  if (!verdict.differences.empty()) {
    text += "\n" + emphasize("our own judge differs", Emphasis::bold, style) + "\n" +
            bullets(difference_lines(verdict), style);
  }
  if (!verdict.assumptions.empty()) {
    text += "\n" + emphasize("assumed", Emphasis::bold, style) + "\n" +
            bullets(verdict.assumptions, style);
  }
  return text;
}

}  // namespace haldane::analysis
