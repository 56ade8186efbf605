// What holds for every release and policy, whatever was drawn (random_case.h).
#include "analysis/judge/judge.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <string>

#include <gtest/gtest.h>

#include "analysis/report/verdict_report.h"
#include "tests/property/judge/random_case.h"

namespace haldane::analysis {
namespace {

constexpr std::uint64_t cases = 200;

Verdict judged(const RandomCase& drawn, unsigned threads = 1) {
  return judge(drawn.policy, drawn.baseline, drawn.canary, threads);
}

void shuffle_rows(ObservationTable& table, std::mt19937_64& random) {
  for (ObservationColumn& column : table.columns) {
    std::vector<std::size_t> order(column.values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::shuffle(order.begin(), order.end(), random);
    const ObservationColumn old = column;
    for (std::size_t i = 0; i < order.size(); ++i) {
      column.values[i] = old.values[order[i]];
      if (!old.times_s.empty()) column.times_s[i] = old.times_s[order[i]];
    }
  }
}

template <class Change>
void change_values(ObservationTable& table, const std::string& name, const Change& change) {
  for (ObservationColumn& column : table.columns) {
    if (column.name != name) continue;
    for (double& value : column.values) value = change(value);
  }
}

// Samples and gauges in another unit, with margins to match; events have none.
RandomCase in_other_unit(RandomCase drawn, double factor) {
  for (MetricPolicy& metric : drawn.policy.metrics) {
    if (metric.kind != MetricKind::samples && metric.kind != MetricKind::gauge) continue;
    if (metric.margin.absolute) *metric.margin.absolute *= factor;
    for (ObservationTable* table : {&drawn.baseline, &drawn.canary}) {
      change_values(*table, metric.name, [factor](double v) { return v * factor; });
    }
  }
  return drawn;
}

Worse mirrored(Worse worse) {
  return worse == Worse::higher ? Worse::lower : worse == Worse::lower ? Worse::higher : worse;
}

// Rollback 2, promote 0: what a worse canary may not go down from.
int badness(Decision decision) {
  return decision == Decision::rollback ? 2 : decision == Decision::promote ? 0 : 1;
}

// Multiplies samples and gauges in the direction that is worse, and adds events or takes them away.
void worsen(RandomCase& drawn, double factor) {
  for (const MetricPolicy& metric : drawn.policy.metrics) {
    const bool events = metric.kind == MetricKind::ratio || metric.kind == MetricKind::count;
    const double applied = metric.worse == Worse::lower ? 1 / factor : factor;
    std::uint64_t row = 0;
    change_values(drawn.canary, metric.name, [&](double value) {
      if (!events) return value * applied;
      // Every third row: once changed it stays so as the factor grows.
      const bool changes = static_cast<double>(row++ % 100) < 30 * std::log2(factor);
      return changes ? (applied > 1 ? 1.0 : 0.0) : value;
    });
  }
}

TEST(JudgeProperty, OrderOfRowsChangesNoByteOfTheVerdict) {
  std::mt19937_64 random(1);
  for (std::uint64_t seed = 0; seed < cases; ++seed) {
    RandomCase drawn = random_case(seed);
    const std::string before = verdict_json(judged(drawn));
    shuffle_rows(drawn.baseline, random);
    shuffle_rows(drawn.canary, random);
    ASSERT_EQ(verdict_json(judged(drawn)), before) << "seed " << seed;
  }
}

TEST(JudgeProperty, ThreadsChangeNoByteOfTheVerdict) {
  for (std::uint64_t seed = 0; seed < cases; ++seed) {
    const RandomCase drawn = random_case(seed);
    ASSERT_EQ(verdict_json(judged(drawn, 3)), verdict_json(judged(drawn))) << "seed " << seed;
  }
}

TEST(JudgeProperty, UnitsDoNotMatter) {
  for (std::uint64_t seed = 0; seed < cases; ++seed) {
    const RandomCase drawn = random_case(seed);
    const Verdict before = judged(drawn);
    for (const double factor : {1e-9, 0x1p-20, 0x1p20, 1e9}) {
      const Verdict after = judged(in_other_unit(drawn, factor));
      ASSERT_EQ(after.decision, before.decision) << "seed " << seed << ", factor " << factor;
      for (std::size_t i = 0; i < before.metrics.size(); ++i) {
        ASSERT_EQ(after.metrics[i].outcome, before.metrics[i].outcome)
            << "seed " << seed << ", factor " << factor << ": " << before.metrics[i].reason;
      }
    }
  }
}

TEST(JudgeProperty, SwappedArmsAndDirectionsGiveTheSameVerdictAtMarginZero) {
  for (std::uint64_t seed = 0; seed < cases; ++seed) {
    const RandomCase drawn = random_case(seed, Margins::zero);
    RandomCase swapped = drawn;
    std::swap(swapped.baseline, swapped.canary);
    for (MetricPolicy& metric : swapped.policy.metrics) metric.worse = mirrored(metric.worse);
    const Verdict a = judged(drawn);
    const Verdict b = judged(swapped);
    for (std::size_t i = 0; i < a.metrics.size(); ++i) {
      if (a.metrics[i].scale != b.metrics[i].scale) continue;  // one arm at zero
      ASSERT_EQ(a.metrics[i].outcome, b.metrics[i].outcome) << "seed " << seed << "\n"
                                                            << a.metrics[i].reason << "\n"
                                                            << b.metrics[i].reason;
    }
  }
}

TEST(JudgeProperty, SecondCopyOfAMetricRollsNothingBackAndKeepsNoPromotionAway) {
  for (std::uint64_t seed = 0; seed < cases; ++seed) {
    const RandomCase drawn = random_case(seed);
    RandomCase twice = drawn;
    MetricPolicy copy = drawn.policy.metrics.front();
    for (ObservationTable* table : {&twice.baseline, &twice.canary}) {
      ObservationColumn column = *table->find(copy.name);
      column.name = "copy";
      table->columns.push_back(std::move(column));
    }
    copy.name = "copy";
    twice.policy.metrics.push_back(copy);
    const Decision once = judged(drawn).decision;
    const Decision now = judged(twice).decision;
    if (now == Decision::rollback) {
      ASSERT_EQ(once, Decision::rollback) << "seed " << seed;
    }
    if (once == Decision::promote) {
      ASSERT_EQ(now, Decision::promote) << "seed " << seed;
    }
  }
}

TEST(JudgeProperty, WorseCanaryNeverTurnsRollbackIntoPromote) {
  for (std::uint64_t seed = 0; seed < cases; ++seed) {
    const RandomCase drawn = random_case(seed);
    int worst = 0;
    for (const double factor : {1.0, 1.02, 1.1, 1.5, 3.0, 30.0}) {
      RandomCase worse = drawn;
      worsen(worse, factor);
      const Decision decision = judged(worse).decision;
      // Where either direction is worse, a rise may undo a fall.
      const bool one_way =
          std::none_of(drawn.policy.metrics.begin(), drawn.policy.metrics.end(),
                       [](const MetricPolicy& metric) { return metric.worse == Worse::either; });
      if (one_way && worst == 2) {
        ASSERT_NE(decision, Decision::promote) << "seed " << seed << ", factor " << factor;
      }
      worst = std::max(worst, badness(decision));
    }
  }
}

// Without the three verdicts among them the properties above would say little.
TEST(JudgeProperty, CasesHoldAllVerdictsInBothModes) {
  int counts[2][3] = {};
  for (std::uint64_t seed = 0; seed < cases; ++seed) {
    const RandomCase drawn = random_case(seed);
    ++counts[static_cast<int>(drawn.policy.mode)][static_cast<int>(judged(drawn).decision)];
  }
  for (const auto& of_mode : counts) {
    for (const int count : of_mode) EXPECT_GE(count, 2);
  }
}

}  // namespace
}  // namespace haldane::analysis
