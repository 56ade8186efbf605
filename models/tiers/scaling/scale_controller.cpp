#include "models/tiers/scaling/scale_controller.h"

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
  for (const AutoscalerSpec::MetricTarget& each : spec.metrics)
    rules.triggers.push_back({each.target, each.activation});
  rules.cooldown = spec.cooldown;
  rules.idle = spec.idle;
  rules.tolerance = spec.tolerance;
  rules.behavior = spec.behavior;
  return rules;
}

template <class Rules>
Rules bounded(Rules rules, const AutoscalerSpec& spec) {
  rules.min = spec.min;
  rules.max = spec.max;
  rules.target = spec.metrics.front().target;
  return rules;
}

// Kubernetes keeps quantities in thousandths.
std::int64_t thousandths(double value) {
  return static_cast<std::int64_t>(std::clamp(value, 0.0, 1e12) * 1e3 + 0.5);
}

bool is_value(Metric metric) {
  return metric == Metric::latency || metric == Metric::lag;
}

// Nobody was answered, so that there is no mean.
bool is_missing(Metric metric, const ScaleSums& sums) {
  return metric == Metric::latency && sums.answered == 0;
}

// **Domain** is_value(). **Units** seconds.
double value_of(Metric metric, const ScaleSums& sums) {
  if (metric == Metric::lag) return sums.lag * 1e-9;
  return sums.answered > 0 ? sums.latency / sums.answered * 1e-9 : 0;
}

// The whole fleet's, averaged over time. **Domain** a metric that adds up.
double total_of(Metric metric, const ScaleSums& sums) {
  if (metric == Metric::requests) return sums.requests / sums.span.as_seconds();
  const double level = metric == Metric::queue ? sums.in_system - sums.busy : sums.in_system;
  return level / static_cast<double>(sums.span.count_ns());
}

// What a controller compares with the target: a value, or what comes to one replica.
double signal_of(Metric metric, const ScaleSums& sums, std::uint32_t slots) {
  if (is_value(metric)) return value_of(metric, sums);
  if (!(sums.ready > 0)) return 0;
  if (metric == Metric::cpu) return sums.busy / (sums.ready * slots);
  return total_of(metric, sums) * static_cast<double>(sums.span.count_ns()) / sums.ready;
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
    case Kind::keda_jobs:
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
  if (spec_.kind == Kind::keda_jobs) return look_jobs(signals, fleet);
  const ScaleSums sums = signals.before(seen, spec_.metric_period);
  const bool nothing = std::ranges::all_of(
      spec_.metrics, [&sums](const auto& each) { return is_missing(each.metric, sums); });
  if (sums.span == Duration{} || nothing)
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
  if (sums.span == Duration{}) return {0, {wanted, wanted, ScaleLimit::no_signal}, true};
  const std::vector<double> all = totals(sums);
  const ScaleDecision decision = std::get<KedaController>(rule_).poll(now, wanted, all);
  return {all[decision.metric], decision, true};
}

std::vector<double> ScaleController::totals(const ScaleSums& sums) const {
  std::vector<double> result;
  for (const auto& each : spec_.metrics) result.push_back(total_of(each.metric, sums));
  return result;
}

// Replicas share the load by a balancer, so the average stands for each of them.
HpaProposal ScaleController::proposal_of(const AutoscalerSpec::MetricTarget& metric, double signal,
                                         const ScaleSums& sums, const FleetState& fleet) const {
  if (is_value(metric.metric)) {
    return value_proposal(thousandths(signal * 1e6), thousandths(metric.target * 1e6), fleet.ready,
                          fleet.wanted, spec_.tolerance);
  }
  PodUsage pods;
  pods.request = 1'000;
  pods.counted = sums.ready > 0 ? fleet.counted : 0;
  pods.unready = fleet.wanted - pods.counted;
  pods.usage = thousandths(signal * pods.counted);
  if (metric.metric == Metric::cpu) {
    return resource_proposal(pods, std::max<std::int64_t>(1, thousandths(metric.target) / 10),
                             fleet.wanted, spec_.tolerance);
  }
  return pods_proposal(pods, std::max<std::int64_t>(1, thousandths(metric.target)), fleet.wanted,
                       spec_.tolerance);
}

ScaleLook ScaleController::look_hpa(SimTime now, const ScaleSums& sums, const FleetState& fleet) {
  std::vector<double> signals;
  std::vector<std::optional<HpaProposal>> proposals;
  for (const auto& each : spec_.metrics) {
    signals.push_back(signal_of(each.metric, sums, fleet.slots));
    proposals.emplace_back();
    if (!is_missing(each.metric, sums))
      proposals.back() = proposal_of(each, signals.back(), sums, fleet);
  }
  const HpaProposal proposal = largest_proposal(proposals, fleet.wanted);
  return {signals[proposal.metric],
          std::get<HpaController>(rule_).decide(now, fleet.wanted, proposal)};
}

ScaleLook ScaleController::look_keda(SimTime now, const ScaleSums& sums, const FleetState& fleet) {
  const std::vector<double> all = totals(sums);
  const ScaleDecision decision = std::get<KedaController>(rule_).sync(now, fleet.wanted, all);
  return {all[decision.metric], decision};
}

// KEDA asks the queue itself, so that nothing is averaged.
ScaleLook ScaleController::look_jobs(const ScaleSignals& signals, const FleetState& fleet) {
  KedaJobRules rules = spec_.jobs;
  const AutoscalerSpec::MetricTarget& metric = spec_.metrics.front();
  rules.min = spec_.min;
  rules.max = spec_.max;
  rules.target = metric.target;
  rules.activation = metric.activation;
  const double in_hand = metric.metric == Metric::queue ? signals.busy_now() : 0;
  const double total = signals.in_system_now() - in_hand;
  return {total, decide_jobs(rules, total, {fleet.wanted, fleet.pending})};
}

ScaleLook ScaleController::look_kpa(SimTime now, SimTime seen, ScaleSignals& signals,
                                    const FleetState& fleet) {
  const Metric metric = spec_.metrics.front().metric;
  const double stable = total_of(metric, signals.before(seen, spec_.kpa.stable_window));
  const double panic = total_of(metric, signals.before(seen, spec_.kpa.panic_window));
  return {stable, std::get<KpaController>(rule_).decide(now, fleet.ready, stable, panic)};
}

ScaleLook ScaleController::look_tracking(SimTime now, const ScaleSums& sums,
                                         const FleetState& fleet) {
  const double signal = signal_of(spec_.metrics.front().metric, sums, fleet.slots);
  return {signal, std::get<TargetTracker>(rule_).decide(now, fleet.wanted, signal)};
}

}  // namespace haldane::models
