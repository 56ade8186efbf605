// Every classical test against R 4.2.2 (tests/golden/r): p-values to 1e-9, Hodges-Lehmann intervals
// to 1e-6 of the range of shifts, Fisher's estimate and interval to 1e-4 (where R itself stops).
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "analysis/compare/fisher_exact.h"
#include "analysis/compare/hodges_lehmann.h"
#include "analysis/compare/kolmogorov_smirnov.h"
#include "analysis/compare/mann_whitney.h"
#include "analysis/compare/poisson_rates.h"
#include "analysis/compare/two_proportion.h"
#include "analysis/compare/welch.h"
#include "tests/unit/analysis_compare/golden_table.h"

namespace haldane::analysis {
namespace {

constexpr double p_tolerance = 1e-9;

std::vector<double> sorted(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values;
}

void expect_close(double actual, double expected, double tolerance, const std::string& label) {
  if (std::isinf(expected)) {
    EXPECT_EQ(actual, expected) << label;
  } else {
    EXPECT_NEAR(actual, expected, tolerance) << label;
  }
}

void expect_relative(double actual, double expected, double tolerance, const std::string& label) {
  expect_close(actual, expected, tolerance * std::max(1e-300, std::abs(expected)), label);
}

void expect_interval(const IntervalEstimate& actual, const GoldenRow& row, double tolerance) {
  expect_close(actual.low, row.number("low"), tolerance, row.label() + " low");
  expect_close(actual.high, row.number("high"), tolerance, row.label() + " high");
}

TEST(AgreementWithR, MannWhitneyAndHodgesLehmann) {
  const auto rows = golden_rows("mann_whitney");
  ASSERT_GT(rows.size(), 70U);
  for (const GoldenRow& row : rows) {
    const auto x = sorted(row.numbers("x"));
    const auto y = sorted(row.numbers("y"));
    const MannWhitney test = mann_whitney(x, y, row.alternative());
    expect_close(test.wins, row.number("statistic"), 1e-9, row.label());
    expect_close(test.p_value, row.number("p_value"), p_tolerance, row.label());
    const auto shift = hodges_lehmann(x, y, row.alternative(), row.number("confidence"));
    ASSERT_TRUE(shift.has_value()) << row.label();
    const double range = std::max(x.back() - y.front(), y.back() - x.front());
    const double tolerance = 1e-6 * range;
    expect_close(shift->estimate, row.number("estimate"), tolerance, row.label() + " estimate");
    expect_interval(*shift, row, tolerance);
  }
}

TEST(AgreementWithR, Welch) {
  const auto rows = golden_rows("welch");
  ASSERT_GT(rows.size(), 70U);
  for (const GoldenRow& row : rows) {
    const auto test = welch(sample_moments(row.numbers("x")), sample_moments(row.numbers("y")),
                            row.alternative(), row.number("shift"), row.number("confidence"));
    ASSERT_TRUE(test.has_value()) << row.label();
    expect_relative(test->t, row.number("t"), 1e-10, row.label());
    expect_relative(test->degrees_of_freedom, row.number("df"), 1e-10, row.label());
    expect_close(test->p_value, row.number("p_value"), p_tolerance, row.label());
    expect_relative(test->difference.low, row.number("low"), 1e-8, row.label() + " low");
    expect_relative(test->difference.high, row.number("high"), 1e-8, row.label() + " high");
  }
}

TEST(AgreementWithR, KolmogorovSmirnov) {
  const auto rows = golden_rows("kolmogorov_smirnov");
  ASSERT_GT(rows.size(), 40U);
  for (const GoldenRow& row : rows) {
    const auto test =
        kolmogorov_smirnov(sorted(row.numbers("x")), sorted(row.numbers("y")), row.alternative());
    expect_close(test.distance, row.number("statistic"), 1e-12, row.label());
    expect_close(test.p_value, row.number("p_value"), p_tolerance, row.label());
  }
}

TEST(AgreementWithR, TwoProportions) {
  const auto rows = golden_rows("two_proportion");
  ASSERT_GT(rows.size(), 40U);
  for (const GoldenRow& row : rows) {
    const auto v = row.numbers("cells");
    const auto test = two_proportion({v[0], v[1]}, {v[2], v[3]}, row.alternative(),
                                     row.number("yates") > 0, row.number("confidence"));
    ASSERT_TRUE(test.has_value()) << row.label();
    expect_close(test->chi_squared, row.number("statistic"), 1e-9, row.label());
    expect_close(test->p_value, row.number("p_value"), p_tolerance, row.label());
    expect_interval(test->difference, row, 1e-9);
  }
}

TEST(AgreementWithR, FisherExact) {
  const auto rows = golden_rows("fisher_exact");
  ASSERT_GT(rows.size(), 40U);
  for (const GoldenRow& row : rows) {
    const auto v = row.numbers("cells");
    const auto whole = [](double value) { return static_cast<std::int64_t>(value); };
    const FisherExact test =
        fisher_exact({whole(v[0]), whole(v[1] - v[0]), whole(v[2]), whole(v[3] - v[2])},
                     row.alternative(), row.number("odds"), row.number("confidence"));
    expect_close(test.p_value, row.number("p_value"), p_tolerance, row.label());
    // R's own roots are good to about 1.2e-4 in t, or in 1 / t above one.
    const auto near = [&](double actual, const char* column) {
      const double expected = row.number(column);
      const double size = std::max(1.0, expected * expected);
      expect_close(actual, expected, 1.3e-4 * size, row.label() + " " + column);
    };
    near(test.odds_ratio.estimate, "estimate");
    near(test.odds_ratio.low, "low");
    near(test.odds_ratio.high, "high");
  }
}

TEST(AgreementWithR, PoissonRates) {
  const auto rows = golden_rows("poisson_rates");
  ASSERT_GT(rows.size(), 40U);
  for (const GoldenRow& row : rows) {
    const auto v = row.numbers("cells");
    const PoissonRates test = poisson_rates(
        {static_cast<std::int64_t>(v[0]), v[1]}, {static_cast<std::int64_t>(v[2]), v[3]},
        row.alternative(), row.number("ratio"), row.number("confidence"));
    expect_close(test.p_value, row.number("p_value"), p_tolerance, row.label());
    expect_relative(test.ratio.estimate, row.number("estimate"), 1e-12, row.label());
    expect_relative(test.ratio.low, row.number("low"), 1e-9, row.label() + " low");
    expect_relative(test.ratio.high, row.number("high"), 1e-9, row.label() + " high");
  }
}

}  // namespace
}  // namespace haldane::analysis
