// What measuring a gauge from the time before the release finds, and what a covariate adds.
// docs/statistics/covariates.md holds the table of HALDANE_STUDY_RUNS=1000.
#include <span>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "analysis/judge/sequential_effects.h"
#include "tests/statistical/judge_adjusted/adjusted_arms.h"
#include "tests/statistical/judge_adjusted/study.h"

namespace haldane::analysis {
namespace {

constexpr auto scale = Evidence::Scale::relative;

struct Window {
  int before = 0;  // points
  int points = 0;  // after the release
};

struct Found {
  int plain = 0;
  int adjusted = 0;
  int with_covariate = 0;
  double variance_reduction = 0;  // mean
};

bool condemns(const Effect& effect) {
  return effect.obstacle.empty() && at_least(effect.log_e_above(0), alpha);
}

// A look at every point from the 30th on.
void watch(const AdjustedLaw& law, std::uint64_t seed, const Window& window, Found& found) {
  AdjustedArms arms(law, seed, window.before);
  const GaugeAdjustment level({arms.before().values, {}}, scale);
  const GaugeAdjustment covaried(arms.before(), scale);
  bool plain = false;
  bool adjusted = false;
  bool with_covariate = false;
  const auto see = [](const GaugeAdjustment& adjustment, const AdjustableArms& after) {
    return adjustment.obstacle().empty() &&
           condemns(sequential_gauge(adjustment.contrast(std::span(&after, 1)), scale));
  };
  for (int size = 30; size <= window.points; ++size) {
    arms.grow(size);
    plain = plain || condemns(sequential_gauge(arms.after().values, scale));
    adjusted = adjusted || see(level, {arms.after().values, {}});
    with_covariate = with_covariate || see(covaried, arms.after());
  }
  found.plain += plain ? 1 : 0;
  found.adjusted += adjusted ? 1 : 0;
  found.with_covariate += with_covariate ? 1 : 0;
  found.variance_reduction +=
      covaried.summary(std::span(&arms.after(), 1)).variance_reduction.value_or(0);
}

Found effects_found(const AdjustedLaw& law, int runs, const Window& window) {
  Found found;
  for (int run = 0; run < runs; ++run) {
    watch(law, 6'200'000 + static_cast<std::uint64_t>(run), window, found);
  }
  found.variance_reduction /= runs;
  fmt::print("| {:+g} % | {} | {} | {} | {} | {} | {} | {:.2f} |\n", 100 * law.offset,
             window.before, window.points, runs, found.plain, found.adjusted, found.with_covariate,
             found.variance_reduction);
  std::fflush(stdout);
  return found;
}

TEST(AdjustedPower, CovariateFindsMoreThanItsPrePeriodCosts) {
  const int runs = runs_or(100);
  AdjustedLaw law;
  law.effect = 0.1;
  law.explained = 0.8;
  for (const int before : {60, 120, 480}) {
    for (const int points : {60, 120, 240}) {
      const Found found = effects_found(law, runs, {before, points});
      EXPECT_GE(found.with_covariate, found.adjusted);
      if (before >= 120) {
        EXPECT_GE(found.with_covariate, found.plain);
        EXPECT_NEAR(found.variance_reduction, 0.8, 0.06);
      }
    }
  }
}

TEST(AdjustedPower, EffectHiddenByFasterHostsIsFound) {
  const int runs = runs_or(100);
  AdjustedLaw law;
  law.effect = 0.1;
  law.explained = 0.8;
  law.offset = -0.1;
  for (const int points : {60, 120, 240}) {
    const Found found = effects_found(law, runs, {480, points});
    EXPECT_LE(found.plain, runs / 20);
    EXPECT_GE(found.with_covariate, found.adjusted);
    if (points == 240) {
      EXPECT_GE(found.adjusted, runs * 40 / 100);
    }
  }
}

}  // namespace
}  // namespace haldane::analysis
