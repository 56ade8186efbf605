// The metrics of an autoscaler: one, written as `metric` and `target`, or several in `metrics`.
#include <algorithm>

#include <fmt/format.h>

#include "models/spec/sections.h"

namespace haldane::models {
namespace {

using config::Mapping;
using Kind = AutoscalerSpec::Kind;
using Metric = AutoscalerSpec::Metric;
using MetricTarget = AutoscalerSpec::MetricTarget;

void read_target(const Value& value, MetricTarget& out) {
  Duration latency;
  switch (out.metric) {
    case Metric::cpu:
      value.share(out.target, config::between(0.01, 1.0));
      return;
    case Metric::requests:
      value.rate(out.target, config::above_to(0.0, ScenarioLimits::rate_max_per_s));
      return;
    case Metric::latency:
    case Metric::lag:
      if (value.duration(latency,
                         config::between(Duration::microseconds(1), Duration::seconds(3'600))))
        out.target = latency.as_seconds();
      return;
    case Metric::concurrency:
    case Metric::queue:
      value.number(out.target, config::between(0.001, 1e6));
      return;
  }
}

bool read_worker_metric(const Value& value, Kind kind, Metric& out) {
  if (kind == Kind::keda) {
    return value.choice<Metric>(out, {{"queue", Metric::queue},
                                      {"concurrency", Metric::concurrency},
                                      {"requests", Metric::requests}});
  }
  return value.choice<Metric>(out, {{"cpu", Metric::cpu},
                                    {"queue", Metric::queue},
                                    {"lag", Metric::lag},
                                    {"latency", Metric::latency},
                                    {"concurrency", Metric::concurrency},
                                    {"requests", Metric::requests}});
}

// A node's work is known where it has processors (`proxies.cores_per_node`); KEDA and Knative ask
// for the total of what adds up.
bool read_edge_metric(const Value& value, Kind kind, Metric& out) {
  if (kind == Kind::keda || kind == Kind::kpa)
    return value.choice<Metric>(out, {{"requests", Metric::requests}});
  return value.choice<Metric>(out, {{"requests", Metric::requests}, {"cpu", Metric::cpu}});
}

bool read_metric(const Value& value, ScaledTierName tier, Kind kind, Metric& out) {
  if (!value.present()) return true;
  if (tier == ScaledTierName::edge) return read_edge_metric(value, kind, out);
  if (tier == ScaledTierName::workers) return read_worker_metric(value, kind, out);
  switch (kind) {
    case Kind::hpa:
      return value.choice<Metric>(out, {{"cpu", Metric::cpu},
                                        {"concurrency", Metric::concurrency},
                                        {"requests", Metric::requests},
                                        {"latency", Metric::latency}});
    case Kind::keda:
      return value.choice<Metric>(out, {{"queue", Metric::queue},
                                        {"concurrency", Metric::concurrency},
                                        {"requests", Metric::requests}});
    case Kind::kpa:
      return value.choice<Metric>(
          out, {{"concurrency", Metric::concurrency}, {"requests", Metric::requests}});
    default:
      return value.choice<Metric>(out, {{"cpu", Metric::cpu}, {"requests", Metric::requests}});
  }
}

bool may_sleep(ScaledTierName tier, Kind kind) {
  return tier == ScaledTierName::workers && kind == Kind::keda;
}

// One metric with what belongs to it; of a list, or of the autoscaler itself.
void read_one(Mapping& map, ScaledTierName tier, Kind kind, MetricTarget& out) {
  const bool known = read_metric(map.optional("metric"), tier, kind, out.metric);
  const Value target = map.required("target");
  if (known) read_target(target, out);
  if (may_sleep(tier, kind))
    map.optional("activation").number(out.activation, config::between(0.0, 1e9));
}

void refuse_the_one(Mapping& map, ScaledTierName tier, Kind kind) {
  std::vector<Value> given{map.optional("metric"), map.optional("target")};
  if (may_sleep(tier, kind)) given.push_back(map.optional("activation"));
  for (const Value& value : given) {
    if (value.present())
      value.fail("SCN-412", "must not be given together with metrics", "write it into the list");
  }
}

}  // namespace

void read_scale_metrics(Mapping& map, ScaledTierName tier, AutoscalerSpec& out) {
  const bool takes_several = out.kind == Kind::hpa || out.kind == Kind::keda;
  const Value list = takes_several ? map.optional("metrics") : Value();
  if (!list.present()) return read_one(map, tier, out.kind, out.metrics.front());
  refuse_the_one(map, tier, out.kind);
  const auto elements = list.elements();
  if (elements.empty() || elements.size() > AutoscalerSpec::metrics_max)
    list.fail("SCN-412", fmt::format("must be 1 to {} metrics", AutoscalerSpec::metrics_max));
  std::vector<MetricTarget> metrics;
  for (const Value& element : elements) {
    Mapping one = element.mapping();
    MetricTarget read{out.metrics.front().metric};
    read_one(one, tier, out.kind, read);
    one.finish();
    const auto same = [&read](const MetricTarget& other) { return other.metric == read.metric; };
    if (std::ranges::any_of(metrics, same))
      element.fail("SCN-412", "must not name a metric that was named before");
    metrics.push_back(read);
  }
  if (!metrics.empty()) out.metrics = std::move(metrics);
}

}  // namespace haldane::models
