// `traffic.client`: how patient clients are, and what they do about late and failed answers.
#include "models/spec/sections.h"

namespace haldane::models {
namespace {

using config::Mapping;

constexpr std::uint32_t tokens_max = 1'000'000;
constexpr std::uint32_t hedged_attempts_end = 128;  // RequestTag::hedge_bit

RetryBudgetSpec read_grpc(Mapping& budget) {
  GrpcThrottleRules rules;
  budget.optional("max_tokens").count(rules.max_tokens, 1, 1'000);
  budget.optional("token_ratio").number(rules.token_ratio, config::between(0.001, 1'000.0));
  return rules;
}

void read_reserve(const Value& reserve, FinagleBudgetRules& rules) {
  double reserve_per_s = rules.min_retries_per_s;
  if (!reserve.rate(reserve_per_s, config::between(0.0, 1e6))) return;
  rules.min_retries_per_s = static_cast<std::uint32_t>(reserve_per_s);
  if (static_cast<double>(rules.min_retries_per_s) != reserve_per_s)
    reserve.fail("SCN-441", "must be a whole number a second", "for example 10/s");
}

RetryBudgetSpec read_finagle(Mapping& budget) {
  FinagleBudgetRules rules;
  budget.optional("ratio").share(rules.ratio, config::between(0.0, 10.0));
  read_reserve(budget.optional("min_retries"), rules);
  budget.optional("ttl").duration(rules.ttl,
                                  config::between(Duration::seconds(1), Duration::seconds(60)));
  return rules;
}

RetryBudgetSpec read_envoy(Mapping& budget) {
  EnvoyBudgetRules rules;
  budget.optional("ratio").share(rules.ratio, config::between(0.0, 1.0));
  budget.optional("min_concurrency").count(rules.min_concurrency, 0, tokens_max);
  return rules;
}

RetryBudgetSpec read_aws(Mapping& budget) {
  AwsQuotaRules rules;
  budget.optional("capacity").count(rules.capacity, 1, tokens_max);
  budget.optional("retry_cost").count(rules.retry_cost, 1, tokens_max);
  budget.optional("timeout_cost").count(rules.timeout_cost, 1, tokens_max);
  return rules;
}

void read_breaker(const Value& value, ClientSpec& out) {
  if (!value.present() || value.is_word("none")) return;
  Mapping breaker = value.mapping();
  CircuitBreakerRules rules;
  const auto span = config::inside(Duration{}, ScenarioLimits::duration_max);
  breaker.optional("failure_ratio").share(rules.failure_ratio, config::above_to(0.0, 1.0));
  breaker.optional("slow_ratio").share(rules.slow_ratio, config::above_to(0.0, 1.0));
  breaker.optional("slow_call").duration(rules.slow_call, span);
  breaker.optional("window").count(rules.window, 1, 10'000);
  breaker.optional("min_calls").count(rules.min_calls, 1, 10'000);
  breaker.optional("open").duration(rules.open, span);
  breaker.optional("half_open_calls").count(rules.half_open_calls, 1, 10'000);
  breaker.finish();
  out.breaker = rules;
}

Value read_fixed_delay(Mapping& hedge, const config::Range<Duration>& range, HedgeRules& rules) {
  const Value delay = hedge.required("delay");
  delay.duration(rules.delay, range);
  for (const char* key : {"min_delay", "window"}) {
    const Value value = hedge.optional(key);
    if (value.present())
      value.fail("SCN-496", "is of a delay that follows a percentile", "say which percentile");
  }
  return delay;
}

// A fixed delay, or a percentile of what calls take lately. **Returns** what says how long the wait
// is at least.
Value read_hedge_delay(Mapping& hedge, HedgeRules& rules) {
  const auto range = config::between(Duration::microseconds(1), Duration::seconds(86'400));
  const Value percentile = hedge.optional("percentile");
  if (!percentile.present()) return read_fixed_delay(hedge, range, rules);
  rules.delay = Duration::milliseconds(1);  // Finagle's
  double share = 0;
  if (percentile.share(share, config::inside(0.0, 1.0))) rules.percentile = share;
  const Value least = hedge.optional("min_delay");
  least.duration(rules.delay, range);
  hedge.optional("window").duration(
      rules.window, config::between(Duration::milliseconds(3), Duration::seconds(3'600)));
  const Value delay = hedge.optional("delay");
  if (delay.present())
    delay.fail("SCN-496", "must not be given together with a percentile", "keep one of the two");
  return least.present() ? least : percentile;
}

void read_hedge(const Value& value, ClientSpec& out) {
  if (!value.present() || value.is_word("none")) return;
  Mapping hedge = value.mapping();
  HedgeRules rules;
  const Value when = read_hedge_delay(hedge, rules);
  const Value share = hedge.optional("max_extra_load");
  read_reserve(hedge.optional("min_hedges"), *rules.budget);
  if (share.is_word("none")) {
    rules.budget.reset();
  } else {
    share.share(rules.budget->ratio, config::above_to(0.0, 1.0));
  }
  hedge.finish();
  if (when.present() && rules.delay >= out.timeout)
    when.fail("SCN-438", "must be below the timeout, or nothing is ever asked twice");
  if (out.attempts >= hedged_attempts_end)
    value.fail("SCN-448", "must have fewer than 128 attempts");
  out.hedge = rules;
}

void read_budget(const Value& value, ClientSpec& out) {
  if (!value.present()) return;
  Mapping budget = value.mapping();
  using Read = RetryBudgetSpec (*)(Mapping&);
  Read read = nullptr;
  const bool known = budget.required("kind").choice<Read>(read, {{"grpc", &read_grpc},
                                                                 {"finagle", &read_finagle},
                                                                 {"envoy", &read_envoy},
                                                                 {"aws", &read_aws}});
  if (!known) return;  // without the kind nobody knows which keys are right
  out.budget = read(budget);
  budget.finish();
}

}  // namespace

void read_client(const Value& value, ClientSpec& out) {
  if (!value.present() || value.is_word("none")) return;
  Mapping client = value.mapping();
  const Value timeout = client.optional("timeout");
  if (!timeout.is_word("none")) {
    timeout.duration(out.timeout, config::inside(Duration{}, ScenarioLimits::duration_max));
  }
  client.optional("attempts").count(out.attempts, 1, ScenarioLimits::attempts_max);
  read_backoff(client.optional("backoff"), out.backoff);
  const Value budget = client.optional("budget");
  if (!budget.is_word("none")) read_budget(budget, out);
  read_breaker(client.optional("breaker"), out);
  read_hedge(client.optional("hedge"), out);
  if (out.budget && out.attempts == 1) {
    budget.fail("SCN-440", "means nothing without retries", "say how many attempts there are");
  }
  client.finish();
}

void read_backoff(const Value& value, BackoffSpec& out) {
  Mapping backoff = value.mapping();
  const auto range = config::inside(Duration{}, ScenarioLimits::duration_max);
  const bool has_base = backoff.optional("base").duration(out.base, range);
  backoff.optional("factor").number(out.factor, config::between(1.0, 1'000.0));
  const bool has_cap = backoff.optional("cap").duration(out.cap, range);
  using Jitter = BackoffSpec::Jitter;
  backoff.optional("jitter").choice<Jitter>(out.jitter, {{"full", Jitter::full},
                                                         {"none", Jitter::none},
                                                         {"equal", Jitter::equal},
                                                         {"proportional", Jitter::proportional},
                                                         {"decorrelated", Jitter::decorrelated}});
  if ((has_base || has_cap) && out.cap < out.base) {
    backoff.fail_key(has_cap ? "cap" : "base", "SCN-407", "cap must be >= base");
  }
  backoff.finish();
}

}  // namespace haldane::models
