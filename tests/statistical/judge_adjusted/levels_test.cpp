// Gauges that are measured from the time before the release keep alpha, beta and their coverage at
// every look, and what they gain. docs/statistics/covariates.md holds the tables of long runs,
// which HALDANE_STUDY_RUNS=1000 repeats.
//
// Seeds are fixed. Flake budget when seeds or the judge's numbers change: each bound is the upper
// 99.9 % point of the binomial law at the promised rate.
#include <algorithm>
#include <cmath>
#include <span>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "analysis/judge/fixed_effects.h"
#include "analysis/judge/sequential_effects.h"
#include "tests/statistical/judge_adjusted/adjusted_arms.h"
#include "tests/statistical/judge_adjusted/study.h"

namespace haldane::analysis {
namespace {

constexpr auto scale = Evidence::Scale::relative;

struct Case {
  const char* name;
  AdjustedLaw law;
  int before;
  Evidence::Scale scale = Evidence::Scale::relative;
};

// Of the watches: how many ever said so.
struct Counts {
  int watched = 0;  // the time before was long enough
  int rolled_back = 0;
  int promoted = 0;
  int covariate_moved = 0;   // so that nothing would be decided any more
  int once_rolled_back = 0;  // mode fixed, at the last point
  int once_promoted = 0;
};

bool says_moved(const GaugeContrast& covariates) {
  const Effect effect = sequential_gauge(covariates, scale);
  return effect.obstacle.empty() &&
         (at_least(effect.log_e_above(0), alpha / 2) || at_least(effect.log_e_below(0), alpha / 2));
}

// A look at every point up to 200, then at every fifth, up to 1,000 points.
void watch(const Case& given, std::uint64_t seed, Counts& counts) {
  AdjustedArms arms(given.law, seed, given.before);
  const GaugeAdjustment adjustment(arms.before(), given.scale);
  if (!adjustment.obstacle().empty()) return;
  ++counts.watched;
  bool rolled_back = false;
  bool promoted = false;
  bool moved = false;
  for (int size = 2; size <= 1000; size += size < 200 ? 1 : 5) {
    arms.grow(size);
    const GaugeContrast contrast = adjustment.contrast(std::span(&arms.after(), 1));
    const Effect effect = sequential_gauge(contrast, given.scale);
    moved = moved || (given.law.explained > 0 &&
                      says_moved(adjustment.covariate_contrast(std::span(&arms.after(), 1))));
    if (!effect.obstacle.empty()) continue;
    rolled_back = rolled_back || at_least(effect.log_e_above(0), alpha);
    promoted = promoted || at_least(effect.log_e_below(0), beta);
  }
  counts.rolled_back += rolled_back ? 1 : 0;
  counts.promoted += promoted ? 1 : 0;
  counts.covariate_moved += moved ? 1 : 0;
  const Effect once = fixed_gauge(adjustment.contrast(std::span(&arms.after(), 1)), given.scale);
  counts.once_rolled_back += once.p_above(0) <= alpha ? 1 : 0;
  counts.once_promoted += once.p_below(0) <= beta ? 1 : 0;
}

class AdjustedGauge : public testing::TestWithParam<Case> {};

TEST_P(AdjustedGauge, KeepsAlphaAndBeta) {
  const Case& given = GetParam();
  const int runs = runs_or(100);
  Counts counts;
  for (int run = 0; run < runs; ++run) {
    watch(given, 6'000'000 + static_cast<std::uint64_t>(run), counts);
  }
  fmt::print("| {} | {} | {} | {} | {} ({}) | {} ({}) | {} | {} | {} |\n", given.name, given.before,
             runs, counts.watched, counts.rolled_back, most_allowed(runs, alpha), counts.promoted,
             most_allowed(runs, beta), counts.once_rolled_back, counts.once_promoted,
             counts.covariate_moved);
  std::fflush(stdout);
  EXPECT_LE(counts.rolled_back, most_allowed(runs, alpha));
  EXPECT_LE(counts.promoted, most_allowed(runs, beta));
  EXPECT_LE(counts.covariate_moved, most_allowed(runs, alpha));
  EXPECT_LE(counts.once_rolled_back, most_allowed(runs, alpha));
  EXPECT_LE(counts.once_promoted, most_allowed(runs, beta));
}

AdjustedLaw with(AdjustedLaw law, double correlation, double explained) {
  law.correlation = correlation;
  law.explained = explained;
  law.covariate_share = 0.25;
  return law;
}

std::vector<Case> cases() {
  AdjustedLaw plain;
  AdjustedLaw offset;
  offset.offset = 0.2;
  AdjustedLaw busy = offset;
  busy.swing = 0.5;
  busy.growth = 2;
  AdjustedLaw skewed = offset;
  skewed.skewness = 1;
  return {{"independent", plain, 60},
          {"offset", offset, 60},
          {"offset_long", offset, 600},
          {"offset_absolute", offset, 60, Evidence::Scale::absolute},
          {"offset_ar_0.5", with(offset, 0.5, 0), 150},
          {"offset_ar_0.9", with(offset, 0.9, 0), 1500},
          {"offset_load", busy, 120},
          {"offset_load_ar_0.5", with(busy, 0.5, 0), 300},
          {"offset_skewed", skewed, 120},
          {"covariate_nothing", with(offset, 0, 1e-9), 60},
          {"covariate_half", with(offset, 0, 0.5), 60},
          {"covariate_most", with(offset, 0, 0.9), 60},
          {"covariate_ar_0.5", with(offset, 0.5, 0.8), 150},
          {"covariate_ar_0.9", with(offset, 0.9, 0.8), 1500},
          {"covariate_load", with(busy, 0, 0.8), 120},
          {"covariate_load_ar_0.5", with(busy, 0.5, 0.8), 300}};
}

INSTANTIATE_TEST_SUITE_P(Laws, AdjustedGauge, testing::ValuesIn(cases()), [](const auto& each) {
  std::string name = each.param.name;
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
});

// -- Intervals ------------------------------------------------------------------------------------

struct Missed {
  int above = 0;
  int below = 0;
};

// Whether an interval of any of 19 looks lay beyond the effect.
void look_for_misses(const AdjustedLaw& law, std::uint64_t seed, Missed& missed) {
  AdjustedArms arms(law, seed, 240);
  const GaugeAdjustment adjustment(arms.before(), scale);
  bool above = false;
  bool below = false;
  for (int size = 100; size <= 1000; size += 50) {
    arms.grow(size);
    const Effect effect = sequential_gauge(adjustment.contrast(std::span(&arms.after(), 1)), scale);
    above = above || effect.low(alpha) > law.effect;
    below = below || effect.high(beta) < law.effect;
  }
  missed.above += above ? 1 : 0;
  missed.below += below ? 1 : 0;
}

TEST(AdjustedIntervals, HoldTheEffectAtEveryLook) {
  const int runs = runs_or(200);
  for (const double explained : {0.0, 0.8}) {
    AdjustedLaw law;
    law.effect = 0.1;
    law.offset = -0.2;
    law.growth = 1.5;
    law.correlation = 0.5;
    law.explained = explained;
    Missed missed;
    for (int run = 0; run < runs; ++run) {
      look_for_misses(law, 6'100'000 + static_cast<std::uint64_t>(run), missed);
    }
    fmt::print("| interval, covariate explains {} | {} | {} | {} |\n", explained, runs,
               missed.above, missed.below);
    EXPECT_LE(missed.above, most_allowed(runs, alpha));
    EXPECT_LE(missed.below, most_allowed(runs, beta));
  }
}

}  // namespace
}  // namespace haldane::analysis
