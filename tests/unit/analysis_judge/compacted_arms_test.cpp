// Arms whose rows were folded into bins and slices of time: the verdict is that of the rows, less
// what the bins hide.
#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analysis/ingest/column_sketch.h"
#include "analysis/judge/arms.h"
#include "analysis/judge/judge.h"

namespace haldane::analysis {
namespace {

using testing::Contains;
using testing::HasSubstr;

struct Column {
  std::string name;
  std::vector<double> values;
};

// Rows a tenth of a second apart; `interval_s` 0: without times.
ObservationTable table(const std::vector<Column>& columns, double interval_s = 0.1) {
  ObservationTable t;
  for (const Column& column : columns) {
    ObservationColumn& made = t.columns.emplace_back();
    made.name = column.name;
    made.values = column.values;
    for (std::size_t i = 0; interval_s > 0 && i < column.values.size(); ++i) {
      made.times_s.push_back(1.7e9 + interval_s * static_cast<double>(i));
    }
  }
  t.rows = static_cast<std::int64_t>(columns.front().values.size());
  return t;
}

ObservationTable compacted(ObservationTable t, std::size_t kept_max = 1000) {
  for (ObservationColumn& column : t.columns) compact_rows(column, kept_max);
  return t;
}

std::vector<double> lognormal(std::size_t n, double median, unsigned seed) {
  std::mt19937_64 random(seed);
  std::lognormal_distribution<double> law(std::log(median), 0.4);
  std::vector<double> values(n);
  for (double& v : values) v = law(random);
  return values;
}

std::vector<double> whole(std::vector<double> values) {
  for (double& v : values) v = std::floor(v);
  return values;
}

// Errors by chance, or in runs of `run` rows.
std::vector<double> errors(std::size_t n, double share, std::size_t run, unsigned seed) {
  std::mt19937_64 random(seed);
  std::bernoulli_distribution begins(share / static_cast<double>(run));
  std::vector<double> values(n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    if (!begins(random)) continue;
    for (std::size_t j = i; j < std::min(n, i + run); ++j) values[j] = 1;
  }
  return values;
}

std::vector<double> autoregressive(std::size_t n, double mean, double phi, unsigned seed) {
  std::mt19937_64 random(seed);
  std::normal_distribution<double> noise;
  std::vector<double> values(n);
  double level = 0;
  for (double& v : values) {
    level = phi * level + std::sqrt(1 - phi * phi) * noise(random);
    v = mean * (1 + 0.2 * level);
  }
  return values;
}

MetricPolicy metric(const std::string& name, MetricKind kind, double margin = 0.05) {
  MetricPolicy m;
  m.name = name;
  m.kind = kind;
  m.quantiles = {0.5, 0.95, 0.99};
  m.margin.relative = margin;
  return m;
}

JudgePolicy policy_of(const MetricPolicy& m) {
  JudgePolicy p;
  p.metrics = {m};
  return p;
}

double width(const Evidence& e) {
  return *e.ci_high - *e.ci_low;
}

TEST(CompactedArms, IntervalsOfQuantilesContainThoseOfTheRows) {
  const JudgePolicy policy = policy_of(metric("x", MetricKind::samples));
  for (const unsigned seed : {1U, 2U, 3U}) {
    const ObservationTable b = table({{"x", lognormal(20'000, 20, seed)}}, 0);
    const ObservationTable c = table({{"x", lognormal(20'000, 20.4, seed + 100)}}, 0);
    const Verdict rows = judge(policy, b, c);
    const Verdict bins = judge(policy, compacted(b), compacted(c));
    const Verdict one_arm = judge(policy, compacted(b), c);
    for (std::size_t i = 0; i < 3; ++i) {
      for (const Evidence& e : {bins.metrics[i], one_arm.metrics[i]}) {
        EXPECT_LE(*e.ci_low, *rows.metrics[i].ci_low);
        EXPECT_GE(*e.ci_high, *rows.metrics[i].ci_high);
        EXPECT_NEAR(*e.ci_low, *rows.metrics[i].ci_low, 0.0012);
        EXPECT_NEAR(*e.ci_high, *rows.metrics[i].ci_high, 0.0012);
        EXPECT_EQ(e.baseline.n, 20'000);
      }
      EXPECT_LE(*bins.metrics[i].e_value, *rows.metrics[i].e_value);
    }
    EXPECT_THAT(bins.assumptions, Contains(HasSubstr("is kept as bins")));
  }
}

TEST(CompactedArms, WholeMillisecondsLoseNothing) {
  const JudgePolicy policy = policy_of(metric("x", MetricKind::samples));
  const ObservationTable b = table({{"x", whole(lognormal(20'000, 200, 1))}}, 0);
  const ObservationTable c = table({{"x", whole(lognormal(20'000, 204, 2))}}, 0);
  const Verdict rows = judge(policy, b, c);
  const Verdict bins = judge(policy, compacted(b), compacted(c));
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(bins.metrics[i].ci_low, rows.metrics[i].ci_low);
    EXPECT_EQ(bins.metrics[i].ci_high, rows.metrics[i].ci_high);
    EXPECT_EQ(bins.metrics[i].estimate, rows.metrics[i].estimate);
    EXPECT_EQ(bins.metrics[i].e_value, rows.metrics[i].e_value);
  }
}

TEST(CompactedArms, WithTimesQuantilesAgree) {
  const JudgePolicy policy = policy_of(metric("x", MetricKind::samples));
  const ObservationTable b = table({{"x", lognormal(60'000, 20, 4)}});
  const ObservationTable same = table({{"x", lognormal(60'000, 20, 5)}});
  const ObservationTable slower = table({{"x", lognormal(60'000, 23, 6)}});
  const Verdict rows = judge(policy, b, same);
  const Verdict bins = judge(policy, compacted(b), compacted(same));
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_GT(width(bins.metrics[i]), 0.85 * width(rows.metrics[i]));
    EXPECT_LT(width(bins.metrics[i]), 1.25 * width(rows.metrics[i]) + 0.002);
  }
  EXPECT_EQ(bins.decision, Decision::promote);
  EXPECT_EQ(judge(policy, compacted(b), compacted(slower)).decision, Decision::rollback);
  EXPECT_EQ(judge(policy, b, compacted(slower)).decision, Decision::rollback);
  EXPECT_EQ(bins.ecdfs.size(), 1U);
}

TEST(CompactedArms, DependenceOfSamplesIsSeenInSlices) {
  const auto slow_together = [](unsigned seed) {
    std::vector<double> values = lognormal(60'000, 20, seed);
    const std::vector<double> slow = errors(60'000, 0.3, 60, seed + 10);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] *= 1 + slow[i];
    return values;
  };
  const ObservationTable b = table({{"x", slow_together(1)}});
  const ObservationTable c = table({{"x", slow_together(2)}});
  const ObservationTable b_bins = compacted(b);
  const ObservationTable c_bins = compacted(c);
  for (const auto& [threshold, probability] : {std::pair(23.0, 0.5), std::pair(50.0, 0.95)}) {
    const double of_rows =
        sample_dispersion({&b.columns[0], &c.columns[0]}, threshold, probability).usual;
    const double of_bins =
        sample_dispersion({&b_bins.columns[0], &c_bins.columns[0]}, threshold, probability).usual;
    EXPECT_GT(of_rows, 3);
    EXPECT_GT(of_bins, 0.8 * of_rows);
    EXPECT_LT(of_bins, 1.4 * of_rows);
  }
  const JudgePolicy policy = policy_of(metric("x", MetricKind::samples));
  const Verdict rows = judge(policy, b, c);
  const Verdict bins = judge(policy, b_bins, c_bins);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_GT(*bins.metrics[i].n_effective, *rows.metrics[i].n_effective / 1.4);
    EXPECT_LT(*bins.metrics[i].n_effective, *rows.metrics[i].n_effective / 0.8);
  }
}

void expect_same_rate(const Evidence& bins, const Evidence& rows, double tolerance) {
  EXPECT_EQ(bins.estimate, rows.estimate);
  EXPECT_EQ(bins.baseline.n, rows.baseline.n);
  EXPECT_EQ(bins.canary.events, rows.canary.events);
  EXPECT_NEAR(width(bins), width(rows), tolerance * width(rows));
}

TEST(CompactedArms, RatesHaveTheSumsOfTheRows) {
  const auto arm = [](double interval_s, std::size_t run, unsigned seed) {
    const std::vector<double> requests = whole(lognormal(30'000, 50, seed));
    std::vector<double> failed = errors(30'000, 0.05, run, seed + 50);
    return table({{"errors", std::move(failed)}, {"requests", requests}}, interval_s);
  };
  for (const MetricKind kind : {MetricKind::ratio, MetricKind::count}) {
    for (const char* exposure : {"", "requests"}) {
      MetricPolicy m = metric("errors", kind);
      m.exposure = exposure;
      const JudgePolicy policy = policy_of(m);
      // Without times, or with independent errors, to the byte.
      for (const double interval_s : {0.0, 0.1}) {
        const ObservationTable b = arm(interval_s, 1, 1);
        const ObservationTable c = arm(interval_s, 1, 2);
        expect_same_rate(judge(policy, compacted(b), compacted(c)).metrics[0],
                         judge(policy, b, c).metrics[0], 0);
        expect_same_rate(judge(policy, b, compacted(c)).metrics[0], judge(policy, b, c).metrics[0],
                         0);
      }
      const ObservationTable b = arm(0.1, 200, 1);
      const ObservationTable c = arm(0.1, 200, 2);
      const Evidence independent = judge(policy, arm(0.1, 1, 1), arm(0.1, 1, 2)).metrics[0];
      const Evidence bins = judge(policy, compacted(b), compacted(c)).metrics[0];
      expect_same_rate(bins, judge(policy, b, c).metrics[0], 0.25);
      EXPECT_GT(width(bins), 3 * width(independent));
    }
  }
}

TEST(CompactedArms, GaugesAgree) {
  const JudgePolicy policy = policy_of(metric("queue", MetricKind::gauge));
  for (const double phi : {0.0, 0.9}) {
    for (const double interval_s : {0.0, 1.0}) {
      const ObservationTable b = table({{"queue", autoregressive(40'000, 10, phi, 1)}}, interval_s);
      const ObservationTable c = table({{"queue", autoregressive(40'000, 10, phi, 2)}}, interval_s);
      const Evidence rows = judge(policy, b, c).metrics[0];
      const Evidence bins = judge(policy, compacted(b), compacted(c)).metrics[0];
      EXPECT_NEAR(*bins.estimate, *rows.estimate, 0.1 * width(rows));
      EXPECT_GT(width(bins), 0.85 * width(rows)) << phi;
      EXPECT_LT(width(bins), 1.35 * width(rows)) << phi;
    }
  }
}

// The boundary must go on growing with the rows, not stay where the number of slices does.
TEST(CompactedArms, BoundsOfGaugesStayAsWideAsThoseOfTheRows) {
  const JudgePolicy policy = policy_of(metric("queue", MetricKind::gauge));
  constexpr unsigned arms = 10;
  double ratios = 0;
  for (unsigned seed = 1; seed <= arms; ++seed) {
    const ObservationTable b = table({{"queue", autoregressive(40'000, 10, 0, seed)}});
    const ObservationTable c = table({{"queue", autoregressive(40'000, 10, 0, seed + 50)}});
    ratios += width(judge(policy, compacted(b), compacted(c)).metrics[0]) /
              width(judge(policy, b, c).metrics[0]);
  }
  EXPECT_GT(ratios / arms, 0.97);
  EXPECT_LT(ratios / arms, 1.15);
}

TEST(CompactedArms, AGaugeThatLostItsOrderIsNotJudged) {
  ObservationTable b = table({{"queue", autoregressive(4000, 10, 0.5, 1)}});
  b.columns[0].times_s.pop_back();
  const ObservationTable c = table({{"queue", autoregressive(4000, 10, 0.5, 2)}});
  const Verdict verdict =
      judge(policy_of(metric("queue", MetricKind::gauge)), compacted(b), compacted(c));
  EXPECT_EQ(verdict.decision, Decision::inconclusive);
  EXPECT_THAT(verdict.metrics[0].reason, HasSubstr("order is lost"));
}

TEST(CompactedArms, BlocksOfRowsInAnotherOrderGiveTheSameVerdict) {
  const std::vector<double> values = whole(lognormal(20'000, 200, 1));
  ObservationTable b = table({{"x", values}});
  const ObservationTable c = table({{"x", whole(lognormal(20'000, 210, 2))}});
  const JudgePolicy policy = policy_of(metric("x", MetricKind::samples));
  const Verdict in_order = judge(policy, compacted(b), compacted(c));
  for (std::vector<double>* column : {&b.columns[0].values, &b.columns[0].times_s}) {
    std::rotate(column->begin(), column->begin() + 7'000, column->end());
    std::reverse(column->begin() + 100, column->begin() + 4'000);
  }
  const Verdict rotated = judge(policy, compacted(b), compacted(c));
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(rotated.metrics[i].ci_low, in_order.metrics[i].ci_low);
    EXPECT_EQ(rotated.metrics[i].ci_high, in_order.metrics[i].ci_high);
    EXPECT_EQ(rotated.metrics[i].reason, in_order.metrics[i].reason);
  }
}

TEST(CompactedArms, TheSameDataAreKnownAndTheSameCountsAreNotTheSameData) {
  const JudgePolicy policy = policy_of(metric("errors", MetricKind::ratio, 0.5));
  std::vector<double> failed = errors(5'000, 0.1, 1, 1);
  const ObservationTable b = table({{"errors", failed}});
  EXPECT_THAT(judge(policy, compacted(b), compacted(b)).reasons,
              Contains(HasSubstr("are the same data")));
  std::reverse(failed.begin(), failed.end());
  const ObservationTable c = table({{"errors", failed}});
  EXPECT_THAT(judge(policy, compacted(b), compacted(c)).reasons,
              Not(Contains(HasSubstr("are the same data"))));
}

TEST(CompactedArms, ThePolicyThatIsGuessedIsThatOfTheRows) {
  const ObservationTable b =
      table({{"latency_ms", lognormal(3'000, 20, 1)}, {"errors", errors(3'000, 0.1, 1, 1)}});
  const ObservationTable c =
      table({{"latency_ms", lognormal(3'000, 20, 2)}, {"errors", errors(3'000, 0.1, 1, 2)}});
  EXPECT_EQ(infer_policy(compacted(b), compacted(c)).assumptions, infer_policy(b, c).assumptions);
}

TEST(CompactedArms, WhatNeedsTheRowsIsRefused) {
  const ObservationTable b = compacted(table({{"x", lognormal(3'000, 20, 1)}}));
  const ObservationTable c = compacted(table({{"x", lognormal(3'000, 30, 2)}}));
  JudgePolicy fixed = policy_of(metric("x", MetricKind::samples));
  fixed.mode = Mode::fixed;
  EXPECT_THAT(judge(fixed, b, c).metrics[0].reason, HasSubstr("mode sequential"));
  JudgePolicy steps = policy_of(metric("x", MetricKind::samples));
  steps.steps = {{0, 0.5}, {60, 0.5}};
  EXPECT_THAT(judge(steps, b, c).metrics[0].reason, HasSubstr("cannot be cut"));
}

}  // namespace
}  // namespace haldane::analysis
