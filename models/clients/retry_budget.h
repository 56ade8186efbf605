// A budget for retries: told of every attempt, it says whether another one may follow. One of four
// published rules.
#pragma once

#include <variant>

#include "models/clients/aws_quota.h"
#include "models/clients/envoy_budget.h"
#include "models/clients/finagle_budget.h"
#include "models/clients/grpc_throttle.h"

namespace haldane::models {

/// `traffic.client.budget`.
using RetryBudgetSpec =
    std::variant<GrpcThrottleRules, FinagleBudgetRules, EnvoyBudgetRules, AwsQuotaRules>;

/// **Domain** every attempt begins and ends once; times never decrease. **Determinism** depends on
/// the calls only.
class RetryBudget {
 public:
  explicit RetryBudget(const RetryBudgetSpec& spec)
      : rule_(std::visit([](const auto& rules) { return rule_of(rules); }, spec)) {}

  void begin(SimTime now, const Attempt& attempt) {
    std::visit([&](auto& rule) { rule.begin(now, attempt); }, rule_);
  }
  void succeed(SimTime now, const Attempt& attempt) {
    std::visit([&](auto& rule) { rule.succeed(now, attempt); }, rule_);
  }
  /// **Returns** whether a retry is granted; it then begins after its pause.
  bool fail(SimTime now, const Failure& failure) {
    return std::visit([&](auto& rule) { return rule.fail(now, failure); }, rule_);
  }

 private:
  using Rule = std::variant<GrpcThrottle, FinagleBudget, EnvoyBudget, AwsQuota>;
  static Rule rule_of(const GrpcThrottleRules& rules) { return GrpcThrottle(rules); }
  static Rule rule_of(const FinagleBudgetRules& rules) { return FinagleBudget(rules); }
  static Rule rule_of(const EnvoyBudgetRules& rules) { return EnvoyBudget(rules); }
  static Rule rule_of(const AwsQuotaRules& rules) { return AwsQuota(rules); }

  Rule rule_;
};

}  // namespace haldane::models
