// Compacted columns that can be cut: each stretch is the sketch of its rows, whatever their order.
#include "analysis/ingest/sketch_strata.h"

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace haldane::analysis {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double begin_s = 1.7e9;
const std::vector<double> cuts_s = {begin_s + 100, begin_s + 250};

// Whole numbers, whose sums are exact in any order; ten rows a second, now and then a late one.
ObservationColumn rows(std::size_t n, unsigned seed = 1) {
  std::mt19937_64 random(seed);
  std::lognormal_distribution<double> law(std::log(300), 1);
  ObservationColumn column;
  column.name = "x";
  for (std::size_t i = 0; i < n; ++i) {
    const double late_s = i % 7 == 0 ? 3 : 0;
    column.values.push_back(std::floor(law(random)));
    column.times_s.push_back(begin_s + 0.1 * static_cast<double>(i) - late_s);
  }
  return column;
}

ColumnSketch sketch_between(const ObservationColumn& column, double from_s, double to_s) {
  ColumnSketch sketch;
  for (std::size_t i = 0; i < column.values.size(); ++i) {
    const double time_s = column.times_s[i];
    if (time_s < from_s || time_s >= to_s) continue;
    sketch.add(std::span(&column.values[i], 1), std::span(&time_s, 1));
  }
  return sketch;
}

ObservationColumn compacted(ObservationColumn column) {
  compact_between(column, cuts_s, 1000);
  join_strata(column);
  return column;
}

TEST(SketchStrata, PartsAndTheWholeAreTheSketchesOfTheirRows) {
  const ObservationColumn all = rows(5000);
  const ObservationColumn folded = compacted(all);
  EXPECT_EQ(folded.quality, Quality::compacted);
  EXPECT_TRUE(folded.values.empty());
  EXPECT_EQ(*folded.sketch, sketch_between(all, -infinity, infinity));
  const double bounds[] = {-infinity, cuts_s[0], cuts_s[1], infinity};
  for (int from = 0; from < 3; ++from) {
    for (int to = from + 1; to < 4; ++to) {
      const ObservationColumn part = compacted_between(folded, bounds[from], bounds[to]);
      EXPECT_EQ(*part.sketch, sketch_between(all, bounds[from], bounds[to])) << from << to;
      EXPECT_EQ(part.strata->parts.size(), static_cast<std::size_t>(to - from));
    }
  }
}

TEST(SketchStrata, APartCanBeCutAgain) {
  const ObservationColumn all = rows(5000);
  const ObservationColumn later = compacted_between(compacted(all), cuts_s[0], infinity);
  const ObservationColumn middle = compacted_between(later, -infinity, cuts_s[1]);
  EXPECT_EQ(*middle.sketch, sketch_between(all, cuts_s[0], cuts_s[1]));
}

TEST(SketchStrata, AStretchWithoutRowsIsEmpty) {
  ObservationColumn column = rows(2000);
  for (double& time_s : column.times_s) time_s += 300;
  const ObservationColumn folded = compacted(column);
  const ObservationColumn none = compacted_between(folded, -infinity, cuts_s[0]);
  EXPECT_EQ(none.quality, Quality::raw);
  EXPECT_TRUE(none.values.empty());
  EXPECT_EQ(none.sketch, nullptr);
}

TEST(SketchStrata, TheMomentsOfTheCallsDoNotMatter) {
  const ObservationColumn all = rows(6000);
  ObservationColumn grown;
  for (std::size_t i = 0; i < all.values.size(); ++i) {
    grown.values.push_back(all.values[i]);
    grown.times_s.push_back(all.times_s[i]);
    if (i % 500 == 3) compact_between(grown, cuts_s, 1000);
    if (i % 1000 == 3) join_strata(grown);
  }
  compact_between(grown, cuts_s, 1000);
  join_strata(grown);
  EXPECT_EQ(*grown.sketch, *compacted(all).sketch);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(*grown.strata->parts[i], *compacted(all).strata->parts[i]);
  }
}

TEST(SketchStrata, AMissingTimeFoldsTheWhole) {
  const ObservationColumn all = rows(4000);
  ObservationColumn later = all;
  compact_between(later, cuts_s, 1000);
  later.values = {1, 2};
  compact_between(later, cuts_s, 1000);
  ObservationColumn never = all;
  never.times_s.clear();
  compact_between(never, cuts_s, 1000);
  for (const ObservationColumn* column : {&later, &never}) {
    EXPECT_EQ(column->strata, nullptr);
  }
  EXPECT_EQ(later.sketch->count(), 4002);
  EXPECT_FALSE(later.sketch->is_timed());
  EXPECT_EQ(never.sketch->count(), 4000);
}

TEST(SketchStrata, ShortGridsAreJoinedToTheCoarserOne) {
  const SketchLimits small{60, 3000, std::size_t{1} << 13U};
  ObservationColumn column = rows(30'000);
  const ObservationColumn all = column;
  compact_between(column, cuts_s, 1000, small);
  join_strata(column);
  ColumnSketch whole(small);
  whole.add(all.values, all.times_s);
  EXPECT_EQ(*column.sketch, whole);
}

}  // namespace
}  // namespace haldane::analysis
