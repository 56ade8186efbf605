// Balancers that remember, in whole cells: outlier ejection and peak EWMA.
#include <gtest/gtest.h>

#include "tests/support/conservation.h"
#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;

constexpr std::string_view ten = R"(
schema: haldane.scenario/1
name: ten
duration: 200s
warmup: 0s
traffic: {arrivals: {process: poisson, rate: 500/s}}
edge: none
api: {replicas: 10, concurrency: 4, service: {exponential: {mean: 10ms}}}
timeline: [{at: 10s, event: bad_release, share: 10%, factor: 1, probability: 100%}]
)";

void expect_conservation(const Trial& run) {
  test::expect_requests_end(run);
  test::expect_api_answers(run);
}

// One of ten fails everything from 10 s on. It is ejected at its fifth error, for 30 s, 60 s, 90 s
// and so on to the end of an interval: from 10 s, 50 s and 120 s on, and the fourth error or so of
// each time beside those in flight is the last.
TEST(Outliers, ABadReplicaIsLeftOutMostOfTheTime) {
  const Trial without(scenario(ten));
  EXPECT_NEAR(without.ratio(Counter::api_errors, Counter::api_requests), 0.1 * 190 / 200, 0.005);
  EXPECT_EQ(without.sum(Counter::api_ejected_time), 0);
  const Trial with(scenario(ten, {"api.outliers={}"}));
  expect_conservation(with);
  EXPECT_GE(with.sum(Counter::api_errors), 3 * 5);
  EXPECT_LE(with.sum(Counter::api_errors), 60);
  EXPECT_NEAR(with.time_average(Counter::api_ejected_time), 0.94, 0.02);
}

// Half of ten: no more than one may be ejected, or all five, and then so few are left that a panic
// uses all.
TEST(Outliers, AreLimitedByShareAndPanic) {
  const std::vector<std::string> half = {
      "timeline=[{at: 10s, event: bad_release, share: 60%, factor: 1, probability: 100%}]"};
  const auto error_ratio = [&](const std::string& outliers) {
    std::vector<std::string> sets = half;
    sets.push_back("api.outliers=" + outliers);
    const Trial run(scenario(ten, sets));
    expect_conservation(run);
    return run.ratio(Counter::api_errors, Counter::api_requests);
  };
  const double one = error_ratio("{}");
  EXPECT_GT(one, 0.45);
  EXPECT_LT(one, 0.6);
  EXPECT_LT(error_ratio("{max_ejected: 1, panic: 0%}"), 0.01);
  EXPECT_GT(error_ratio("{max_ejected: 1}"), 0.5);
}

// A replica that is 20 times as slow holds up its tenth of the requests, unless it is avoided.
TEST(PeakEwmaBalancer, AvoidsASlowReplica) {
  const std::string slow =
      "timeline=[{at: 10s, event: slow_down, tier: api, replicas: 1, factor: 20}]";
  const auto mean_ms = [&](const std::string& balancer) {
    const Trial run(scenario(ten, {slow, "api.balancer=" + balancer}));
    expect_conservation(run);
    return run.mean_ms(Histogram::api_latency);
  };
  const double fastest = 10;
  EXPECT_LT(mean_ms("peak_ewma"), 1.25 * fastest);
  EXPECT_GT(mean_ms("random"), 5 * fastest);
  EXPECT_GT(mean_ms("power_of_two"), 1.3 * fastest);
}

// Among equals it is hardly worse than the better of two by their load.
TEST(PeakEwmaBalancer, SpreadsEvenlyAmongEquals) {
  const auto wait_ms = [&](const std::string& balancer) {
    const Trial run(scenario(ten, {"timeline=[]", "api.concurrency=1",
                                   "traffic.arrivals.rate=700/s", "api.balancer=" + balancer}));
    expect_conservation(run);
    return run.mean_ms(Histogram::api_wait);
  };
  EXPECT_LT(wait_ms("peak_ewma"), 0.6 * wait_ms("random"));
}

// One of two sites brings 3/4 of the traffic, more than its cell can do; 2/3 of that stays, and
// both cells are asked for 80 a second.
TEST(ZoneAware, EvensOutWhatCellsAreAsked) {
  const auto rejected = [](const std::string& route) {
    const Trial run(
        scenario(ten, {"timeline=[]", "traffic.objects={count: 1M}", "traffic.arrivals.rate=40/s",
                       "traffic.arrivals.sites=[{weight: 3}, {weight: 1}]",
                       "edge={sites: 2, cache: {policy: lru, capacity: {objects: 1}}, hit_latency: "
                       "{deterministic: {value: 1us}}}",
                       "links={edge_to_api: 1ms}", "api.cells=2", "api.replicas=1",
                       "api.concurrency=1", "api.queue_capacity=10", "api.route=" + route}));
    EXPECT_NEAR(run.rate(Counter::api_requests), 160, 3);
    return run.ratio(Counter::api_rejected, Counter::api_requests);
  };
  EXPECT_GT(rejected("{own_cell: 100%}"), 0.12);
  // M/M/1/11 at 0.8 Erlang.
  EXPECT_NEAR(rejected("zone_aware"), 0.0184, 0.006);
}

}  // namespace
}  // namespace haldane::models
