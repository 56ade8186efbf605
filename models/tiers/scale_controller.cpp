#include "models/tiers/scale_controller.h"

#include <algorithm>

namespace haldane::models {
namespace {

using Kind = AutoscalerSpec::Kind;
using Metric = AutoscalerSpec::Metric;

HpaRules hpa_rules(const AutoscalerSpec& spec) {
  HpaRules rules;
  rules.min = spec.min;
  rules.max = spec.max;
  rules.tolerance = spec.tolerance;
  rules.downscale_stabilization = spec.downscale_stabilization;
  rules.behavior = spec.behavior;
  return rules;
}

KedaRules keda_rules(const AutoscalerSpec& spec) {
  KedaRules rules;
  rules.min = spec.min;
  rules.max = spec.max;
  rules.threshold = spec.target;
  rules.activation = spec.activation;
  rules.cooldown = spec.cooldown;
  rules.tolerance = spec.tolerance;
  rules.behavior = spec.behavior;
  return rules;
}

template <class Rules>
Rules bounded(Rules rules, const AutoscalerSpec& spec) {
  rules.min = spec.min;
  rules.max = spec.max;
  rules.target = spec.target;
  return rules;
}

// Kubernetes keeps quantities in thousandths.
std::int64_t thousandths(double value) {
  return static_cast<std::int64_t>(std::clamp(value, 0.0, 1e12) * 1e3 + 0.5);
}

}  // namespace

ScaleController::ScaleController(const AutoscalerSpec& spec, std::uint32_t ready) : spec_(spec) {
  switch (spec.kind) {
    case Kind::hpa:
      rule_ = HpaController(hpa_rules(spec));
      return;
    case Kind::keda:
      rule_ = KedaController(keda_rules(spec));
      return;
    case Kind::kpa:
      rule_ = KpaController(bounded(spec.kpa, spec), ready, SimTime::zero());
      return;
    case Kind::target_tracking:
      rule_ = TargetTracker(bounded(spec.tracking, spec));
      return;
    case Kind::schedule:
      return;
  }
}

Duration ScaleController::longest_window(const AutoscalerSpec& spec) {
  if (spec.kind != Kind::kpa) return spec.metric_period;
  return std::max({spec.metric_period, spec.kpa.stable_window, spec.kpa.panic_window});
}

ScaleLook ScaleController::look(SimTime now, SimTime seen, ScaleSignals& signals,
                                const FleetState& fleet) {
  if (spec_.kind == Kind::schedule) return {0, scheduled(spec_.steps, now, fleet.wanted)};
  const ScaleSums sums = signals.before(seen, spec_.metric_period);
  const bool unanswered = spec_.metric == Metric::latency && sums.answered == 0;
  if (sums.span == Duration{} || unanswered)
    return {0, {fleet.wanted, fleet.wanted, ScaleLimit::no_signal}};
  switch (spec_.kind) {
    case Kind::hpa:
      return look_hpa(now, sums, fleet);
    case Kind::keda:
      return look_keda(now, sums, fleet);
    case Kind::kpa:
      return look_kpa(now, seen, signals, fleet);
    default:
      return look_tracking(now, sums, fleet);
  }
}

ScaleLook ScaleController::poll(SimTime now, SimTime seen, ScaleSignals& signals,
                                std::uint32_t wanted) {
  const ScaleSums sums = signals.before(seen, spec_.metric_period);
  if (sums.span == Duration{}) return {0, {wanted, wanted, ScaleLimit::no_signal}};
  const double all = total(sums);
  return {all, std::get<KedaController>(rule_).poll(now, wanted, all)};
}

// **Domain** is_value(). **Units** seconds.
double ScaleController::value(const ScaleSums& sums) const {
  if (spec_.metric == Metric::lag) return sums.lag * 1e-9;
  return sums.latency / sums.answered * 1e-9;
}

// The whole fleet's, averaged over time. **Domain** a metric that adds up.
double ScaleController::total(const ScaleSums& sums) const {
  if (spec_.metric == Metric::requests) return sums.requests / sums.span.as_seconds();
  const double level = spec_.metric == Metric::queue ? sums.in_system - sums.busy : sums.in_system;
  return level / static_cast<double>(sums.span.count_ns());
}

double ScaleController::of_a_replica(const ScaleSums& sums, std::uint32_t slots) const {
  if (!(sums.ready > 0)) return 0;
  if (spec_.metric == Metric::cpu) return sums.busy / (sums.ready * slots);
  return total(sums) * static_cast<double>(sums.span.count_ns()) / sums.ready;
}

// Replicas share the load by a balancer, so the average stands for each of them.
ScaleLook ScaleController::look_hpa(SimTime now, const ScaleSums& sums, const FleetState& fleet) {
  auto& hpa = std::get<HpaController>(rule_);
  if (is_value()) {
    const double seconds = value(sums);
    const HpaProposal proposal =
        value_proposal(thousandths(seconds * 1e6), thousandths(spec_.target * 1e6), fleet.ready,
                       fleet.wanted, spec_.tolerance);
    return {seconds, hpa.decide(now, fleet.wanted, proposal)};
  }
  const double each = of_a_replica(sums, fleet.slots);
  PodUsage pods;
  pods.request = 1'000;
  pods.counted = sums.ready > 0 ? fleet.counted : 0;
  pods.unready = fleet.wanted - pods.counted;
  pods.usage = thousandths(each * pods.counted);
  const HpaProposal proposal =
      spec_.metric == Metric::cpu
          ? resource_proposal(pods, std::max<std::int64_t>(1, thousandths(spec_.target) / 10),
                              fleet.wanted, spec_.tolerance)
          : pods_proposal(pods, std::max<std::int64_t>(1, thousandths(spec_.target)), fleet.wanted,
                          spec_.tolerance);
  return {each, hpa.decide(now, fleet.wanted, proposal)};
}

ScaleLook ScaleController::look_keda(SimTime now, const ScaleSums& sums, const FleetState& fleet) {
  const double value = total(sums);
  return {value, std::get<KedaController>(rule_).sync(now, fleet.wanted, value)};
}

ScaleLook ScaleController::look_kpa(SimTime now, SimTime seen, ScaleSignals& signals,
                                    const FleetState& fleet) {
  const double stable = total(signals.before(seen, spec_.kpa.stable_window));
  const double panic = total(signals.before(seen, spec_.kpa.panic_window));
  return {stable, std::get<KpaController>(rule_).decide(now, fleet.ready, stable, panic)};
}

ScaleLook ScaleController::look_tracking(SimTime now, const ScaleSums& sums,
                                         const FleetState& fleet) {
  const double each = is_value() ? value(sums) : of_a_replica(sums, fleet.slots);
  return {each, std::get<TargetTracker>(rule_).decide(now, fleet.wanted, each)};
}

}  // namespace haldane::models
