#include <map>
#include <random>

#include <gtest/gtest.h>

#include "sim/measure/interval_series.h"
#include "sim/measure/latency_histogram.h"
#include "sim/measure/time_grid.h"

namespace haldane::sim {
namespace {

SimTime at(std::int64_t ns) {
  return SimTime::at_nanoseconds(ns);
}

TEST(LatencyHistogram, EveryValueLiesWithinAThousandthOfItsBucket) {
  for (std::int64_t ns = 1; ns < LatencyHistogram::max_value; ns += 1 + ns / 1013) {
    const std::int64_t value = LatencyHistogram::value_of(LatencyHistogram::index_of(ns));
    EXPECT_LE(std::abs(static_cast<double>(value - ns)), 1e-3 * static_cast<double>(ns)) << ns;
  }
}

TEST(LatencyHistogram, SmallValuesAreExactAndHugeOnesAreKept) {
  LatencyHistogram histogram;
  const std::int64_t huge = LatencyHistogram::max_value * 2;
  for (const std::int64_t ns : {0L, 1L, 1023L, static_cast<long>(huge)}) histogram.record_ns(ns);
  const LatencySlice slice = histogram.take_slice();
  EXPECT_EQ(slice.count, 4);
  EXPECT_EQ(slice.sum_ns, 1024 + huge);
  EXPECT_EQ(slice.max_ns, huge);
  ASSERT_EQ(slice.buckets.size(), 4U);
  EXPECT_EQ(slice.buckets[0].value_ns, 0);
  EXPECT_EQ(slice.buckets[1].value_ns, 1);
  EXPECT_EQ(slice.buckets[2].value_ns, 1023);
}

// Batches are counted in whole vectors: what lies behind the last value must not count.
TEST(LatencyHistogram, ABatchCountsAsItsValuesOneByOne) {
  for (const std::size_t size : {0U, 1U, 7U, 8U, 9U, 63U, 64U}) {
    LatencyHistogram by_batch;
    LatencyHistogram one_by_one;
    LatencyBatch batch;
    for (std::size_t i = 0; i < LatencyBatch::capacity; ++i) batch.add(Duration::seconds(99));
    batch.size = 0;  // what was there before
    for (std::size_t i = 0; i < size; ++i) {
      const Duration latency =
          Duration::nanoseconds(static_cast<std::int64_t>((i * 7919) << (i % 40)));
      batch.add(latency);
      one_by_one.record_ns(latency.count_ns());
    }
    by_batch.record(batch);
    EXPECT_EQ(batch.size, 0U);
    const LatencySlice expected = one_by_one.take_slice();
    const LatencySlice slice = by_batch.take_slice();
    EXPECT_EQ(slice.count, static_cast<std::int64_t>(size));
    EXPECT_EQ(slice.sum_ns, expected.sum_ns) << size;
    EXPECT_EQ(slice.max_ns, expected.max_ns) << size;
    ASSERT_EQ(slice.buckets.size(), expected.buckets.size()) << size;
    for (std::size_t b = 0; b < slice.buckets.size(); ++b) {
      EXPECT_EQ(slice.buckets[b].value_ns, expected.buckets[b].value_ns) << size;
      EXPECT_EQ(slice.buckets[b].count, expected.buckets[b].count) << size;
    }
  }
}

TEST(LatencyHistogram, TakingASliceEmptiesIt) {
  LatencyHistogram histogram;
  histogram.record_ns(5);
  EXPECT_EQ(histogram.take_slice().count, 1);
  const LatencySlice empty = histogram.take_slice();
  EXPECT_EQ(empty.count, 0);
  EXPECT_TRUE(empty.buckets.empty());
}

TEST(LatencySlice, MergingIsTheHistogramOfBoth) {
  std::mt19937 random(1);
  LatencyHistogram all;
  LatencyHistogram parts[2];
  for (int i = 0; i < 5000; ++i) {
    const std::int64_t ns = static_cast<std::int64_t>(random() % 100'000'000);
    all.record_ns(ns);
    parts[i % 2].record_ns(ns);
  }
  LatencySlice merged = parts[0].take_slice();
  merge(merged, parts[1].take_slice());
  const LatencySlice expected = all.take_slice();
  ASSERT_EQ(merged.buckets.size(), expected.buckets.size());
  for (std::size_t i = 0; i < merged.buckets.size(); ++i) {
    EXPECT_EQ(merged.buckets[i].value_ns, expected.buckets[i].value_ns);
    EXPECT_EQ(merged.buckets[i].count, expected.buckets[i].count);
  }
  EXPECT_EQ(merged.sum_ns, expected.sum_ns);
  EXPECT_EQ(merged.max_ns, expected.max_ns);
}

TEST(TimeGrid, CoversTheRunWithBoundedBinsAndASliceBoundAtTheWarmUp) {
  for (const std::int64_t seconds :
       {1L, 3L, 10L, 99L, 100L, 600L, 1'999L, 2'000L, 3'601L, 86'400L, 8'000'000L}) {
    for (const double warm : {0.0, 0.1, 0.333}) {
      const Duration duration = Duration::seconds(seconds);
      const Duration warmup = Duration::from_seconds(warm * static_cast<double>(seconds));
      const TimeGrid grid = make_time_grid(duration, warmup);
      EXPECT_EQ(grid.bin_bounds.front(), SimTime::zero());
      EXPECT_EQ(grid.bin_bounds.back(), SimTime::zero() + duration);
      EXPECT_LE(grid.bins(), 2000U) << seconds;
      EXPECT_GE(grid.bins(), 60U) << seconds;
      EXPECT_EQ(grid.bin_bounds[grid.warmup_bins], SimTime::zero() + warmup)
          << seconds << " " << warm;
      EXPECT_TRUE(std::find(grid.slice_begin.begin(), grid.slice_begin.end(), grid.warmup_bins) !=
                  grid.slice_begin.end());
      EXPECT_EQ(grid.slice_begin.back(), grid.bins());
      EXPECT_TRUE(std::is_sorted(grid.bin_bounds.begin(), grid.bin_bounds.end()));
    }
  }
  EXPECT_EQ(make_time_grid(Duration::seconds(600), {}).bin_bounds[1], at(1'000'000'000));
}

TEST(TimeGrid, AMillisecondIsStillARun) {
  const TimeGrid grid = make_time_grid(Duration::milliseconds(1), {});
  EXPECT_GE(grid.bins(), 60U);
  EXPECT_LE(grid.bins(), 2000U);
}

// The brute force: what an interval contributes to each bin, one bin at a time.
TEST(IntervalSeries, EqualsTheSumOfOverlaps) {
  const TimeGrid grid = make_time_grid(Duration::nanoseconds(103'700), Duration::nanoseconds(333));
  const BinLocator bins(grid.bin_bounds);
  IntervalSeries series(bins);
  std::vector<std::int64_t> expected(grid.bins());
  std::mt19937 random(2);
  for (int i = 0; i < 2000; ++i) {
    const auto from = static_cast<std::int64_t>(random() % 110'000);
    const std::int64_t to =
        from + static_cast<std::int64_t>(i % 3 == 0 ? random() % 50'000 : random() % 200);
    if (at(from) < bins.end() || i % 2 == 0) series.add(at(from), at(to));
    for (std::size_t bin = 0; bin < grid.bins(); ++bin) {
      const std::int64_t begin = std::max(from, grid.bin_bounds[bin].count_ns());
      const std::int64_t end = std::min(to, grid.bin_bounds[bin + 1].count_ns());
      expected[bin] += std::max<std::int64_t>(0, end - begin);
    }
  }
  EXPECT_EQ(series.integrals(), expected);
}

TEST(IntervalSeries, ManyAtOnceCountAsOneByOne) {
  const TimeGrid grid = make_time_grid(Duration::nanoseconds(103'700), Duration::nanoseconds(333));
  const BinLocator bins(grid.bin_bounds);
  IntervalSeries together(bins);
  IntervalSeries alone(bins);
  std::mt19937 random(3);
  for (std::int64_t begin = 0; begin < 110'000; begin += 97) {
    std::vector<SimTime> from;
    std::vector<SimTime> to;
    for (std::size_t i = 0; i < random() % 20; ++i) {
      from.push_back(at(begin + static_cast<std::int64_t>(random() % 90)));
      to.push_back(from.back() + Duration::nanoseconds(
                                     static_cast<std::int64_t>(random() % (i % 5 == 0 ? 900 : 9))));
      alone.add(from.back(), to.back());
    }
    together.add(from, to);
  }
  EXPECT_EQ(together.integrals(), alone.integrals());
}

TEST(LatencyHistogram, ZerosCountAsAnyOthers) {
  LatencyHistogram counted;
  LatencyHistogram recorded;
  counted.record(Duration::nanoseconds(5));
  recorded.record(Duration::nanoseconds(5));
  counted.record_zeros(3);
  for (int i = 0; i < 3; ++i) recorded.record(Duration());
  const LatencySlice a = counted.take_slice();
  const LatencySlice b = recorded.take_slice();
  EXPECT_EQ(a.count, 4);
  EXPECT_EQ(a.count, b.count);
  EXPECT_EQ(a.sum_ns, b.sum_ns);
  EXPECT_EQ(a.max_ns, b.max_ns);
  ASSERT_EQ(a.buckets.size(), b.buckets.size());
  EXPECT_EQ(a.buckets.front().count, 3);
}

TEST(BinLocator, FindsEveryBoundAndItsNeighbours) {
  for (const std::int64_t warm : {0L, 777L}) {
    const TimeGrid grid =
        make_time_grid(Duration::nanoseconds(100'123), Duration::nanoseconds(warm));
    const BinLocator bins(grid.bin_bounds);
    for (std::size_t bin = 0; bin < grid.bins(); ++bin) {
      EXPECT_EQ(bins.bin_of(grid.bin_bounds[bin]), bin);
      EXPECT_EQ(bins.bin_of(grid.bin_bounds[bin + 1] - Duration::nanoseconds(1)), bin);
    }
  }
}

TEST(AgeSeries, IntegratesTheAgeOfTheHeadOfTheQueue) {
  const TimeGrid grid = make_time_grid(Duration::seconds(100), {});
  const BinLocator bins(grid.bin_bounds);
  AgeSeries series(bins);
  const auto second = [](std::int64_t s) { return SimTime::zero() + Duration::seconds(s); };
  series.add(second(1), second(2), second(4));  // ages 1 s to 3 s: integral 1.5 + 2.5 s^2
  EXPECT_EQ(series.integrals()[1], 0);
  EXPECT_EQ(series.integrals()[2], 1'500'000'000'000);
  EXPECT_EQ(series.integrals()[3], 2'500'000'000'000);
  EXPECT_EQ(series.integrals()[4], 0);
}

}  // namespace
}  // namespace haldane::sim
