#include <cmath>
#include <string>

#include "analysis/kayenta/remote/judge_request.h"
#include "analysis/report/json_values.h"
#include "analysis/report/verdict_report.h"

namespace haldane::analysis::kayenta {
namespace {

// As Jackson writes doubles: what JSON has no number for is text.
Json jackson_number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  return value;
}

Json stats_json(const ArmStatistics& stats) {
  return {{"stats",
           {{"min", jackson_number(stats.min)},
            {"max", jackson_number(stats.max)},
            {"mean", jackson_number(stats.mean)},
            {"std", jackson_number(stats.std)},
            {"count", stats.count}}}};
}

Json metric_json(const MetricConfig& config, const MetricPair& pair, const Classified& result) {
  Json json = {{"name", pair.name}};
  if (!pair.tags.is_null()) json["tags"] = pair.tags;
  if (!pair.id.is_null()) json["id"] = pair.id;
  json["classification"] = class_name(result.label);
  if (result.reason) json["classificationReason"] = *result.reason;
  json["groups"] = config.groups;
  json["experimentMetadata"] = stats_json(result.experiment);
  json["controlMetadata"] = stats_json(result.control);
  if (result.ratio) json["resultMetadata"] = {{"ratio", jackson_number(*result.ratio)}};
  json["critical"] = result.critical;
  json["muted"] = config.rule.muted;
  return json;
}

Json kayenta_numbers(const Classified& result) {
  if (!result.shift) return nullptr;
  Json json = {{"shift", jackson_number(result.shift->estimate)},
               {"ciLow", jackson_number(result.shift->low)},
               {"ciHigh", jackson_number(result.shift->high)},
               {"confidence", 0.98}};
  json["effect"] = jackson_number(*result.effect);
  return json;
}

Json own_json(const MetricPair& pair, const MetricAnswer& metric) {
  const OwnDecision& own = metric.own;
  Json json = {{"name", pair.name}};
  if (!pair.id.is_null()) json["id"] = pair.id;
  json["classification"] = class_name(metric.classified.label);
  json["decision"] = decision_name(own.decision);
  json["differs"] = own.differs;
  json["why"] = own.why;
  if (own.evidence) {
    const Evidence& e = *own.evidence;
    json["scale"] = e.scale == Evidence::Scale::relative ? "relative" : "absolute";
    json["estimate"] = json_number(e.estimate);
    json["ciLow"] = json_number(e.ci_low);
    json["ciHigh"] = json_number(e.ci_high);
    json["margin"] = json_number(e.margin);
    json["nEffective"] = json_number(e.n_effective);
    json["method"] = e.method;
  }
  json["kayenta"] = kayenta_numbers(metric.classified);
  json["notes"] = own.notes;
  return json;
}

Json groups_json(const Score& score) {
  Json groups = Json::array();
  for (const GroupScore& group : score.groups) {
    groups.push_back({{"name", group.name},
                      {"score", jackson_number(group.score)},
                      {"classification", ""},
                      {"classificationReason", ""}});
  }
  return groups;
}

}  // namespace

std::string judge_result_json(const JudgeRequest& request, const JudgeAnswer& answer) {
  Json results = Json::array();
  Json own = Json::array();
  for (std::size_t i = 0; i < answer.metrics.size(); ++i) {
    const MetricPair& pair = request.pairs[i];
    results.push_back(
        metric_json(request.metrics[pair.config], pair, answer.metrics[i].classified));
    own.push_back(own_json(pair, answer.metrics[i]));
  }
  const Score& score = answer.score;
  return json_document({{"judgeName", "NetflixACAJudge-v1.0"},
                        {"results", std::move(results)},
                        {"groupScores", groups_json(score)},
                        {"score",
                         {{"score", jackson_number(score.score)},
                          {"classification", score_name(score.label)},
                          {"classificationReason", score.reason}}},
                        {"haldane",
                         {{"schema", "haldane.kayenta/1"},
                          {"metrics", std::move(own)},
                          {"remarks", answer.remarks}}}});
}

}  // namespace haldane::analysis::kayenta
