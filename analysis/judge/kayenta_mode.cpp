#include "analysis/judge/kayenta_mode.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "analysis/judge/effect.h"
#include "analysis/judge/judge.h"
#include "analysis/judge/kayenta_values.h"
#include "analysis/judge/same_arms.h"
#include "analysis/kayenta/classify.h"
#include "analysis/kayenta/score.h"

namespace haldane::analysis {
namespace {

using kayenta::Class;
using kayenta::Classified;

// The largest acceptable change as a share of the baseline's mean. An absolute margin becomes one;
// over a mean of zero the rule knows no effect, and then counts any shift.
double allowed_change(const Margin& margin, double control_mean) {
  if (margin.relative) return *margin.relative;
  if (margin.absolute && control_mean > 0) return *margin.absolute / control_mean;
  return 0;
}

kayenta::MetricRule rule_of(const MetricPolicy& metric, double control_mean) {
  const double change = allowed_change(metric.margin, control_mean);
  kayenta::MetricRule rule;
  rule.direction = metric.worse == Worse::higher  ? kayenta::Direction::increase
                   : metric.worse == Worse::lower ? kayenta::Direction::decrease
                                                  : kayenta::Direction::either;
  rule.critical = metric.role == Role::critical;
  rule.muted = metric.role == Role::informational;
  rule.limits = {1 + change, 1 - change, 1 + change, 1 - change};
  return rule;
}

Evidence::Outcome outcome_of(Class label, Role role) {
  if (role == Role::informational) return Evidence::Outcome::reported;
  if (label == Class::pass) return Evidence::Outcome::within_margin;
  return label == Class::high || label == Class::low ? Evidence::Outcome::beyond_margin
                                                     : Evidence::Outcome::undecided;
}

// The shift is in the metric's unit; over the baseline's mean it is on the scale of the margin.
void fill_shift(const Classified& found, const MetricPolicy& metric, Evidence& evidence) {
  const double mean = found.control.mean;
  const bool relative = !(metric.margin.absolute && !metric.margin.relative) && mean > 0;
  const double unit = relative ? mean : 1;
  evidence.scale = relative ? Evidence::Scale::relative : Evidence::Scale::absolute;
  evidence.margin =
      relative ? metric.margin.relative.value_or(0) : metric.margin.absolute.value_or(0);
  if (!found.shift) return;
  evidence.estimate = found.shift->estimate / unit;
  evidence.ci_low = found.shift->low / unit;
  evidence.ci_high = found.shift->high / unit;
}

std::string words_of(const Classified& found, const kayenta::MetricRule& rule) {
  std::string text = fmt::format("Kayenta's class is {}", kayenta::class_name(found.label));
  if (!found.shift) return found.reason ? text + ": " + *found.reason : text;
  text +=
      fmt::format(": 98 % interval of the shift [{:.4g}, {:.4g}] against {:.4g}", found.shift->low,
                  found.shift->high, rule.tolerance * std::abs(found.shift->estimate));
  if (!found.ratio || std::isnan(*found.ratio)) return text + ", no ratio of means";
  return text + fmt::format(", ratio of means {:.4g} (allowed {:.4g} to {:.4g})", *found.ratio,
                            rule.limits.allowed_decrease, rule.limits.allowed_increase);
}

struct MetricFinding {
  Evidence evidence;
  kayenta::ScoredMetric scored;
};

MetricFinding judge_one(const MetricPolicy& metric, const ObservationTable& baseline,
                        const ObservationTable& canary) {
  const KayentaValues values = kayenta_values(metric, baseline, canary);
  const kayenta::MetricRule rule = rule_of(metric, kayenta::arm_mean(values.baseline));
  const Classified found = kayenta::classify(metric.name, rule, values.baseline, values.canary);
  MetricFinding out;
  Evidence& e = out.evidence;
  e.name = metric.name;
  e.role = metric.role;
  e.kind = metric.kind;
  e.method = "kayenta_mann_whitney";
  e.baseline.n = found.control.count;
  e.canary.n = found.experiment.count;
  if (found.control.count > 0) e.baseline.value = found.control.mean;
  if (found.experiment.count > 0) e.canary.value = found.experiment.mean;
  fill_shift(found, metric, e);
  e.outcome = outcome_of(found.label, metric.role);
  e.reason = metric.name + ": " + words_of(found, rule);
  if (!values.obstacle.empty()) e.reason += ": " + values.obstacle;
  out.scored = {found.label, found.critical, {"metrics"}, found.reason.value_or("")};
  return out;
}

Decision decision_of(kayenta::ScoreLabel label) {
  if (label == kayenta::ScoreLabel::pass) return Decision::promote;
  return label == kayenta::ScoreLabel::fail ? Decision::rollback : Decision::inconclusive;
}

// Why a Pass promotes nothing: the rule calls metrics healthy that it could not compare.
std::string why_held(const std::vector<MetricFinding>& findings, const ObservationTable& baseline,
                     const ObservationTable& canary) {
  if (same_arms(baseline, canary)) {
    return "baseline and canary are the same data; was one file given twice?";
  }
  if (!baseline.censored.empty()) return "the baseline is censored: " + baseline.censored;
  if (!canary.censored.empty()) return "the canary is censored: " + canary.censored;
  bool compared = false;
  for (const MetricFinding& finding : findings) {
    const Class label = finding.scored.label;
    const bool missing = label == Class::error || label == Class::nodata;
    if (finding.evidence.role == Role::critical && missing) {
      return finding.evidence.name + " is critical and was not compared";
    }
    compared = compared || (!missing && finding.evidence.role != Role::informational);
  }
  return compared ? "" : "no metric was compared";
}

std::string own_words(Decision decision) {
  if (decision == Decision::promote) return "within its margin";
  return decision == Decision::rollback ? "beyond its margin" : "undecided";
}

// One answer a metric, as a release would take it: the worst of its quantiles.
Decision worst_of(const Verdict& own, const std::string& name, std::string& why) {
  Decision worst = Decision::promote;
  for (const Evidence& e : own.metrics) {
    if (e.name != name || e.outcome == Evidence::Outcome::within_margin) continue;
    const bool beyond = e.outcome == Evidence::Outcome::beyond_margin;
    if (worst == Decision::rollback || (worst == Decision::inconclusive && !beyond)) continue;
    worst = beyond ? Decision::rollback : Decision::inconclusive;
    why = e.reason;
  }
  if (worst == Decision::promote) why = "shown within the margin at every quantile";
  return worst;
}

void compare_with_own(const JudgePolicy& policy, const ObservationTable& baseline,
                      const ObservationTable& canary, Verdict& verdict) {
  JudgePolicy own_policy = policy;
  own_policy.mode = Mode::sequential;
  const Verdict own = judge(own_policy, baseline, canary);
  if (own.decision != verdict.decision) {
    verdict.differences.push_back({"", own.decision, own.reasons.empty() ? "" : own.reasons[0]});
  }
  for (const Evidence& e : verdict.metrics) {
    if (e.role == Role::informational) continue;
    std::string why;
    const Decision decision = worst_of(own, e.name, why);
    const Decision rule = e.outcome == Evidence::Outcome::within_margin   ? Decision::promote
                          : e.outcome == Evidence::Outcome::beyond_margin ? Decision::rollback
                                                                          : Decision::inconclusive;
    if (decision == rule) continue;
    verdict.differences.push_back(
        {e.name, decision, fmt::format("{} for our own judge: {}", own_words(decision), why)});
  }
}

// A policy of ours must name a margin; that of the rule itself is none.
JudgePolicy with_kayenta_margins(JudgePolicy policy, std::vector<std::string>& remarks) {
  for (MetricPolicy& metric : policy.metrics) {
    if (!metric.margin.relative && !metric.margin.absolute) {
      metric.margin.relative = 0;
      remarks.push_back(metric.name + ": no margin is given, so any shift counts, as in Kayenta");
    }
    if (!metric.quantiles.empty()) {
      remarks.push_back(metric.name + ": Kayenta's rule compares all values, not quantiles");
    }
  }
  return policy;
}

void fill_decision(const std::vector<MetricFinding>& findings, const kayenta::Score& score,
                   Verdict& verdict) {
  const ScoreThresholds& limits = verdict.policy.score;
  verdict.decision = decision_of(score.label);
  verdict.score = std::clamp(score.score, 0.0, 100.0);
  verdict.reasons.push_back(fmt::format("Kayenta's score is {:g}: {} (pass {:g}, marginal {:g})",
                                        score.score, kayenta::score_name(score.label), limits.pass,
                                        limits.marginal));
  if (!score.reason.empty()) verdict.reasons.push_back(score.reason);
  for (const MetricFinding& finding : findings) {
    const bool passed = finding.evidence.outcome == Evidence::Outcome::within_margin ||
                        finding.evidence.outcome == Evidence::Outcome::reported;
    if (!passed) verdict.reasons.push_back(finding.evidence.reason);
  }
}

}  // namespace

Verdict judge_by_kayenta(const JudgePolicy& policy, const ObservationTable& baseline,
                         const ObservationTable& canary) {
  Verdict verdict;
  verdict.policy = with_kayenta_margins(policy, verdict.assumptions);
  std::vector<MetricFinding> findings;
  std::vector<kayenta::ScoredMetric> counted;
  for (const MetricPolicy& metric : verdict.policy.metrics) {
    findings.push_back(judge_one(metric, baseline, canary));
    verdict.metrics.push_back(findings.back().evidence);
    if (metric.role != Role::informational) counted.push_back(findings.back().scored);
  }
  const ScoreThresholds& limits = verdict.policy.score;
  fill_decision(findings, kayenta::score(counted, {}, {limits.pass, limits.marginal}), verdict);
  const std::string held = why_held(findings, baseline, canary);
  if (verdict.decision == Decision::promote && !held.empty()) {
    verdict.decision = Decision::inconclusive;
    verdict.reasons.insert(verdict.reasons.begin(), "not promoted on this score: " + held);
  }
  compare_with_own(verdict.policy, baseline, canary, verdict);
  return verdict;
}

}  // namespace haldane::analysis
