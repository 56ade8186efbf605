// Sketches of columns: bounded, blind to the order of rows, and exact about what they keep.
#include "analysis/ingest/column_sketch.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace haldane::analysis {
namespace {

struct Rows {
  std::vector<double> values;
  std::vector<double> times_s;
};

// Whole numbers, whose sums are exact in any order; times in order, a few of them the same.
Rows whole_numbers(std::size_t n, unsigned seed) {
  std::mt19937_64 random(seed);
  std::lognormal_distribution<double> law(std::log(300), 1);
  Rows rows;
  double clock_s = 1.7e9;
  for (std::size_t i = 0; i < n; ++i) {
    rows.values.push_back(std::floor(law(random)));
    rows.times_s.push_back(clock_s);
    if (i % 3 != 0) clock_s += 0.01;
  }
  return rows;
}

Rows shuffled(const Rows& rows, std::size_t block, unsigned seed) {
  std::vector<std::size_t> blocks((rows.values.size() + block - 1) / block);
  for (std::size_t i = 0; i < blocks.size(); ++i) blocks[i] = i;
  std::shuffle(blocks.begin(), blocks.end(), std::mt19937_64(seed));
  Rows out;
  for (const std::size_t b : blocks) {
    for (std::size_t i = b * block; i < std::min(rows.values.size(), (b + 1) * block); ++i) {
      out.values.push_back(rows.values[i]);
      out.times_s.push_back(rows.times_s[i]);
    }
  }
  return out;
}

ColumnSketch sketch_of(const Rows& rows, const SketchLimits& limits = {}) {
  ColumnSketch sketch(limits);
  sketch.add(rows.values, rows.times_s);
  return sketch;
}

TEST(ColumnSketch, TheOrderOfRowsDoesNotMatter) {
  const Rows rows = whole_numbers(30'000, 1);
  const SketchLimits small{100, 4000, std::size_t{1} << 13U};
  for (const SketchLimits& limits : {SketchLimits{}, small}) {
    const ColumnSketch sketch = sketch_of(rows, limits);
    EXPECT_LE(sketch.slices().size(), limits.slices);
    for (const std::size_t block : {1U, 7U, 1000U}) {
      EXPECT_EQ(sketch_of(shuffled(rows, block, 2), limits), sketch) << block;
    }
  }
}

TEST(ColumnSketch, TheMomentsOfTheCallsDoNotMatter) {
  const Rows rows = whole_numbers(20'000, 3);
  ColumnSketch parts;
  const std::span<const double> values(rows.values);
  const std::span<const double> times(rows.times_s);
  for (std::size_t at = 0; at < values.size();) {
    const std::size_t size = std::min<std::size_t>(1 + at % 977, values.size() - at);
    parts.add(values.subspan(at, size), times.subspan(at, size));
    at += size;
  }
  EXPECT_EQ(parts, sketch_of(rows));
}

TEST(ColumnSketch, StoresNoMoreWhenRowsGrowTenfold) {
  const SketchLimits limits{64, 3000, std::size_t{1} << 13U};
  const std::size_t most = 3 * limits.slices + 2 * limits.cells + 4 * limits.bins;
  for (const std::size_t n : {8'000U, 80'000U}) {
    EXPECT_LE(sketch_of(whole_numbers(n, 4), limits).stored_numbers(), most);
    // All magnitudes, both signs, times in no order.
    std::mt19937_64 random(5);
    Rows wild;
    for (std::size_t i = 0; i < n; ++i) {
      const double sign = random() % 2 == 0 ? -1 : 1;
      wild.values.push_back(sign * std::ldexp(1.0 + 1e-3 * static_cast<double>(random() % 1000),
                                              static_cast<int>(random() % 2000) - 1000));
      wild.times_s.push_back(static_cast<double>(random() % 1'000'000'000));
    }
    const ColumnSketch sketch = sketch_of(wild, limits);
    EXPECT_LE(sketch.bins().size(), limits.bins);
    EXPECT_LE(sketch.slices().size(), limits.slices);
    EXPECT_EQ(sketch.count(), static_cast<double>(n));
  }
}

TEST(ColumnSketch, EveryValueIsInItsBinAndBinsAreNarrow) {
  std::vector<double> values;
  std::mt19937_64 random(6);
  std::lognormal_distribution<double> law(0, 0.7);
  for (int i = 0; i < 20'000; ++i) values.push_back(i % 5 == 0 ? -law(random) : law(random));
  values.insert(values.end(), {0.0, -0.0, 0.0, 1e300, -1e-300});
  ColumnSketch sketch;
  sketch.add(values, {});
  std::sort(values.begin(), values.end());
  std::size_t rank = 0;
  for (const ValueBin& bin : sketch.bins()) {
    EXPECT_EQ(values[rank], bin.low);
    rank += static_cast<std::size_t>(bin.count);
    EXPECT_EQ(values[rank - 1], bin.high);
    EXPECT_LE(bin.high - bin.low, 1e-3 * std::abs(bin.low));
  }
  EXPECT_EQ(rank, values.size());
}

TEST(ColumnSketch, SlicesKeepCountsAndSums) {
  const Rows rows = whole_numbers(50'000, 7);
  const ColumnSketch sketch = sketch_of(rows, {50, 100'000, std::size_t{1} << 13U});
  double count = 0;
  double sum = 0;
  for (const SketchSlice& slice : sketch.slices()) {
    double in_cells = 0;
    for (const SketchCell& cell : slice.cells) in_cells += cell.count;
    EXPECT_EQ(in_cells, slice.count);
    count += slice.count;
    sum += slice.sum;
  }
  EXPECT_EQ(count, 50'000);
  EXPECT_EQ(sum, sketch.sum());
  EXPECT_GT(sketch.slices().size(), 25U);
  EXPECT_EQ(sketch.time_range(), std::pair(rows.times_s.front(), rows.times_s.back()));
}

TEST(ColumnSketch, AMissingTimeLosesTheOrderWheneverItComes) {
  const Rows rows = whole_numbers(1000, 8);
  const std::span<const double> values(rows.values);
  const std::span<const double> times(rows.times_s);
  ColumnSketch at_once;
  at_once.add(values, times.subspan(1));
  ColumnSketch later;
  later.add(values.first(500), times.first(500));
  later.add(values.subspan(500), {});
  for (const ColumnSketch* sketch : {&at_once, &later}) {
    EXPECT_FALSE(sketch->is_timed());
    EXPECT_TRUE(sketch->slices().empty());
    EXPECT_EQ(sketch->count(), 1000);
    EXPECT_EQ(sketch->bins(), sketch_of(rows).bins());
  }
}

TEST(ColumnSketch, FewRowsStayAsTheyAre) {
  ObservationColumn column;
  column.values = {3, 1, 2};
  compact_rows(column, 3);
  EXPECT_EQ(column.quality, Quality::raw);
  EXPECT_EQ(column.values.size(), 3U);
  column.values.push_back(2);
  compact_rows(column, 3);
  EXPECT_EQ(column.quality, Quality::compacted);
  EXPECT_TRUE(column.values.empty());
  column.values.push_back(7);
  compact_rows(column, 3);
  EXPECT_EQ(column.sketch->count(), 5);
  EXPECT_EQ(bins_of(column), (std::vector<ValueBin>{{1, 1, 1}, {2, 2, 2}, {3, 3, 1}, {7, 7, 1}}));
}

}  // namespace
}  // namespace haldane::analysis
