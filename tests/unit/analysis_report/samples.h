// A small run and a small verdict with every shape a report must cope with: empty bounds, absent
// tiers, names that want to be markup.
#pragma once

#include "analysis/estimate/run_result.h"
#include "analysis/judge/verdict.h"

namespace haldane::analysis {

inline RunResult sample_run() {
  RunResult run;
  run.scenario = "shop";
  run.seed = 7;
  run.replications = 2;
  run.threads = 2;
  run.simulated_s = 600;
  run.warmup_s = 60;
  run.warmup_automatic = true;
  run.requests = 1'234'567;
  run.events = 5'000'000;
  run.wall_s = 1.25;
  run.cpu_s = 2.5;
  run.digest = "0123456789abcdef";
  run.metrics = {
      {"requests.rate_per_s", "1/s", 3600.123456, 3590.5, 3609.75, 0.95},
      {"requests.error_ratio", "ratio", 0.00125, 0.0011, 0.0014, 0.95},
      {"requests.latency_ms.p999", "ms", 103.25, 101.0, {}, 0.95},
      {"edge.hit_ratio", "ratio", {}, {}, {}, 0.95},
      {"api.replicas.mean", "1", 14.0, 14.0, 14.0, 0.95},
      {"api.queue_depth.max", "1", 9.0, {}, {}, 0.95},
  };
  run.objectives = {{"requests.error_ratio < 1%", true, 0.00125, 0.0011, 0.0014},
                    {"api.queue_depth.max < 5", false, 9.0, {}, {}},
                    {"edge.hit_ratio > 90%", {}, {}, {}, {}}};
  run.series = {{"requests.rate_per_s", {0.5, 1.5, 2.5}, {3600.0, {}, 3601.5}}};
  run.distributions = {{"requests.latency_ms", 4, {{1.0, 0.5}, {5.0, 0.9}, {9.0, 1.0}}}};
  return run;
}

inline Evidence sample_latency_evidence() {
  Evidence latency;
  latency.name = "latency_ms";
  latency.quantile = 0.99;
  latency.baseline = {1000, 71.5, {}, {}};
  latency.canary = {1000, 88.0, {}, {}};
  latency.n_effective = 900;
  latency.estimate = 0.231;
  latency.ci_low = 0.2;
  latency.ci_high = 0.26;
  latency.margin = 0.05;
  latency.e_value = 1e6;
  latency.method = "beta_binomial_quantile";
  latency.outcome = Evidence::Outcome::beyond_margin;
  latency.reason = "beyond";
  return latency;
}

inline Evidence sample_error_evidence() {
  Evidence errors;
  errors.name = "errors<script>";
  errors.role = Role::guardrail;
  errors.kind = MetricKind::ratio;
  errors.baseline = {5000, 0.0, 0.0, 5000.0};
  errors.canary = {5000, 0.0, 0.0, 5000.0};
  errors.scale = Evidence::Scale::absolute;
  errors.margin = 0.001;
  errors.method = "beta_binomial_rate";
  return errors;
}

inline Verdict sample_verdict() {
  Verdict verdict;
  verdict.decision = Decision::rollback;
  verdict.score = 25;
  verdict.reasons = {"latency_ms p99: +23.1 % [+20 %, +26 %] is beyond the margin of 5 %"};
  verdict.metrics = {sample_latency_evidence(), sample_error_evidence()};
  verdict.inputs = {{"baseline.csv", std::string(64, 'a')}};
  MetricPolicy policy;
  policy.name = "latency_ms";
  policy.quantiles = {0.5, 0.999};
  policy.margin.relative = 0.05;
  verdict.policy.metrics = {policy};
  verdict.ecdfs = {
      {"latency_ms", {{1, 0.5, 0.4, 0.6}, {2, 1, 0.9, 1}}, {{1, 0.4, 0.3, 0.5}, {3, 1, 0.9, 1}}}};
  return verdict;
}

}  // namespace haldane::analysis
