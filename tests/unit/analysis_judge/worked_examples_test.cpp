// The worked examples of docs/statistics, to the digits printed there.
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "analysis/compare/fisher_exact.h"
#include "analysis/compare/hodges_lehmann.h"
#include "analysis/compare/kolmogorov_smirnov.h"
#include "analysis/compare/mann_whitney.h"
#include "analysis/compare/poisson_rates.h"
#include "analysis/compare/two_proportion.h"
#include "analysis/compare/welch.h"
#include "analysis/judge/judge.h"

namespace haldane::analysis {
namespace {

std::vector<double> ramp(double factor) {
  std::vector<double> values(1000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = factor * static_cast<double>(i + 1);
  return values;
}

ObservationTable table(std::vector<std::pair<std::string, std::vector<double>>> columns) {
  ObservationTable t;
  for (auto& [name, values] : columns) t.columns.push_back({name, std::move(values), {}, 0, 0});
  return t;
}

Evidence judged(const MetricPolicy& metric, const ObservationTable& b, const ObservationTable& c,
                Mode mode = Mode::sequential) {
  JudgePolicy policy;
  policy.mode = mode;
  policy.metrics = {metric};
  return judge(policy, b, c).metrics.front();
}

MetricPolicy median_policy() {
  MetricPolicy metric;
  metric.name = "latency_ms";
  metric.quantiles = {0.5};
  metric.margin.relative = 0.05;
  return metric;
}

MetricPolicy errors_policy(Margin margin) {
  MetricPolicy metric;
  metric.name = "errors";
  metric.kind = MetricKind::ratio;
  metric.exposure = "requests";
  metric.margin = margin;
  return metric;
}

TEST(WorkedExample, QuantilesAtEveryLook) {
  const Evidence e =
      judged(median_policy(), table({{"latency_ms", ramp(1)}}), table({{"latency_ms", ramp(1.3)}}));
  EXPECT_NEAR(e.estimate.value(), 0.3, 1e-12);
  EXPECT_NEAR(e.ci_low.value(), 0.0913, 1e-4);
  EXPECT_NEAR(e.ci_high.value(), 0.5181, 1e-4);
  EXPECT_NEAR(e.e_value.value(), 3687.1, 0.1);
}

TEST(WorkedExample, QuantilesAtOneLook) {
  const Evidence e = judged(median_policy(), table({{"latency_ms", ramp(1)}}),
                            table({{"latency_ms", ramp(1.3)}}), Mode::fixed);
  EXPECT_NEAR(e.ci_low.value(), 0.1693, 1e-4);
  EXPECT_NEAR(e.ci_high.value(), 0.4029, 1e-4);
  EXPECT_NEAR(e.p_value.value() * 1e6, 1.3736, 1e-3);
}

TEST(WorkedExample, RatesAtEveryLook) {
  const ObservationTable b = table({{"errors", {50}}, {"requests", {10'000}}});
  const ObservationTable c = table({{"errors", {110}}, {"requests", {10'000}}});
  const Evidence ratio = judged(errors_policy({0.2, std::nullopt}), b, c);
  EXPECT_NEAR(ratio.estimate.value(), 1.2, 1e-12);
  EXPECT_NEAR(ratio.ci_low.value(), 0.2603, 1e-4);
  EXPECT_NEAR(ratio.ci_high.value(), 2.6174, 1e-4);
  const Evidence difference = judged(errors_policy({std::nullopt, 0.001}), b, c);
  EXPECT_NEAR(difference.ci_low.value(), 0.001392, 1e-6);
  EXPECT_NEAR(difference.ci_high.value(), 0.010276, 1e-6);
}

TEST(WorkedExample, GaugesAtEveryLook) {
  std::vector<double> b(300);
  std::vector<double> c(300);
  for (std::size_t i = 0; i < b.size(); ++i) {
    b[i] = 10 + static_cast<double>(i * 7 % 5);
    c[i] = 13 + static_cast<double>(i * 3 % 7);
  }
  MetricPolicy metric;
  metric.name = "queue_depth";
  metric.kind = MetricKind::gauge;
  metric.margin.relative = 0.1;
  const Evidence e = judged(metric, table({{"queue_depth", b}}), table({{"queue_depth", c}}));
  EXPECT_NEAR(e.n_effective.value(), 300, 0.1);
  EXPECT_NEAR(e.estimate.value(), 0.3331, 1e-4);
  EXPECT_NEAR(e.ci_low.value(), 0.2892, 1e-4);
  EXPECT_NEAR(e.ci_high.value(), 0.3709, 1e-4);
}

const std::vector<double> old_ms = {10.1, 11.4, 12.0, 12.9, 14.2};
const std::vector<double> new_ms = {11.9, 13.1, 14.0, 15.5, 16.3, 18.8};

TEST(WorkedExample, MannWhitney) {
  const MannWhitney test = mann_whitney(new_ms, old_ms, Alternative::two_sided);
  EXPECT_EQ(test.wins, 25);
  EXPECT_NEAR(test.p_value, 0.08225108, 1e-8);
  const auto shift = hodges_lehmann(new_ms, old_ms, Alternative::two_sided, 0.95);
  EXPECT_NEAR(shift->estimate, 2.6, 1e-9);
  EXPECT_NEAR(shift->low, -0.2, 1e-9);
  EXPECT_NEAR(shift->high, 6.2, 1e-9);
}

TEST(WorkedExample, Welch) {
  const auto test =
      welch(sample_moments(new_ms), sample_moments(old_ms), Alternative::two_sided, 0, 0.95);
  EXPECT_NEAR(test->t, 2.2998, 1e-4);
  EXPECT_NEAR(test->p_value, 0.04878, 1e-5);
}

TEST(WorkedExample, KolmogorovSmirnov) {
  const auto test = kolmogorov_smirnov(new_ms, old_ms, Alternative::two_sided);
  EXPECT_NEAR(test.distance, 0.6333, 1e-4);
  EXPECT_NEAR(test.p_value, 0.17749, 1e-5);
}

TEST(WorkedExample, ClassicalRates) {
  const auto shares =
      two_proportion({110, 10'000}, {50, 10'000}, Alternative::two_sided, false, 0.95);
  EXPECT_NEAR(shares->chi_squared, 22.6815, 1e-4);
  EXPECT_NEAR(shares->difference.low, 0.003532, 1e-6);
  EXPECT_NEAR(shares->difference.high, 0.008468, 1e-6);
  const auto fisher = fisher_exact({110, 9'890, 50, 9'950}, Alternative::two_sided, 1, 0.95);
  EXPECT_NEAR(fisher.p_value * 1e6, 2.179, 0.01);
  EXPECT_NEAR(fisher.odds_ratio.estimate, 2.2133, 1e-4);
  const auto poisson = poisson_rates({110, 10'000}, {50, 10'000}, Alternative::two_sided, 1, 0.95);
  EXPECT_NEAR(poisson.p_value * 1e6, 2.388, 0.01);
  EXPECT_NEAR(poisson.ratio.low, 1.5612, 1e-4);
  EXPECT_NEAR(poisson.ratio.high, 3.1382, 1e-4);
}

}  // namespace
}  // namespace haldane::analysis
