// The weighted sum against the cases of Kayenta's ScorerSuite.
#include "analysis/kayenta/score.h"

#include <gtest/gtest.h>

namespace haldane::analysis::kayenta {
namespace {

using Metrics = std::vector<ScoredMetric>;
using Weights = std::map<std::string, double>;

ScoredMetric in(const char* group, Class label, bool critical = false) {
  return {label, critical, {group}, "because"};
}

double scored(const Metrics& metrics, const Weights& weights = {}) {
  return score(metrics, weights, {95, 75}).score;
}

TEST(KayentaScore, CountsPassAgainstHighAndLow) {
  EXPECT_EQ(scored({in("g", Class::pass)}), 100);
  EXPECT_EQ(scored({in("g", Class::high)}), 0);
  EXPECT_EQ(scored({in("g", Class::nodata)}), 0);
  EXPECT_EQ(scored({in("g", Class::pass), in("g", Class::high)}), 50);
  EXPECT_EQ(scored({in("g", Class::pass), in("g", Class::high), in("g", Class::low)}), 33.33);
  EXPECT_EQ(scored({in("g", Class::pass), in("g", Class::nodata_fail_metric)}), 50);
  EXPECT_EQ(scored({in("g", Class::pass), in("g", Class::error)}), 100);
}

TEST(KayentaScore, AGroupWithoutDataCountsAsGoodAndShowsZero) {
  const Metrics metrics = {in("g1", Class::pass), in("g1", Class::pass), in("g2", Class::nodata)};
  const Score result = score(metrics, {}, {95, 75});
  EXPECT_EQ(result.score, 100);
  ASSERT_EQ(result.groups.size(), 2U);
  EXPECT_EQ(result.groups[0].score, 100);
  EXPECT_EQ(result.groups[1].score, 0);
}

TEST(KayentaScore, WeighsGroups) {
  const Metrics good_bad = {in("g1", Class::pass), in("g1", Class::pass), in("g2", Class::high)};
  EXPECT_EQ(scored(good_bad, {{"g1", 75}, {"g2", 25}}), 75);
  EXPECT_EQ(scored({in("g1", Class::pass), in("g1", Class::high), in("g2", Class::high)},
                   {{"g1", 50}, {"g2", 50}}),
            25);
  EXPECT_EQ(scored({in("g1", Class::pass), in("g1", Class::nodata), in("g2", Class::high)},
                   {{"g1", 50}, {"g2", 50}}),
            50);
  EXPECT_EQ(scored({in("g1", Class::high), in("g1", Class::low), in("g1", Class::pass),
                    in("g2", Class::high)},
                   {{"g1", 15}, {"g2", 85}}),
            5);
}

TEST(KayentaScore, GroupsWithoutAWeightShareTheRest) {
  const Metrics metrics = {in("a", Class::pass), in("b", Class::high), in("c", Class::pass)};
  EXPECT_EQ(scored(metrics, {{"a", 50}}), 75);
  EXPECT_EQ(scored({in("a", Class::pass)}, {{"a", 60}, {"absent", 40}}), 60);
}

TEST(KayentaScore, AMetricCountsInEachOfItsGroups) {
  EXPECT_EQ(scored({{Class::high, false, {"a", "b"}, ""}, in("a", Class::pass)}), 25);
  EXPECT_EQ(scored({{Class::pass, false, {}, ""}}), 0) << "without a group nothing is weighed";
}

TEST(KayentaScore, ACriticalFailureMakesItZero) {
  const Score high = score(Metrics{in("g", Class::pass), in("g", Class::high, true)}, {}, {95, 75});
  EXPECT_EQ(high.score, 0);
  EXPECT_EQ(high.reason, "Canary Failed: because");
  EXPECT_EQ(high.label, ScoreLabel::fail);
  EXPECT_EQ(scored({in("g", Class::low), in("g", Class::pass, true)}), 50);
  EXPECT_EQ(scored({in("g", Class::pass), in("g", Class::nodata, true)}), 0);
}

TEST(KayentaScore, HalfWithoutDataMakesItZero) {
  const Score half = score(Metrics{in("g", Class::pass), in("g", Class::nodata)}, {}, {95, 75});
  EXPECT_EQ(half.score, 0);
  EXPECT_EQ(half.reason, "Canary Failed: 50% or more metrics returned NODATA");
}

TEST(KayentaScore, ThresholdsIncludeThemselves) {
  const Metrics half = {in("g", Class::pass), in("g", Class::high)};
  EXPECT_EQ(score(half, {}, {50, 20}).label, ScoreLabel::pass);
  EXPECT_EQ(score(half, {}, {51, 50}).label, ScoreLabel::marginal);
  EXPECT_EQ(score(half, {}, {90, 51}).label, ScoreLabel::fail);
  EXPECT_EQ(score(Metrics{}, {}, {95, 75}).label, ScoreLabel::fail) << "all muted";
}

TEST(KayentaScore, RoundsTheDecimalHalfUp) {
  EXPECT_EQ(round_half_up(33.333333333333336), 33.33);
  EXPECT_EQ(round_half_up(66.66666666666667), 66.67);
  EXPECT_EQ(round_half_up(1.005), 1.01) << "a little less in binary";
  EXPECT_EQ(round_half_up(-1.005), -1.01);
  EXPECT_EQ(round_half_up(99.995), 100);
  EXPECT_EQ(round_half_up(1e-7), 0);
  EXPECT_EQ(round_half_up(12.3), 12.3);
}

}  // namespace
}  // namespace haldane::analysis::kayenta
