// `edge.autoscaler`, `api.autoscaler` and `workers.autoscaler`: a controller, its signal, and the
// chain from there to a working replica. Each kind knows its own keys only, so that a panic window
// of an HPA is an error.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "models/spec/sections.h"

namespace haldane::models {
namespace {

using config::Mapping;
using Kind = AutoscalerSpec::Kind;
using Metric = AutoscalerSpec::Metric;

constexpr Duration step_min = Duration::milliseconds(100);
constexpr Duration step_max = Duration::seconds(3'600);
constexpr std::size_t policies_max = 16;
constexpr std::size_t steps_max = 1'000;

void read_step(const Value& value, Duration& out) {
  value.duration(out, config::between(step_min, step_max));
}

void read_policy(const Value& value, HpaPolicy& out) {
  Mapping policy = value.mapping();
  const auto [name, amount] = policy.exactly_one({"pods", "percent"});
  out.kind = name == "percent" ? HpaPolicy::Kind::percent : HpaPolicy::Kind::pods;
  amount.count(out.value, 1, ScenarioLimits::replicas_max);
  policy.required("period").duration(
      out.period, config::between(Duration::seconds(1), Duration::seconds(1'800)));
  policy.finish();
}

void read_direction(const Value& value, HpaDirection& out) {
  Mapping direction = value.mapping();
  direction.optional("stabilization")
      .duration(out.stabilization, config::between(Duration{}, step_max));
  direction.optional("select").choice<PolicySelect>(out.select,
                                                    {{"max", PolicySelect::max},
                                                     {"min", PolicySelect::min},
                                                     {"disabled", PolicySelect::disabled}});
  const Value policies = direction.optional("policies");
  const auto elements = policies.elements();
  if (policies.present() && (elements.empty() || elements.size() > policies_max))
    policies.fail("SCN-412", fmt::format("must be 1 to {} policies", policies_max));
  if (!elements.empty()) out.policies.clear();
  for (const Value& element : elements) read_policy(element, out.policies.emplace_back());
  direction.finish();
}

void read_behavior(const Value& value, std::optional<HpaBehavior>& out) {
  if (!value.present()) return;
  Mapping behavior = value.mapping();
  HpaBehavior spec;
  read_direction(behavior.optional("scale_up"), spec.up);
  read_direction(behavior.optional("scale_down"), spec.down);
  behavior.finish();
  out = std::move(spec);
}

void read_hpa_rules(Mapping& map, AutoscalerSpec& out) {
  double tolerance = out.tolerance.up;
  map.optional("tolerance").share(tolerance, config::from_below(0.0, 1.0));
  out.tolerance = {tolerance, tolerance};
  const Value window = map.optional("stabilization");
  window.duration(out.downscale_stabilization, config::between(Duration{}, step_max));
  const Value behavior = map.optional("behavior");
  read_behavior(behavior, out.behavior);
  if (window.present() && behavior.present()) {
    window.fail("SCN-412", "must not be given together with behavior",
                "write behavior.scale_down.stabilization");
  }
}

void read_kpa_rules(Mapping& map, KpaRules& out) {
  map.optional("stable_window").duration(out.stable_window, config::between(step_min, step_max));
  const Value panic = map.optional("panic_window");
  if (panic.duration(out.panic_window, config::between(step_min, step_max)) &&
      out.panic_window > out.stable_window) {
    panic.fail("SCN-412", "must not be longer than stable_window");
  }
  map.optional("panic_threshold").number(out.panic_threshold, config::above_to(1.0, 1'000.0));
  map.optional("max_scale_up_rate").number(out.up_rate, config::above_to(1.0, 1e6));
  map.optional("max_scale_down_rate").number(out.down_rate, config::above_to(1.0, 1e6));
  map.optional("scale_down_delay")
      .duration(out.scale_down_delay, config::between(Duration{}, step_max));
}

void read_tracking_rules(Mapping& map, TargetTrackingRules& out) {
  map.optional("cooldown_out").duration(out.cooldown_out, config::between(Duration{}, step_max));
  map.optional("cooldown_in").duration(out.cooldown_in, config::between(Duration{}, step_max));
}

// Of whatever the tier has: nodes of a site, replicas of a cell, workers.
std::uint32_t most_of(ScaledTierName tier) {
  return tier == ScaledTierName::edge ? ScenarioLimits::nodes_per_site_max
                                      : ScenarioLimits::replicas_max;
}

void read_steps(const Value& value, ScaledTierName tier, AutoscalerSpec& out) {
  const std::string_view number = tier == ScaledTierName::edge ? "nodes" : "replicas";
  const auto elements = value.elements();
  if (elements.size() > steps_max)
    value.fail("SCN-412", fmt::format("must be at most {} steps", steps_max));
  for (const Value& element : elements) {
    Mapping step = element.mapping();
    ScheduleStep spec;
    Duration at;
    const Value time = step.required("at");
    if (time.duration(at, config::inside(Duration{}, ScenarioLimits::duration_max))) {
      spec.at = SimTime::zero() + at;
      if (!out.steps.empty() && spec.at <= out.steps.back().at)
        time.fail("SCN-412", "must be later than the step before");
    }
    step.required(number).count(spec.replicas, 1, most_of(tier));
    step.finish();
    out.steps.push_back(spec);
  }
}

// What the real systems do where nothing is said.
void set_defaults(ScaledTierName tier, AutoscalerSpec& out) {
  if (out.kind == Kind::keda) {
    if (tier == ScaledTierName::workers) out.min = 0;
    out.metrics.front().metric = Metric::queue;
    out.max = 100;
  }
  if (out.kind == Kind::keda_jobs) {
    out.min = 0;
    out.max = 100;
  }
  if (out.kind == Kind::kpa) {
    out.metrics.front().metric = Metric::concurrency;
    out.metric_period = out.scrape = Duration::seconds(1);
    out.sync = Duration::seconds(2);
  }
  if (out.kind == Kind::target_tracking)
    out.metric_period = out.scrape = out.sync = Duration::seconds(60);
  if (tier == ScaledTierName::edge) out.metrics.front().metric = Metric::requests;
}

// Between nothing and one replica, where only workers of KEDA can be.
void read_activation(Mapping& map, AutoscalerSpec& out) {
  read_step(map.optional("polling"), out.polling);
  map.optional("cooldown").duration(out.cooldown, config::between(Duration{}, step_max));
  // As KEDA has it: an HPA would raise any other number to its minimum.
  const Value idle = map.optional("idle");
  std::uint32_t replicas = 0;
  if (!idle.count(replicas, 0, 0)) return;
  if (out.min == 0) {
    idle.fail("SCN-412", "must be below min", "with min: 0 workers fall asleep without it");
  } else {
    out.idle = replicas;
  }
}

void read_signal(Mapping& map, ScaledTierName tier, AutoscalerSpec& out) {
  const Value low = map.optional("min");
  const bool may_sleep = tier == ScaledTierName::workers && out.kind == Kind::keda;
  low.count(out.min, may_sleep ? 0 : 1, most_of(tier));
  if (may_sleep) read_activation(map, out);
  const Value high = out.kind == Kind::keda ? map.optional("max") : map.required("max");
  const bool bounded = high.count(out.max, 1, most_of(tier));
  if (bounded && out.max < out.min)
    high.fail("SCN-408", fmt::format("must be >= min ({}), but was {}", out.min, out.max));
  read_scale_metrics(map, tier, out);
  read_step(map.optional("metric_period"), out.metric_period);
  read_step(map.optional("scrape"), out.scrape);
  read_step(map.optional("sync"), out.sync);
}

void read_kind(Mapping& map, ScaledTierName tier, AutoscalerSpec& out) {
  switch (out.kind) {
    case Kind::hpa:
    case Kind::keda:
      read_signal(map, tier, out);
      read_hpa_rules(map, out);
      return;
    case Kind::kpa:
      read_signal(map, tier, out);
      read_kpa_rules(map, out.kpa);
      return;
    case Kind::target_tracking:
      read_signal(map, tier, out);
      read_tracking_rules(map, out.tracking);
      return;
    case Kind::schedule:
      read_steps(map.required("steps"), tier, out);
      return;
    case Kind::keda_jobs:
      read_scaled_jobs(map, out);
      return;
  }
}

bool read_name(const Value& value, ScaledTierName tier, Kind& out) {
  if (tier == ScaledTierName::workers) {
    return value.choice<Kind>(out, {{"hpa", Kind::hpa},
                                    {"keda", Kind::keda},
                                    {"keda_jobs", Kind::keda_jobs},
                                    {"target_tracking", Kind::target_tracking},
                                    {"schedule", Kind::schedule}});
  }
  return value.choice<Kind>(out, {{"hpa", Kind::hpa},
                                  {"keda", Kind::keda},
                                  {"kpa", Kind::kpa},
                                  {"target_tracking", Kind::target_tracking},
                                  {"schedule", Kind::schedule}});
}

}  // namespace

void read_autoscaler(const Value& value, const FileReader& files, ScaledTierName tier,
                     std::uint32_t replicas, std::optional<AutoscalerSpec>& out) {
  if (!value.present() || value.is_word("none")) return;
  Mapping map = value.mapping();
  AutoscalerSpec spec;
  // Without the kind nobody knows which keys are right.
  if (!read_name(map.required("kind"), tier, spec.kind)) return;
  set_defaults(tier, spec);
  read_kind(map, tier, spec);
  read_startup(map.optional("startup"), files, spec.startup);
  map.optional("readiness")
      .duration(spec.readiness, config::between(Duration{}, Duration::seconds(86'400)));
  map.finish();
  if (spec.kind == Kind::schedule) {
    spec.max = replicas;
    for (const ScheduleStep& step : spec.steps) spec.max = std::max(spec.max, step.replicas);
  }
  out = std::move(spec);
}

}  // namespace haldane::models
