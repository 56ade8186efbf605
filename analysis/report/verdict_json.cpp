#include <string>

#include <fmt/format.h>

#include "analysis/report/json_values.h"
#include "analysis/report/verdict_report.h"

namespace haldane::analysis {
namespace {

std::string mode_name(Mode mode) {
  switch (mode) {
    case Mode::sequential:
      return "sequential";
    case Mode::fixed:
      return "fixed";
    case Mode::kayenta:
      break;
  }
  return "kayenta";
}

std::string worse_name(Worse worse) {
  switch (worse) {
    case Worse::higher:
      return "higher";
    case Worse::lower:
      return "lower";
    case Worse::either:
      break;
  }
  return "either";
}

std::string test_name(FixedTest test) {
  switch (test) {
    case FixedTest::mann_whitney:
      return "mann_whitney";
    case FixedTest::welch:
      return "welch";
    case FixedTest::ks:
      return "ks";
    case FixedTest::two_proportion:
      return "two_proportion";
    case FixedTest::fisher:
      return "fisher";
    case FixedTest::poisson_rate:
      return "poisson_rate";
    case FixedTest::bootstrap:
      return "bootstrap";
    case FixedTest::quantile:
      break;
  }
  return "quantile";
}

Json arm_json(const ArmSummary& arm) {
  Json json = {{"n", arm.n}, {"value", json_number(arm.value)}};
  if (arm.events) json["events"] = json_number(arm.events);
  if (arm.exposure) json["exposure"] = json_number(arm.exposure);
  return json;
}

Json adjustment_json(const Adjustment& adjustment) {
  Json json = {{"before", json_number(adjustment.before)}};
  if (adjustment.covariate.empty()) return json;
  json["covariate"] = adjustment.covariate;
  json["theta"] = json_number(adjustment.theta);
  json["variance_reduction"] = json_number(adjustment.variance_reduction);
  return json;
}

Json evidence_json(const Evidence& evidence) {
  Json json = {{"name", evidence.name}};
  if (evidence.quantile) json["quantile"] = *evidence.quantile;
  json["role"] = role_name(evidence.role);
  json["kind"] = kind_name(evidence.kind);
  json["baseline"] = arm_json(evidence.baseline);
  json["canary"] = arm_json(evidence.canary);
  json["n_effective"] = json_number(evidence.n_effective);
  json["scale"] = evidence.scale == Evidence::Scale::relative ? "relative" : "absolute";
  json["estimate"] = json_number(evidence.estimate);
  json["ci_low"] = json_number(evidence.ci_low);
  json["ci_high"] = json_number(evidence.ci_high);
  json["margin"] = json_number(evidence.margin);
  if (evidence.p_value) json["p_value"] = json_number(evidence.p_value);
  if (evidence.e_value) json["e_value"] = json_number(evidence.e_value);
  if (evidence.equivalence_p_value) {
    json["equivalence_p_value"] = json_number(evidence.equivalence_p_value);
  }
  if (evidence.adjustment) json["adjustment"] = adjustment_json(*evidence.adjustment);
  json["method"] = evidence.method;
  json["decision"] = outcome_name(evidence.outcome);
  json["reason"] = evidence.reason;
  return json;
}

Json metric_policy_json(const MetricPolicy& metric) {
  Json json = {{"name", metric.name}, {"kind", kind_name(metric.kind)}};
  if (!metric.exposure.empty())
    json[metric.kind == MetricKind::ratio ? "of" : "per"] = metric.exposure;
  json["worse"] = worse_name(metric.worse);
  if (!metric.quantiles.empty()) {
    Json quantiles = Json::array();
    for (const double quantile : metric.quantiles) quantiles.push_back(quantile_name(quantile));
    json["quantiles"] = std::move(quantiles);
  }
  Json margin = Json::object();
  if (metric.margin.relative) margin["relative"] = json_number(metric.margin.relative);
  if (metric.margin.absolute) margin["absolute"] = json_number(metric.margin.absolute);
  json["margin"] = std::move(margin);
  json["role"] = role_name(metric.role);
  if (metric.from_pre_period) json["adjust"] = "pre_period";
  if (!metric.covariate.empty()) json["covariate"] = metric.covariate;
  if (metric.unhealthy_above) json["unhealthy_above"] = *metric.unhealthy_above;
  if (metric.test) json["test"] = test_name(*metric.test);
  return json;
}

Json steps_json(const std::vector<CanaryStep>& steps) {
  Json all = Json::array();
  for (const CanaryStep& step : steps) {
    Json json = Json::object();
    json["after"] = fmt::format("{}s", step.after_s);
    json["canary_share"] = step.canary_share;
    all.push_back(std::move(json));
  }
  return all;
}

Json policy_json(const JudgePolicy& policy) {
  Json metrics = Json::array();
  for (const MetricPolicy& metric : policy.metrics) metrics.push_back(metric_policy_json(metric));
  Json json = {{"schema", "haldane.policy/1"},
               {"mode", mode_name(policy.mode)},
               {"alpha", policy.alpha},
               {"beta", policy.beta}};
  if (policy.pre_period_s > 0) json["pre_period"] = fmt::format("{}s", policy.pre_period_s);
  if (policy.horizon_s > 0) json["horizon"] = fmt::format("{}s", policy.horizon_s);
  if (policy.steps.empty()) {
    json["canary_share"] = policy.canary_share;
  } else {
    json["steps"] = steps_json(policy.steps);
  }
  if (policy.multiplicity != Multiplicity::holm) json["multiplicity"] = "benjamini_hochberg";
  if (policy.mode == Mode::kayenta) {
    json["score"] = {{"pass", policy.score.pass}, {"marginal", policy.score.marginal}};
  }
  json["metrics"] = std::move(metrics);
  return json;
}

Json differences_json(const Verdict& verdict) {
  Json differences = Json::array();
  for (const Difference& difference : verdict.differences) {
    Json json = Json::object();
    if (!difference.metric.empty()) json["metric"] = difference.metric;
    json["own_decision"] = decision_name(difference.own);
    json["why"] = difference.why;
    differences.push_back(std::move(json));
  }
  return differences;
}

Json point_json(const EvidencePoint& point) {
  Json json = Json::object();
  json["share"] = point.share;
  json["elapsed_s"] = json_number(point.elapsed_s);
  json["n"] = point.n;
  json["estimate"] = json_number(point.estimate);
  json["ci_low"] = json_number(point.ci_low);
  json["ci_high"] = json_number(point.ci_high);
  json["e_value"] = json_number(point.e_value);
  return json;
}

Json over_time_json(const Verdict& verdict) {
  Json all = Json::array();
  for (const EvidenceSeries& series : verdict.over_time) {
    Json json = {{"name", series.name}};
    if (series.quantile) json["quantile"] = *series.quantile;
    json["scale"] = series.scale == Evidence::Scale::relative ? "relative" : "absolute";
    json["margin"] = json_number(series.margin);
    Json points = Json::array();
    for (const EvidencePoint& point : series.points) points.push_back(point_json(point));
    json["points"] = std::move(points);
    all.push_back(std::move(json));
  }
  return all;
}

Json verdict_members(const Verdict& verdict) {
  Json metrics = Json::array();
  for (const Evidence& evidence : verdict.metrics) metrics.push_back(evidence_json(evidence));
  Json inputs = Json::array();
  for (const InputFile& input : verdict.inputs) {
    inputs.push_back({{"path", input.path}, {"sha256", input.sha256}});
  }
  return {{"schema", "haldane.verdict/1"},
          {"verdict", decision_name(verdict.decision)},
          {"passed", verdict.decision == Decision::promote},
          {"failed", verdict.decision == Decision::rollback},
          {"score", json_number(verdict.score)},
          {"reasons", verdict.reasons},
          {"metrics", std::move(metrics)},
          {"needs",
           {{"requests", json_number(verdict.needs.requests)},
            {"minutes", json_number(verdict.needs.minutes)}}},
          {"inputs", std::move(inputs)},
          {"policy", policy_json(verdict.policy)},
          {"assumptions", verdict.assumptions}};
}

}  // namespace

std::string verdict_json(const Verdict& verdict) {
  Json json = verdict_members(verdict);
  if (verdict.policy.mode == Mode::kayenta) json["differences"] = differences_json(verdict);
  if (!verdict.over_time.empty()) json["over_time"] = over_time_json(verdict);
  return json_document(json);
}

}  // namespace haldane::analysis
