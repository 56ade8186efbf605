// Random systems against a plain event loop, and against themselves on other numbers of threads.
//
// HALDANE_SYSTEMS=N tests N systems instead of 24, HALDANE_FIRST_SYSTEM=S begins at seed S: ctest's
// slow label runs 400, and `HALDANE_SYSTEMS=20000 property --gtest_filter='Synchroniser.*'` tests
// as long as it takes. A failure prints the seed and the scenario.
#include <algorithm>
#include <cstdlib>
#include <optional>

#include <gtest/gtest.h>

#include "tests/property/random_system.h"
#include "tests/support/oracle/event_loop_oracle.h"
#include "tests/support/trial.h"

namespace haldane::models {
namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

struct Seeds {
  std::uint64_t first = from_environment("HALDANE_FIRST_SYSTEM", 0);
  std::uint64_t end = first + from_environment("HALDANE_SYSTEMS", 24);
};

/// Where two tables first differ.
std::optional<std::string> difference(const std::string& what,
                                      const std::vector<std::vector<std::int64_t>>& engine,
                                      const std::vector<std::vector<std::int64_t>>& oracle) {
  if (engine.size() != oracle.size()) return what + ": other number of rows";
  for (std::size_t row = 0; row < engine.size(); ++row) {
    for (std::size_t bin = 0; bin < engine[row].size(); ++bin) {
      if (engine[row][bin] == oracle[row][bin]) continue;
      return what + " " + std::to_string(row) + " in bin " + std::to_string(bin) + ": engine " +
             std::to_string(engine[row][bin]) + ", oracle " + std::to_string(oracle[row][bin]);
    }
  }
  return std::nullopt;
}

std::string text_of(const sim::LatencySlice& slice) {
  std::string text = "n " + std::to_string(slice.count) + ", sum " + std::to_string(slice.sum_ns) +
                     ", max " + std::to_string(slice.max_ns) + ":";
  for (const sim::HistogramBucket& bucket : slice.buckets)
    text += " " + std::to_string(bucket.value_ns) + "x" + std::to_string(bucket.count);
  return text;
}

std::optional<std::string> difference(const sim::Measurements& engine,
                                      const sim::Measurements& oracle) {
  if (auto found = difference("counter", engine.counters, oracle.counters)) return found;
  if (auto found = difference("gauge", engine.maxima, oracle.maxima)) return found;
  if (engine.latencies.size() != oracle.latencies.size()) return "other number of histograms";
  for (std::size_t h = 0; h < engine.latencies.size(); ++h) {
    for (std::size_t s = 0; s < engine.latencies[h].size(); ++s) {
      const std::string ours = text_of(engine.latencies[h][s]);
      const std::string theirs = text_of(oracle.latencies[h][s]);
      if (ours == theirs) continue;
      return "histogram " + std::to_string(h) + " slice " + std::to_string(s) + "\n engine " +
             ours + "\n oracle " + theirs;
    }
  }
  return std::nullopt;
}

TEST(Synchroniser, AgreesWithAPlainEventLoopToTheBit) {
  const Seeds seeds;
  for (std::uint64_t seed = seeds.first; seed < seeds.end; ++seed) {
    const std::string text = test::random_system(seed);
    const Plan plan = compile_plan(test::scenario(text));
    const auto engine = run_replication(plan, {seed, 1, 0}).measurements;
    const auto found = difference(engine, test::simulate_by_events(plan, seed, 1));
    EXPECT_FALSE(found) << "seed " << seed << ": " << *found << "\n" << text;
  }
}

struct Moved {
  std::vector<bool> counters = std::vector<bool>(index(Counter::count));
  std::vector<bool> gauges = std::vector<bool>(index(Gauge::count));
};

/// What some system of 160 counts.
Moved moved_by(test::Breadth breadth) {
  Moved moved;
  for (std::uint64_t seed = 0; seed < 160; ++seed) {
    const Plan plan = compile_plan(test::scenario(test::random_system(seed, breadth)));
    const auto m = run_replication(plan, {seed, 1, 0}).measurements;
    const auto moves = [](const std::vector<std::int64_t>& bins) {
      return std::any_of(bins.begin(), bins.end(), [](std::int64_t v) { return v != 0; });
    };
    for (std::size_t c = 0; c < moved.counters.size(); ++c)
      moved.counters[c] = moved.counters[c] || moves(m.counters[c]);
    for (std::size_t g = 0; g < moved.gauges.size(); ++g)
      moved.gauges[g] = moved.gauges[g] || moves(m.maxima[g]);
  }
  return moved;
}

bool is_of(Counter counter, Counter first, Counter last) {
  return counter >= first && counter <= last;
}

/// What belongs to parts that the oracle leaves out.
bool is_left_out(Counter c) {
  return is_of(c, Counter::edge_limited, Counter::edge_delayed) ||
         is_of(c, Counter::shield_lookups, Counter::api_ejected_time) ||
         c == Counter::edge_warm_ups ||
         is_of(c, Counter::proxy_busy_time, Counter::proxy_queue_time) ||
         is_of(c, Counter::api_memory_time, Counter::job_rows);
}

// A comparison of nothing would always agree.
TEST(RandomSystems, LetEveryCounterAndGaugeMove) {
  const Moved moved = moved_by(test::Breadth::everything);
  for (std::size_t c = 0; c < moved.counters.size(); ++c)
    EXPECT_TRUE(moved.counters[c]) << "counter " << c;
  for (std::size_t g = 0; g < moved.gauges.size(); ++g)
    EXPECT_TRUE(moved.gauges[g]) << "gauge " << g;
}

TEST(RandomSystems, OfTheOracleLetItsCountersMove) {
  const Moved moved = moved_by(test::Breadth::of_the_oracle);
  for (std::size_t c = 0; c < moved.counters.size(); ++c)
    EXPECT_NE(moved.counters[c], is_left_out(static_cast<Counter>(c))) << "counter " << c;
  for (std::size_t g = 0; g <= index(Gauge::dead_letter_age); ++g)
    EXPECT_TRUE(moved.gauges[g]) << "gauge " << g;
}

TEST(Synchroniser, GivesTheSameBitsForAnyNumberOfThreads) {
  const Seeds seeds;
  for (std::uint64_t seed = seeds.first; seed < seeds.end; ++seed) {
    // Of a few systems every second, of many every fourth: with windows this small, waking threads
    // takes most of the time.
    if (seed % (seed - seeds.first >= 24 ? 4 : 2) != 0) continue;
    const std::string text = test::random_system(seed, test::Breadth::everything);
    const Plan plan = compile_plan(test::scenario(text));
    const auto digest = [&](unsigned threads) {
      return run_replication(plan, {seed, 1, 0, threads, 0}).measurements.digest;
    };
    const std::uint64_t one = digest(1);
    // Two threads always, more of them in turn: they crowd a small machine.
    for (const unsigned threads : {2U, seed % 8 == 0 ? 8U : 3U})
      EXPECT_EQ(digest(threads), one) << "seed " << seed << ", " << threads << " threads\n" << text;
  }
}

}  // namespace
}  // namespace haldane::models
