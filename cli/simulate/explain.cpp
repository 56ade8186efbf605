#include "cli/simulate/explain.h"

#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/command.h"
#include "cli/result_files.h"
#include "models/spec/autoscaler_spec.h"

namespace haldane::cli {
namespace {

using Json = nlohmann::ordered_json;
using models::AutoscalerSpec;
using models::ScaleLimit;
using models::ScaleStep;

std::string_view name_of(AutoscalerSpec::Kind kind) {
  switch (kind) {
    case AutoscalerSpec::Kind::hpa:
      return "hpa";
    case AutoscalerSpec::Kind::keda:
      return "keda";
    case AutoscalerSpec::Kind::kpa:
      return "kpa";
    case AutoscalerSpec::Kind::target_tracking:
      return "target_tracking";
    case AutoscalerSpec::Kind::schedule:
      return "schedule";
    case AutoscalerSpec::Kind::keda_jobs:
      return "keda_jobs";
  }
  return "";
}

std::string_view name_of(AutoscalerSpec::Metric metric) {
  switch (metric) {
    case AutoscalerSpec::Metric::cpu:
      return "cpu";
    case AutoscalerSpec::Metric::concurrency:
      return "concurrency";
    case AutoscalerSpec::Metric::requests:
      return "requests";
    case AutoscalerSpec::Metric::queue:
      return "queue";
    case AutoscalerSpec::Metric::latency:
      return "latency";
    case AutoscalerSpec::Metric::lag:
      return "lag";
  }
  return "";
}

std::string_view name_of(ScaleStep::Kind kind) {
  switch (kind) {
    case ScaleStep::Kind::look:
      return "look";
    case ScaleStep::Kind::ready:
      return "ready";
    case ScaleStep::Kind::outage:
      return "outage";
    case ScaleStep::Kind::deploy:
      return "deploy";
  }
  return "";
}

// A schedule has no signal.
bool has_signal(const AutoscalerSpec& spec, const ScaleStep& step) {
  return spec.kind != AutoscalerSpec::Kind::schedule && step.kind == ScaleStep::Kind::look &&
         step.limit != ScaleLimit::no_signal && step.limit != ScaleLimit::missing;
}

// Which metric a look's recommendation is of, or which is missing; empty where none has a say.
std::string_view metric_of(const AutoscalerSpec& spec, const ScaleStep& step) {
  if (!has_signal(spec, step) && step.limit != ScaleLimit::missing) return "";
  return name_of(spec.metrics[step.metric].metric);
}

std::string_view reason(ScaleLimit limit) {
  switch (limit) {
    case ScaleLimit::none:
      return "as recommended";
    case ScaleLimit::tolerance:
      return "near enough to the target";
    case ScaleLimit::no_signal:
      return "nothing was measured yet";
    case ScaleLimit::missing:
      return "cannot be had, so that nothing is taken away";
    case ScaleLimit::stabilization:
      return "an earlier recommendation of the window holds";
    case ScaleLimit::rate:
      return "no faster than a policy allows";
    case ScaleLimit::minimum:
      return "at the minimum";
    case ScaleLimit::maximum:
      return "at the maximum";
    case ScaleLimit::running:
      return "those that run are for it, or leave no room";
    case ScaleLimit::panic:
      return "in panic: the short window rules, nothing is taken away";
    case ScaleLimit::cooldown:
      return "cooldown, or too few looks agree";
  }
  return "";
}

std::string why_of_change(const ScaleStep& step) {
  if (step.kind != ScaleStep::Kind::ready) return "the timeline";
  std::string why = fmt::format("asked for at {:.3f}", step.asked.as_seconds());
  if (step.first < step.at) why += fmt::format(", the first at {:.3f}", step.first.as_seconds());
  return why;
}

std::string line(const AutoscalerSpec& spec, const ScaleStep& step) {
  std::string text =
      fmt::format("{:>10.3f}  {:>4}  {:<6}  ", step.at.as_seconds(), step.cell, name_of(step.kind));
  if (step.kind != ScaleStep::Kind::look) {
    return text + fmt::format("{:>10}  {:>4}  {:>4} -> {:<4}  {:>5}  {}\n", "", "", step.before,
                              step.wanted, step.ready, why_of_change(step));
  }
  const std::string signal = has_signal(spec, step) ? fmt::format("{:.4g}", step.signal) : "-";
  std::string why(reason(step.limit));
  if (spec.metrics.size() > 1 && !metric_of(spec, step).empty())
    why = fmt::format("{}: {}", metric_of(spec, step), why);
  return text + fmt::format("{:>10}  {:>4}  {:>4} -> {:<4}  {:>5}  {}\n", signal,
                            step.recommendation, step.before, step.wanted, step.ready, why);
}

// What is scaled by itself.
std::string place_of(std::string_view metric) {
  return metric == edge_nodes ? "site" : "cell";
}

Json to_json(const AutoscalerSpec& spec, const ScaleStep& step, const std::string& place) {
  Json json = {{place, step.cell}, {"time_s", step.at.as_seconds()}, {"kind", name_of(step.kind)}};
  if (step.kind == ScaleStep::Kind::look) {
    const std::string_view metric = metric_of(spec, step);
    json["metric"] = metric.empty() ? Json() : Json(metric);
    json["signal"] = has_signal(spec, step) ? Json(step.signal) : Json();
    json["recommendation"] = step.recommendation;
    json["limit"] = to_string(step.limit);
    json["before"] = step.before;
  }
  if (step.kind == ScaleStep::Kind::ready) {
    json["asked_s"] = step.asked.as_seconds();
    json["first_s"] = step.first.as_seconds();
  }
  json["wanted"] = step.wanted;
  json["ready"] = step.ready;
  return json;
}

std::string metrics_text(const AutoscalerSpec& spec) {
  std::string text;
  for (const AutoscalerSpec::MetricTarget& each : spec.metrics) {
    text += fmt::format("{}{}, target {:.4g}", text.empty() ? "" : "; ", name_of(each.metric),
                        each.target);
  }
  return text;
}

Json metrics_json(const AutoscalerSpec& spec) {
  Json list = Json::array();
  if (spec.kind == AutoscalerSpec::Kind::schedule) return list;
  for (const AutoscalerSpec::MetricTarget& each : spec.metrics)
    list.push_back({{"metric", name_of(each.metric)}, {"target", each.target}});
  return list;
}

// The tier that is explained, with what its autoscaler did.
struct Explained {
  std::string_view metric;
  const std::optional<AutoscalerSpec>* scaler;  // null: no such tier
  const std::vector<ScaleStep>* steps;
  std::uint64_t omitted;
};

Explained explained(const models::Plan& plan, const models::ReplicationResult& result,
                    std::string_view metric) {
  const models::Scenario& s = plan.scenario;
  if (metric == edge_nodes) {
    return {metric, s.edge ? &s.edge->autoscaler : nullptr, &result.edge_scaling,
            result.edge_scaling_omitted};
  }
  if (metric == worker_replicas) {
    return {metric, s.workers ? &s.workers->autoscaler : nullptr, &result.worker_scaling,
            result.worker_scaling_omitted};
  }
  return {metric, s.api ? &s.api->autoscaler : nullptr, &result.scaling, result.scaling_omitted};
}

}  // namespace

std::string explanation_text(const models::Plan& plan, const models::ReplicationResult& result,
                             std::string_view metric) {
  const Explained what = explained(plan, result, metric);
  const AutoscalerSpec& spec = **what.scaler;
  std::string text = fmt::format("{} of {}, first replication, seed {}: {}", metric,
                                 plan.scenario.name, plan.scenario.seed, name_of(spec.kind));
  if (spec.kind == AutoscalerSpec::Kind::target_tracking) text += " (approximate)";
  if (spec.kind != AutoscalerSpec::Kind::schedule) {
    text += fmt::format(" on {}, {} to {} {}", metrics_text(spec), spec.min, spec.max,
                        metric == edge_nodes ? "nodes" : "replicas");
  }
  text += fmt::format("\n{:>10}  {:>4}  {:<6}  {:>10}  {:>4}  {:<12}  {:>5}  {}\n", "time s",
                      place_of(metric), "what", "signal", "raw", "  wanted", "ready", "why");
  for (const ScaleStep& step : *what.steps) text += line(spec, step);
  text += "Looks that change nothing for the reason of the look before are left out.\n";
  if (what.omitted > 0) text += fmt::format("{} more entries are left out.\n", what.omitted);
  return text;
}

std::string explanation_json(const models::Plan& plan, const models::ReplicationResult& result,
                             std::string_view metric) {
  const Explained what = explained(plan, result, metric);
  const AutoscalerSpec& spec = **what.scaler;
  const bool one = spec.kind != AutoscalerSpec::Kind::schedule && spec.metrics.size() == 1;
  Json json = {{"schema", "haldane.explain/1"},
               {"metric", metric},
               {"scenario", plan.scenario.name},
               {"seed", plan.scenario.seed},
               {"kind", name_of(spec.kind)},
               {"approximate", spec.kind == AutoscalerSpec::Kind::target_tracking},
               {"signal", one ? Json(name_of(spec.metrics[0].metric)) : Json()},
               {"target", one ? Json(spec.metrics[0].target) : Json()},
               {"metrics", metrics_json(spec)},
               {"omitted", what.omitted}};
  json["steps"] = Json::array();
  for (const ScaleStep& step : *what.steps)
    json["steps"].push_back(to_json(spec, step, place_of(metric)));
  return json.dump(2) + "\n";
}

ExitCode explain_replicas(const models::Plan& plan, const std::string& metric,
                          const std::string& format, const std::string& out) {
  const models::ReplicationResult nothing;
  const Explained what = explained(plan, nothing, metric);
  if (what.scaler == nullptr || !*what.scaler) {
    const std::string tier = metric.substr(0, metric.find('.'));
    return fail(ExitCode::usage,
                fmt::format("--explain {}: the scenario has no {}.autoscaler", metric, tier));
  }
  if (format == "csv") return fail(ExitCode::usage, "--explain: --format is text or json");
  ResultFiles files;
  const ExitCode opened = files.open(out, "");
  if (opened != ExitCode::success) return opened;
  models::ReplicationOptions options;
  options.seed = plan.scenario.seed;
  const models::ReplicationResult result = models::run_replication(plan, options);
  return files.write(format == "json" ? explanation_json(plan, result, metric)
                                      : explanation_text(plan, result, metric),
                     "");
}

}  // namespace haldane::cli
