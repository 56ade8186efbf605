// Totals since a process started, and what came between two of them.
#include "analysis/ingest/formats/cumulative_bins.h"

#include <cmath>

#include <gmock/gmock.h>

namespace haldane::analysis {
namespace {

using testing::ElementsAre;
using testing::Pair;

TEST(CumulativeBins, TheFirstIsWhereCountingBegins) {
  CumulativeBins series;
  EXPECT_FALSE(series.increase({{{1, 2}, 5}}));
  EXPECT_THAT(*series.increase({{{1, 2}, 7}, {{2, 4}, 1}}),
              ElementsAre(Pair(Pair(1, 2), 2), Pair(Pair(2, 4), 1)));
}

TEST(CumulativeBins, ATotalThatFallsIsARestart) {
  CumulativeBins series;
  series.increase({{{1, 2}, 5}, {{2, 4}, 1}});
  EXPECT_THAT(*series.increase({{{1, 2}, 3}, {{2, 4}, 9}}),
              ElementsAre(Pair(Pair(1, 2), 3), Pair(Pair(2, 4), 9)));
  EXPECT_THAT(*series.increase({{{1, 2}, 4}}, true), ElementsAre(Pair(Pair(1, 2), 4)));
}

// Two buckets of scale 2 become one of scale 1: the old total is taken off it, not forgotten.
TEST(CumulativeBins, CoarserBucketsKeepTheirHistory) {
  const double fine = std::exp2(0.25);
  CumulativeBins series;
  series.increase({{{1, fine}, 100}, {{fine, fine * fine}, 200}});
  EXPECT_THAT(*series.increase({{{1, std::sqrt(2.0)}, 305}}),
              ElementsAre(Pair(Pair(1, std::sqrt(2.0)), 5)));
}

TEST(CumulativeBins, AWiderZeroBucketTakesInWhatLiesInIt) {
  CumulativeBins series;
  series.increase({{{-0.001, 0.001}, 3}, {{0.001, 0.002}, 4}, {{0.002, 0.004}, 1}});
  EXPECT_THAT(*series.increase({{{-0.002, 0.002}, 8}, {{0.002, 0.004}, 1}}),
              ElementsAre(Pair(Pair(-0.002, 0.002), 1), Pair(Pair(0.002, 0.004), 0)));
}

TEST(CumulativeBins, BoundsThatCutOldBucketsStartAnew) {
  CumulativeBins series;
  series.increase({{{0, 5}, 10}, {{5, 10}, 10}});
  EXPECT_FALSE(series.increase({{{0, 3}, 20}, {{3, 10}, 30}}));
  EXPECT_THAT(*series.increase({{{0, 3}, 21}, {{3, 10}, 30}}),
              ElementsAre(Pair(Pair(0, 3), 1), Pair(Pair(3, 10), 0)));
}

}  // namespace
}  // namespace haldane::analysis
