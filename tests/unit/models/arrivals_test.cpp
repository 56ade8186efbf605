// When requests come: curves, ramps, crowds, excitation and sessions, held against what their laws
// say. Margins are five standard deviations unless said otherwise.
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/workload/arrival_stream.h"
#include "models/workload/rate_script.h"
#include "tests/support/trial.h"

namespace haldane::models {
namespace {

constexpr std::string_view text = R"(
schema: haldane.scenario/1
name: arrivals
duration: 1000s
warmup: 0s
traffic:
  arrivals: {process: poisson, rate: 100/s}
api: {replicas: 1, service: {deterministic: {value: 1ms}}}
)";

struct Arrival {
  double at_s;
  std::uint32_t object;
  std::uint64_t routing_word;
};

std::vector<Arrival> arrivals_of(const Scenario& scenario, std::uint32_t site = 0) {
  const Plan plan = compile_plan(scenario);
  ArrivalStream stream(plan, site, 7, 0);
  stream.start();
  std::vector<Arrival> all;
  for (std::uint64_t n = 0; stream.time(n) != SimTime::never(); stream.pass(n++))
    all.push_back({stream.time(n).as_seconds(), stream.object(n), stream.routing_word(n)});
  return all;
}

double count_between(const std::vector<Arrival>& all, double from_s, double to_s) {
  return static_cast<double>(std::ranges::count_if(
      all, [&](const Arrival& one) { return one.at_s >= from_s && one.at_s < to_s; }));
}

void expect_poisson(double count, double mean) {
  EXPECT_NEAR(count, mean, 5 * std::sqrt(mean));
}

TEST(RateCurve, GoesStraightFromPointToPointAndOverMidnight) {
  CurveSpec curve;
  curve.day = {{Duration::seconds(6 * 3'600), 2}, {Duration::seconds(18 * 3'600), 4}};
  const auto at = [&curve](double hours) {
    return curve_factor(curve, Duration::from_seconds(hours * 3'600));
  };
  EXPECT_DOUBLE_EQ(at(6), 2);
  EXPECT_DOUBLE_EQ(at(12), 3);
  EXPECT_DOUBLE_EQ(at(18), 4);
  EXPECT_DOUBLE_EQ(at(0), 3);
  EXPECT_DOUBLE_EQ(at(24), 3);
  EXPECT_DOUBLE_EQ(at(-3), 3.5);
  curve.week = {1, 1, 1, 1, 1, 1, 10};
  EXPECT_DOUBLE_EQ(at(12), 3);
  EXPECT_DOUBLE_EQ(at(-12), 30);
  EXPECT_DOUBLE_EQ(at(6 * 24 + 12), 30);
}

TEST(RateCurve, SwingsAsACosine) {
  CurveSpec curve;
  curve.swing = 0.6;
  curve.peak = Duration::seconds(20 * 3'600);
  for (int minute = -3'000; minute < 3'000; minute += 7) {
    const double turns = (minute / 60.0 - 20) / 24;
    EXPECT_NEAR(curve_factor(curve, Duration::seconds(minute * 60)),
                1 + 0.6 * std::cos(2 * M_PI * turns), 1e-11);
  }
}

TEST(RateCurve, ArrivalsFollowItAtTheClockOfTheirSite) {
  const Scenario s = test::scenario(
      text, {"duration=2d", "traffic.arrivals.rate=2/s",
             "traffic.arrivals.curve={day: {peak: 0h, swing: 50%}, week: [1, 3, 1, 1, 1, 1, 1]}",
             "traffic.arrivals.sites=[{offset: -6h, weight: 2}]"});
  const auto all = arrivals_of(s);
  // The integral of the cosine over a quarter around its top is sin(pi / 4) / (pi / 4) of it.
  const double hour = 3'600;
  const double lift = 0.5 * std::sin(M_PI / 4) / (M_PI / 4);
  expect_poisson(count_between(all, 6 * hour, 12 * hour), 4 * 6 * hour * (1 + 0.5 * 2 / M_PI));
  expect_poisson(count_between(all, 15 * hour, 21 * hour), 4 * 6 * hour * (1 - lift));
  expect_poisson(count_between(all, 39 * hour, 45 * hour), 3 * 4 * 6 * hour * (1 - lift));
}

TEST(Timeline, ARampGoesStraightAndStays) {
  const auto all = arrivals_of(test::scenario(
      text, {"timeline=[{at: 100s, event: ramp, factor: 5, over: 200s, for: 500s}]"}));
  expect_poisson(count_between(all, 0, 100), 100 * 100);
  expect_poisson(count_between(all, 100, 200), 100 * 100 * 2);
  expect_poisson(count_between(all, 200, 300), 100 * 100 * 4);
  expect_poisson(count_between(all, 300, 600), 100 * 300 * 5);
  expect_poisson(count_between(all, 600, 1'000), 100 * 400);
}

TEST(Timeline, AFlashCrowdRisesAndDecays) {
  const auto all = arrivals_of(test::scenario(
      text, {"timeline=[{at: 100s, event: flash_crowd, factor: 11, rise: 10s, decay: 60s}]"}));
  expect_poisson(count_between(all, 0, 100), 100 * 100);
  expect_poisson(count_between(all, 100, 110), 100 * 10 * (1 + 10 / 2.0));
  expect_poisson(count_between(all, 110, 170), 100 * 60 * (1 + 10 * (1 - std::exp(-1))));
  expect_poisson(count_between(all, 600, 1'000), 100 * 400);
  const double extra = 100 * 10 * (10 / 2.0 + 60);
  expect_poisson(static_cast<double>(all.size()), 100 * 1'000 + extra);
}

// A cluster of mean size 1 / (1 - n) follows each arrival of its own accord.
TEST(Hawkes, HasTheMeanAndTheDispersionOfItsClusters) {
  const auto all = arrivals_of(test::scenario(
      text, {"duration=4000s",
             "traffic.arrivals={process: hawkes, base: 40/s, branching: 0.6, decay: 200ms}"}));
  const double mean = 40 / 0.4;
  const double windows = 399;
  double squares = 0;
  double sum = 0;
  for (int w = 1; w <= 399; ++w) {
    const double count = count_between(all, 10.0 * w, 10.0 * (w + 1));
    sum += count;
    squares += count * count;
  }
  const double fano = 1 / (0.4 * 0.4);
  EXPECT_NEAR(sum / windows, 10 * mean, 5 * std::sqrt(10 * mean * fano / windows));
  const double variance = squares / windows - (sum / windows) * (sum / windows);
  // A variance of 399 windows has a standard deviation of about 7 %; 5 % are lost at the ends of
  // windows that clusters reach over.
  EXPECT_NEAR(variance / (10 * mean), fano, 0.35 * fano);
}

TEST(Hawkes, WithoutBranchingIsPoisson) {
  const auto all = arrivals_of(test::scenario(
      text, {"traffic.arrivals={process: hawkes, base: 100/s, branching: 0, decay: 1s}"}));
  expect_poisson(static_cast<double>(all.size()), 100'000);
}

TEST(Hawkes, FollowsACurveAndTheTimeline) {
  const auto all = arrivals_of(test::scenario(
      text, {"traffic.arrivals={process: hawkes, base: 50/s, branching: 0.5, decay: 1s}",
             "timeline=[{at: 500s, event: surge, factor: 3}]"}));
  EXPECT_NEAR(count_between(all, 20, 500), 480 * 100, 5 * std::sqrt(480 * 100 * 4.0));
  EXPECT_NEAR(count_between(all, 520, 1'000), 480 * 300, 5 * std::sqrt(480 * 300 * 4.0));
}

TEST(Sessions, HaveAGeometricNumberOfRequests) {
  Sessions sessions(4, sim::Distribution::constant(1e9), {1, 0, 0, sim::Purpose::session});
  double requests = 0;
  double alone = 0;
  constexpr int count = 40'000;
  for (int s = 0; s < count; ++s) {
    const std::uint32_t left = sessions.begin(SimTime::zero()).left;
    requests += 1.0 + left;
    alone += left == 0 ? 1 : 0;
  }
  EXPECT_NEAR(requests / count, 4, 5 * std::sqrt(12.0 / count));  // variance (1 - p) / p^2
  EXPECT_NEAR(alone / count, 0.25, 5 * std::sqrt(0.25 * 0.75 / count));
}

TEST(Sessions, MergeInOrderOfTimeAndKeepTheirUsers) {
  const Scenario s = test::scenario(
      text, {"traffic.arrivals={process: sessions, rate: 20/s, requests: 5, pause: {uniform: {low: "
             "0s, high: 2s}}}"});
  const auto all = arrivals_of(s);
  EXPECT_TRUE(std::ranges::is_sorted(all, {}, &Arrival::at_s));
  // Clusters of variance 20 and mean 5: 45 a session.
  EXPECT_NEAR(count_between(all, 20, 1'000), 980 * 100, 5 * std::sqrt(980 * 20 * 45.0));
  std::vector<std::uint64_t> users;
  for (const Arrival& one : all) users.push_back(one.routing_word >> 32);
  std::ranges::sort(users);
  const auto different = std::ranges::unique(users).begin() - users.begin();
  EXPECT_NEAR(static_cast<double>(different), 20 * 1'000, 5 * std::sqrt(20 * 1'000.0));
}

TEST(Sessions, OfOneRequestArePoisson) {
  const auto all = arrivals_of(
      test::scenario(text, {"traffic.arrivals={process: sessions, rate: 100/s, requests: 1, pause: "
                            "{deterministic: {value: 1s}}}"}));
  expect_poisson(static_cast<double>(all.size()), 100'000);
}

TEST(Popularity, HasTheShiftOfMandelbrot) {
  for (const std::uint32_t count : {1'000U, 200'000U}) {
    const sim::ZipfSampler law(count, 0.9, 30);
    double total = 0;
    double top = 0;
    double upper = 0;
    for (std::uint32_t rank = count; rank >= 1; --rank) {
      const double weight = std::pow(rank + 30.0, -0.9);
      total += weight;
      if (rank <= 10) top += weight;
      if (rank <= count / 10) upper += weight;
    }
    constexpr int draws = 200'000;
    double seen_top = 0;
    double seen_upper = 0;
    for (std::uint64_t i = 0; i < draws; ++i) {
      const std::uint32_t rank = law.sample(sim::draw({3, 0, 0, sim::Purpose::test}, i).first);
      ASSERT_LT(rank, count);
      seen_top += rank < 10 ? 1.0 / draws : 0;
      seen_upper += rank < count / 10 ? 1.0 / draws : 0;
    }
    EXPECT_NEAR(seen_top, top / total, 5 * std::sqrt(top / total / draws)) << count;
    EXPECT_NEAR(seen_upper, upper / total, 5 * std::sqrt(0.25 / draws)) << count;
  }
}

TEST(Popularity, DriftBringsTheLastRanksToTheTop) {
  TrafficSpec traffic;
  traffic.objects.count = 10;
  traffic.objects.drift_every = Duration::seconds(60);
  traffic.objects.drift_ranks = 3;
  const ObjectLaw law(traffic);
  const auto top_at = [&law](std::int64_t seconds) {
    return law.drifted(0, SimTime::zero() + Duration::seconds(seconds));
  };
  EXPECT_EQ(top_at(59), 0U);
  EXPECT_EQ(top_at(60), 7U);
  EXPECT_EQ(top_at(120), 4U);
  EXPECT_EQ(top_at(600), 0U);                                              // 30 ranks later
  EXPECT_EQ(law.drifted(3, SimTime::zero() + Duration::seconds(60)), 0U);  // moved down
}

constexpr std::string_view edge_text = R"(
schema: haldane.scenario/1
name: objects
duration: 200s
warmup: 20s
traffic:
  arrivals: {process: poisson, rate: 500/s}
  objects: {count: 1k, popularity: {zipf: 0.9}}
edge: {sites: 2, cache: {policy: lru, capacity: {objects: 200}}}
links: {edge_to_api: 1ms}
api: {replicas: 4, concurrency: 4, service: {exponential: {mean: 5ms}}}
)";

double hit_ratio(const std::vector<std::string>& overrides) {
  const test::Trial run(test::scenario(edge_text, overrides));
  return run.ratio(Counter::edge_hits, Counter::edge_lookups);
}

TEST(Popularity, DriftCostsHits) {
  const double still = hit_ratio({});
  EXPECT_LT(hit_ratio({"traffic.objects.drift={every: 100ms, ranks: 100}"}), still - 0.15);
  EXPECT_NEAR(hit_ratio({"traffic.objects.drift={every: 100s, ranks: 10}"}), still, 0.01);
}

TEST(Popularity, OneHitWondersAllMiss) {
  EXPECT_NEAR(hit_ratio({"traffic.objects={count: 50, one_hit_wonders: 30%}"}), 0.7, 0.01);
  const auto all =
      arrivals_of(test::scenario(edge_text, {"traffic.objects={count: 50, one_hit_wonders: 30%}"}));
  std::vector<std::uint32_t> once;
  for (const Arrival& one : all) {
    if (one.object >= 50) once.push_back(one.object);
  }
  EXPECT_NEAR(static_cast<double>(once.size()), 30'000, 5 * std::sqrt(30'000.0));
  EXPECT_EQ(std::ranges::adjacent_find(once, std::greater_equal()), once.end());
}

TEST(Traffic, GivesTheSameBitsOnAnyNumberOfThreads) {
  for (const std::string arrivals :
       {"{process: hawkes, base: 200/s, branching: 0.5, decay: 1s}",
        "{process: sessions, rate: 50/s, requests: 8, pause: {exponential: {mean: 3s}}}",
        "{process: poisson, rate: 500/s, curve: {day: {peak: 1h, swing: 90%}, step: 1s}}"}) {
    const Plan plan = compile_plan(test::scenario(
        edge_text,
        {"duration=6s", "warmup=0s", "traffic.arrivals=" + arrivals,
         "traffic.objects={count: 500, popularity: {zipf: 0.8, shift: 9}, drift: {every: "
         "1s, ranks: 7}, one_hit_wonders: 10%}"}));
    ReplicationOptions options;
    const std::uint64_t digest = run_replication(plan, options).measurements.digest;
    options.threads = 3;
    options.worth_sharing = 0;
    EXPECT_EQ(run_replication(plan, options).measurements.digest, digest) << arrivals;
    options.replication = 1;
    EXPECT_NE(run_replication(plan, options).measurements.digest, digest) << arrivals;
  }
}

}  // namespace
}  // namespace haldane::models
