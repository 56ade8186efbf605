// One arm of a web service made from random numbers alone: requests with lognormal latency, errors,
// dead letters and an autocorrelated queue depth, in the columns that `simulate --arms` writes.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>
#include <string>

#include "analysis/ingest/observation_table.h"
#include "analysis/judge/policy.h"

namespace haldane::analysis {

struct ArmModel {
  double requests_per_s = 20;
  double latency_median_ms = 20;
  double latency_sigma = 0.6;
  double error_ratio = 0.01;
  double dead_letter_ratio = 0.001;
  double queue_mean = 12;
  double queue_correlation = 0.7;  ///< from one second to the next
};

/// An arm that grows second by second, so that a test can look at it many times.
class SyntheticArm {
 public:
  SyntheticArm(const ArmModel& model, std::uint64_t seed) : model_(model), random_(seed) {
    table_.path = "synthetic";
    table_.has_timestamps = true;
    for (const char* name : {"latency_ms", "requests", "errors", "dead_letters", "queue_depth"}) {
      table_.columns.push_back({name, {}, {}, 0, 0});
    }
  }

  void run(int seconds) {
    for (int i = 0; i < seconds; ++i) second();
  }

  [[nodiscard]] const ObservationTable& table() const { return table_; }

 private:
  void second() {
    const int requests = std::poisson_distribution<int>(model_.requests_per_s)(random_);
    std::lognormal_distribution<double> latency(std::log(model_.latency_median_ms),
                                                model_.latency_sigma);
    std::uniform_real_distribution<double> within(0, 1);
    for (int i = 0; i < requests; ++i) push(0, clock_s_ + within(random_), latency(random_));
    const double noise = std::normal_distribution<double>(0, 1)(random_);
    const double phi = model_.queue_correlation;
    queue_ = phi * queue_ + std::sqrt(1 - phi * phi) * noise;
    push(1, clock_s_, requests);
    push(2, clock_s_, std::binomial_distribution<int>(requests, model_.error_ratio)(random_));
    push(3, clock_s_,
         std::poisson_distribution<int>(requests * model_.dead_letter_ratio + 1e-300)(random_));
    push(4, clock_s_, model_.queue_mean * (1 + 0.25 * queue_));
    ++clock_s_;
    table_.rows += requests + 1;
  }

  void push(std::size_t column, double time_s, double value) {
    table_.columns[column].times_s.push_back(time_s);
    table_.columns[column].values.push_back(value);
  }

  ArmModel model_;
  std::mt19937_64 random_;
  ObservationTable table_;
  double clock_s_ = 0;
  double queue_ = 0;
};

inline ObservationTable synthetic_arm(const ArmModel& model, std::uint64_t seed, int seconds) {
  SyntheticArm arm(model, seed);
  arm.run(seconds);
  return arm.table();
}

inline MetricPolicy latency_policy(double margin = 0.05) {
  MetricPolicy metric;
  metric.name = "latency_ms";
  metric.kind = MetricKind::samples;
  metric.quantiles = {0.5, 0.95, 0.99};
  metric.margin.relative = margin;
  return metric;
}

inline MetricPolicy rate_policy(const std::string& name, MetricKind kind, Margin margin,
                                Role role = Role::guardrail) {
  MetricPolicy metric;
  metric.name = name;
  metric.kind = kind;
  metric.exposure = kind == MetricKind::gauge ? "" : "requests";
  metric.margin = margin;
  metric.role = role;
  return metric;
}

/// The policy of the contract, with the queue as a guardrail.
inline JudgePolicy usual_policy() {
  JudgePolicy policy;
  policy.metrics = {latency_policy(),
                    rate_policy("errors", MetricKind::ratio, {std::nullopt, 0.001}),
                    rate_policy("dead_letters", MetricKind::count, {std::nullopt, 0.0001}),
                    rate_policy("queue_depth", MetricKind::gauge, {0.5, std::nullopt})};
  return policy;
}

}  // namespace haldane::analysis
