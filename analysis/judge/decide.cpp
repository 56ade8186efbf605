#include "analysis/judge/decide.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace haldane::analysis {
namespace {

using Outcome = Evidence::Outcome;

bool decides(const Evidence& e) {
  return e.role != Role::informational;
}

int count(const std::vector<Evidence>& metrics, Outcome outcome) {
  return static_cast<int>(std::count_if(metrics.begin(), metrics.end(), [=](const Evidence& e) {
    return decides(e) && e.outcome == outcome;
  }));
}

Decision decision_of(const std::vector<Evidence>& metrics) {
  if (count(metrics, Outcome::beyond_margin) > 0) return Decision::rollback;
  bool any_critical = false;
  for (const Evidence& e : metrics) {
    if (e.role != Role::critical) continue;
    any_critical = true;
    if (e.outcome != Outcome::within_margin) return Decision::inconclusive;
  }
  return any_critical ? Decision::promote : Decision::inconclusive;
}

double score_of(Decision decision, const std::vector<Evidence>& metrics) {
  if (decision == Decision::rollback) return 0;
  const int inside = count(metrics, Outcome::within_margin);
  const int undecided = count(metrics, Outcome::undecided);
  if (inside + undecided == 0) return 50;
  return 100 * (inside + 0.5 * undecided) / (inside + undecided);
}

// What decided comes first: the entries beyond their margin, or the critical ones.
std::vector<std::string> reasons_of(Decision decision, const std::vector<Evidence>& metrics) {
  std::vector<std::string> reasons;
  const auto add = [&](auto&& wanted) {
    for (const Evidence& e : metrics) {
      if (wanted(e)) reasons.push_back(e.reason);
    }
  };
  if (decision == Decision::rollback) {
    add([](const Evidence& e) { return decides(e) && e.outcome == Outcome::beyond_margin; });
  } else if (decision == Decision::promote) {
    add([](const Evidence& e) { return e.role == Role::critical; });
    reasons.push_back("no guardrail is shown beyond its margin");
  } else {
    add([](const Evidence& e) {
      return e.role == Role::critical && e.outcome != Outcome::within_margin;
    });
    const bool any_critical = std::any_of(
        metrics.begin(), metrics.end(), [](const Evidence& e) { return e.role == Role::critical; });
    if (!any_critical) {
      reasons.emplace_back("no metric is critical, so nothing can show that the canary is safe");
    }
  }
  return reasons;
}

// A rollback needs its first metric beyond the margin, a promotion its last critical one inside.
std::optional<double> growth_needed(const std::vector<Assessment>& assessments) {
  std::optional<double> beyond;
  std::optional<double> inside = 1.0;
  for (const Assessment& a : assessments) {
    if (!decides(a.evidence)) continue;
    if (a.growth_to_beyond && !a.growth_to_inside) {
      beyond = std::min(beyond.value_or(*a.growth_to_beyond), *a.growth_to_beyond);
    }
    if (a.evidence.role != Role::critical || a.evidence.outcome == Outcome::within_margin) continue;
    if (!a.growth_to_inside) inside.reset();
    if (inside) inside = std::max(*inside, *a.growth_to_inside);
  }
  return beyond ? beyond : inside;
}

// To two digits, since an extrapolation knows no more, and whole: nobody waits for a third of one.
double rounded_up(double amount) {
  if (!std::isfinite(amount)) return amount;
  double unit = 1;
  while (amount > 100 * unit) unit *= 10;
  return std::ceil(amount / unit - 1e-9) * unit;
}

void fill_needs(const std::vector<Assessment>& assessments, const TablePair& tables,
                Verdict& verdict) {
  const std::optional<double> factor = growth_needed(assessments);
  if (!factor || *factor <= 1) return;
  double observations = 0;
  for (const Assessment& a : assessments) {
    const double n = static_cast<double>(a.evidence.baseline.n + a.evidence.canary.n);
    observations = std::max(observations, n);
  }
  if (observations <= 0) return;
  verdict.needs.requests = rounded_up((*factor - 1) * observations);
  const auto longer = std::max(tables.baseline.span_s(), tables.canary.span_s());
  if (longer && *longer > 0) verdict.needs.minutes = rounded_up((*factor - 1) * *longer / 60);
}

// Why nothing is promoted on these data, though the rules would: sentences.
std::vector<std::string> holds_of(const std::vector<Assessment>& assessments,
                                  const TablePair& tables) {
  std::vector<std::string> holds;
  // What is missing may be what is slow, so such data can condemn a canary but not clear it.
  const auto note_censored = [&holds](const char* arm, const std::string& why) {
    if (!why.empty()) holds.push_back(fmt::format("not promoted on a censored {}: {}", arm, why));
  };
  note_censored("baseline", tables.baseline.censored);
  note_censored("canary", tables.canary.censored);
  for (const Assessment& a : assessments) {
    if (a.suspect) holds.push_back("not promoted yet: " + a.evidence.reason);
  }
  return holds;
}

}  // namespace

void decide(const std::vector<Assessment>& assessments, bool arms_are_same, const TablePair& tables,
            const std::vector<std::string>& doubts, Verdict& verdict) {
  for (const Assessment& a : assessments) verdict.metrics.push_back(a.evidence);
  if (arms_are_same) {
    verdict.decision = Decision::inconclusive;
    verdict.score = 50;
    verdict.reasons = {
        "baseline and canary are the same data, so nothing was compared; was one file given "
        "twice?"};
    return;
  }
  verdict.decision = decision_of(verdict.metrics);
  std::vector<std::string> holds;
  if (verdict.decision == Decision::promote) holds = holds_of(assessments, tables);
  holds.insert(holds.end(), doubts.begin(), doubts.end());
  if (!holds.empty() && verdict.decision == Decision::promote)
    verdict.decision = Decision::inconclusive;
  verdict.score = score_of(verdict.decision, verdict.metrics);
  verdict.reasons = reasons_of(verdict.decision, verdict.metrics);
  verdict.reasons.insert(verdict.reasons.end(), holds.begin(), holds.end());
  if (verdict.decision != Decision::inconclusive) return;
  fill_needs(assessments, tables, verdict);
  if (verdict.needs.requests) {
    verdict.reasons.push_back(
        fmt::format("about {:.0f} more observations are probably needed", *verdict.needs.requests));
  }
}

}  // namespace haldane::analysis
