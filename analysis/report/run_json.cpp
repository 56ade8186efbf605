#include <array>
#include <string>
#include <vector>

#include "analysis/report/json_values.h"
#include "analysis/report/run_report.h"

namespace haldane::analysis {
namespace {

Json metrics_json(const std::vector<MetricEstimate>& metrics) {
  Json all = Json::object();
  for (const MetricEstimate& metric : metrics) {
    all[metric.name] = {{"value", json_number(metric.value)},
                        {"ci_low", json_number(metric.ci_low)},
                        {"ci_high", json_number(metric.ci_high)},
                        {"confidence", metric.confidence},
                        {"unit", metric.unit}};
  }
  return all;
}

Json alerts_json(const std::vector<Alert>& alerts) {
  Json all = Json::array();
  for (const Alert& alert : alerts) {
    all.push_back({{"rule", alert.rule},
                   {"severity", alert.severity},
                   {"from_s", alert.from_s},
                   {"to_s", alert.to_s}});
  }
  return all;
}

Json burns_json(const std::vector<BurnOutcome>& burns) {
  Json all = Json::array();
  for (const BurnOutcome& burn : burns) {
    Json one = {{"long_s", burn.rule.long_s},
                {"short_s", burn.rule.short_s},
                {"factor", burn.rule.factor},
                {"severity", burn.rule.severity}};
    one["worst"] = json_number(burn.worst);
    one["fired"] = burn.firings.size();
    all.push_back(std::move(one));
  }
  return all;
}

Json slos_json(const std::vector<SloResult>& slos) {
  Json all = Json::array();
  for (const SloResult& slo : slos) {
    Json one = {{"name", slo.name},         {"good", slo.good},         {"target", slo.target},
                {"window_s", slo.window_s}, {"events", slo.budget.all}, {"bad", slo.budget.bad}};
    one["bad_ratio"] = json_number(slo.budget.bad_ratio);
    one["burn_rate"] = json_number(slo.budget.burn_rate);
    one["budget_used"] = json_number(slo.budget.budget_used);
    one["burns"] = burns_json(slo.budget.burns);
    all.push_back(std::move(one));
  }
  return all;
}

Json objectives_json(const std::vector<ObjectiveResult>& objectives) {
  Json all = Json::array();
  for (const ObjectiveResult& objective : objectives) {
    all.push_back({{"expr", objective.expr},
                   {"met", objective.met ? Json(*objective.met) : Json(nullptr)},
                   {"value", json_number(objective.value)},
                   {"ci_low", json_number(objective.ci_low)},
                   {"ci_high", json_number(objective.ci_high)}});
  }
  return all;
}

// Series of one grid have the same times: their text is made once.
std::string series_json(const std::vector<Series>& series) {
  std::vector<JsonMember> all;
  std::string times;
  const std::vector<double>* times_of = nullptr;
  for (const Series& one : series) {
    if (times_of == nullptr || *times_of != one.t_s) times = json_list(one.t_s);
    times_of = &one.t_s;
    const std::array<JsonMember, 2> members = {{{"t_s", times}, {"v", json_list(one.v)}}};
    all.push_back({one.name, json_object(members, 2)});
  }
  return json_object(all, 1);
}

std::string distribution_json(const LatencyDistribution& one) {
  std::vector<double> values;
  std::vector<double> probabilities;
  for (const DistributionPoint& point : one.points) {
    values.push_back(point.value_ms);
    probabilities.push_back(point.probability);
  }
  const std::array<JsonMember, 3> members = {{{"count", Json(one.count).dump()},
                                              {"value_ms", json_list(values)},
                                              {"probability", json_list(probabilities)}}};
  return json_object(members, 2);
}

std::string distributions_json(const std::vector<LatencyDistribution>& distributions) {
  std::vector<JsonMember> all;
  for (const LatencyDistribution& one : distributions)
    all.push_back({one.name, distribution_json(one)});
  return json_object(all, 1);
}

Json arms_json(const std::vector<ArmResult>& arms) {
  Json all = Json::object();
  for (const ArmResult& arm : arms) all[arm.name] = {{"metrics", metrics_json(arm.metrics)}};
  return all;
}

Json asked_json(const PartialRun& partial) {
  return {{"simulated_s", partial.asked_s}, {"replications", partial.asked_replications}};
}

Json engine_json(const EngineStatistics& engine) {
  return {{"requests_per_window", engine.requests_per_window},
          {"windows", engine.windows},
          {"windows_on_one_thread", engine.windows_on_one_thread},
          {"threads_per_replication", engine.threads_per_replication},
          {"ns_per_request", json_number(engine.ns_per_request)},
          {"events_per_s", json_number(engine.events_per_s)}};
}

}  // namespace

std::string run_json(const RunResult& result) {
  Json document = {{"schema", "haldane.run/1"},
                   {"scenario", result.scenario},
                   {"seed", result.seed},
                   {"replications", result.replications},
                   {"threads", result.threads},
                   {"simulated_s", result.simulated_s},
                   {"warmup_s", result.warmup_s},
                   {"warmup_automatic", result.warmup_automatic},
                   {"warmup_doubtful", result.warmup_doubtful},
                   {"partial", result.partial.has_value()},
                   {"requests", result.requests},
                   {"events", result.events},
                   {"wall_s", result.wall_s},
                   {"cpu_s", result.cpu_s},
                   {"digest", result.digest.empty() ? Json(nullptr) : Json(result.digest)}};
  if (result.partial) document["asked"] = asked_json(*result.partial);
  if (result.engine) document["engine"] = engine_json(*result.engine);
  document["metrics"] = metrics_json(result.metrics);
  document["alerts"] = alerts_json(result.alerts);
  document["objectives"] = objectives_json(result.objectives);
  if (!result.slos.empty()) document["slos"] = slos_json(result.slos);
  if (!result.arms.empty()) document["arms"] = arms_json(result.arms);
  document["notes"] = result.notes;
  const std::array<JsonMember, 2> numbers = {
      {{"series", series_json(result.series)},
       {"distributions", distributions_json(result.distributions)}}};
  return json_document(document, numbers);
}

}  // namespace haldane::analysis
