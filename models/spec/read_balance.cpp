// `api.outliers` and `api.peak_ewma_decay`: what a balancer remembers of its replicas.
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

}  // namespace

void read_ewma_decay(const Value& value, ApiSpec& out) {
  value.duration(out.peak_ewma_decay, span_range);
  if (value.present() && out.balancer != Balancer::peak_ewma) {
    value.fail("SCN-445", "means nothing with this balancer", "write balancer: peak_ewma");
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
