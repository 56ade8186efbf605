// `api.outliers`, `api.weights`, `api.balancer_slow_start` and `api.peak_ewma_decay`: what a
// balancer knows of its replicas.
#include <algorithm>

#include <fmt/format.h>

#include "models/spec/sections.h"

namespace haldane::models {
namespace {

using config::Mapping;

const config::Range<Duration> span_range =
    config::between(Duration::milliseconds(10), Duration::seconds(86'400));

// Both detections wait for enough to judge by.
template <class Spec>
void finish_with_minimums(Mapping& rule, Spec& spec) {
  rule.optional("min_replicas").count(spec.min_replicas, 1, ScenarioLimits::replicas_max);
  rule.optional("min_requests").count(spec.min_requests, 1, 1'000'000'000);
  rule.finish();
}

void read_success_rate(const Value& value, OutlierRules& out) {
  if (!value.present()) return;
  out.success_rate.reset();
  if (value.is_word("none")) return;
  Mapping rule = value.mapping();
  OutlierRules::SuccessRate spec;
  rule.optional("deviations").number(spec.deviations, config::between(0.0, 100.0));
  finish_with_minimums(rule, spec);
  out.success_rate = spec;
}

void read_failure_ratio(const Value& value, OutlierRules& out) {
  if (!value.present() || value.is_word("none")) return;
  Mapping rule = value.mapping();
  OutlierRules::FailureRatio spec;
  rule.optional("threshold").share(spec.threshold, config::above_to(0.0, 1.0));
  finish_with_minimums(rule, spec);
  out.failure_ratio = spec;
}

// Where all weigh the same, Envoy takes the better of two at random.
void check_groups(const Value& groups, std::uint64_t replicas, ApiSpec& api) {
  if (replicas > api.replicas) {
    groups.fail("SCN-495", fmt::format("must name no more replicas than there are, but {} > {}",
                                       replicas, api.replicas));
    api.weights.groups.clear();
    return;
  }
  const std::vector<double> weights = api.weights.weights_of(api.replicas);
  const auto differs = [&weights](double weight) { return weight != weights.front(); };
  if (!api.autoscaler && std::ranges::none_of(weights, differs)) {
    groups.fail("SCN-495", "must give some replicas another weight than others",
                "write balancer: power_of_two, which is the rule for equals");
  }
}

}  // namespace

void read_ewma_decay(const Value& value, ApiSpec& out) {
  value.duration(out.peak_ewma_decay, span_range);
  if (value.present() && out.balancer != Balancer::peak_ewma) {
    value.fail("SCN-445", "means nothing with this balancer", "write balancer: peak_ewma");
  }
}

void read_weights(Mapping& api, ApiSpec& out) {
  const bool weighs = out.balancer == Balancer::weighted_least_requests;
  const Value value = weighs ? api.required("weights") : api.optional("weights");
  if (!value.present()) return;
  Mapping weights = value.mapping();
  std::uint64_t replicas = 0;
  const Value groups = weights.required("groups");
  for (const Value& element : groups.elements()) {
    Mapping group = element.mapping();
    ReplicaWeightsSpec::Group& one = out.weights.groups.emplace_back();
    group.required("replicas").count(one.replicas, 1, ScenarioLimits::replicas_max);
    group.required("weight").count(one.weight, 1, 1'000'000);
    group.finish();
    replicas += one.replicas;
  }
  weights.optional("active_request_bias")
      .number(out.weights.active_request_bias, config::between(0.0, 4.0));
  weights.finish();
  if (!weighs) {
    value.fail("SCN-494", "means nothing with this balancer",
               "write balancer: weighted_least_requests");
  }
  check_groups(groups, replicas, out);
}

// Where Envoy has it: its round robin and its least requests.
void read_balancer_slow_start(const Value& value, ApiSpec& out) {
  if (!value.present() || value.is_word("none")) return;
  Mapping slow_start = value.mapping();
  SlowStartWeight rule;
  slow_start.required("window").duration(
      rule.window, config::between(Duration::milliseconds(1), Duration::seconds(86'400)));
  slow_start.optional("aggression").number(rule.aggression, config::between(0.01, 100.0));
  slow_start.optional("min_weight").share(rule.min_weight, config::between(0.001, 1.0));
  slow_start.finish();
  const bool weighs =
      out.balancer == Balancer::round_robin || out.balancer == Balancer::least_requests ||
      out.balancer == Balancer::power_of_two || out.balancer == Balancer::weighted_least_requests;
  if (weighs) {
    out.balancer_slow_start = rule;
  } else {
    value.fail("SCN-497", "means nothing with this balancer",
               "write balancer: round_robin, least_requests, power_of_two or "
               "weighted_least_requests");
  }
}

void read_outliers(const Value& value, std::optional<OutlierRules>& out) {
  if (!value.present() || value.is_word("none")) return;
  Mapping outliers = value.mapping();
  OutlierRules rules;
  outliers.optional("consecutive_errors").count(rules.consecutive_errors, 0, 1'000'000);
  outliers.optional("interval").duration(rules.interval, span_range);
  outliers.optional("ejection").duration(rules.ejection, span_range);
  // As in Envoy, an ejection longer than the default maximum raises it.
  rules.max_ejection = std::max(rules.max_ejection, rules.ejection);
  outliers.optional("max_ejection").duration(rules.max_ejection, span_range);
  outliers.optional("max_ejected").share(rules.max_ejected, config::between(0.0, 1.0));
  outliers.optional("always_one").boolean(rules.always_one);
  read_success_rate(outliers.optional("success_rate"), rules);
  read_failure_ratio(outliers.optional("failure_ratio"), rules);
  outliers.optional("panic").share(rules.panic, config::between(0.0, 1.0));
  if (rules.max_ejection < rules.ejection) {
    outliers.fail("SCN-446",
                  fmt::format("must have max_ejection >= ejection, but has {} s and {} s",
                              rules.max_ejection.as_seconds(), rules.ejection.as_seconds()));
  }
  outliers.finish();
  out = rules;
}

}  // namespace haldane::models
