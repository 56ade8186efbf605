// Cells that are scaled though they have more than queues of single replicas: a central queue, and
// replicas that are ejected.
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/trace_requests.h"
#include "tests/support/conservation.h"
#include "tests/support/queueing_formulas.h"
#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;

// 0.8 erlangs on one slot, then on two.
constexpr std::string_view central = R"(
schema: haldane.scenario/1
name: central
duration: 4000s
warmup: 0s
traffic: {arrivals: {process: poisson, rate: 80/s}}
edge: none
api:
  replicas: 1
  concurrency: 1
  balancer: central_queue
  service: {exponential: {mean: 10ms}}
  autoscaler: {kind: schedule, steps: [{at: 10s, replicas: 2}], startup: 0s}
)";

void expect_conservation(const Trial& run, const std::string& what = "") {
  SCOPED_TRACE(what);
  test::expect_requests_end(run);
  test::expect_api_answers(run);
}

TEST(ScaledCentralQueue, HasTheWaitsOfItsServers) {
  for (const int servers : {1, 2, 5}) {
    const double wait_ms = test::erlang_c(0.8 * servers, servers) / (20.0 * servers) * 1e3;
    const Trial run(scenario(
        central, {"warmup=200s", "traffic.arrivals.rate=" + std::to_string(80 * servers) + "/s",
                  "api.autoscaler={kind: schedule, startup: 0s, steps: [{at: 10s, replicas: " +
                      std::to_string(servers) + "}]}"}));
    EXPECT_NEAR(run.mean_ms(Histogram::api_wait), wait_ms, 0.1 * wait_ms) << servers;
    expect_conservation(run);
  }
}

// 150/s too many come for 30 s; the four replicas that are added then take those who wait.
TEST(ScaledCentralQueue, ThoseWhoWaitAreGivenToReplicasThatComeLater) {
  const Trial run(scenario(
      central,
      {"duration=60s", "traffic.arrivals.rate=250/s", "api.service={deterministic: {value: 10ms}}",
       "api.autoscaler={kind: schedule, steps: [{at: 20s, replicas: 5}, {at: "
       "50s, replicas: 3}], startup: 10s}"}));
  expect_conservation(run);
  EXPECT_EQ(run.maximum(Gauge::api_replicas), 5);
  const auto& queue = run.measurements().maxima[index(Gauge::api_queue)];
  EXPECT_NEAR(static_cast<double>(*std::ranges::max_element(queue)), 4'500, 250);
  EXPECT_NEAR(run.quantile_ms(Histogram::api_wait, 1), 18'000, 1'500);
  EXPECT_EQ(run.result().scaling.back().ready, 3U);
}

// The same number of replicas all the time is what nobody scales.
TEST(ScaledCentralQueue, IsThePlainOneWhereNothingChanges) {
  const std::vector<std::string> same = {
      "duration=400s", "api.concurrency=2",
      "timeline=[{at: 90s, event: replica_failure, tier: api, for: 5s}]"};
  std::vector<std::string> scaled = same;
  scaled.emplace_back("api.autoscaler={kind: schedule, steps: [{at: 10s, replicas: 1}]}");
  std::vector<std::string> plain = same;
  plain.emplace_back("api.autoscaler=none");
  const Trial a(scenario(central, scaled));
  const Trial b(scenario(central, plain));
  EXPECT_EQ(a.measurements().counters, b.measurements().counters);
  EXPECT_EQ(a.measurements().maxima, b.measurements().maxima);
}

TEST(ScaledCentralQueue, GoesWithAllThatAQueueDoes) {
  for (const char* key :
       {"api.queue={discipline: lifo}", "api.queue={codel: {}}", "api.queue={deadline_drop: 50ms}",
        "api.limit={kind: fixed, requests: 4}", "api.limit={kind: vegas}",
        "api.pauses={every: 2s, duration: {deterministic: {value: 50ms}}}",
        "api.dependency={pool: 64, service: {exponential: {mean: 4ms}}}",
        "api.slow_start={for: 30s, factor: 2}", "api.queue_capacity=3",
        "timeline=[{at: 30s, event: replica_failure, tier: api, count: 1, for: 9s}]",
        "timeline=[{at: 30s, event: slow_down, tier: api, factor: 3, replicas: 1, for: 9s}]"}) {
    const Trial run(scenario(
        central,
        {"duration=300s", "traffic.arrivals.rate=350/s",
         "api.autoscaler={kind: hpa, max: 30, target: 50%, metric_period: 1s, scrape: 1s, sync: "
         "2s, startup: 5s, stabilization: 30s}",
         key}));
    expect_conservation(run, key);
    EXPECT_GE(run.maximum(Gauge::api_replicas), 4) << key;
  }
}

// A request waits for all replicas, and is then served by one that was free, or came up.
TEST(ScaledCentralQueue, ItsRequestsKnowWhoServedThem) {
  const Scenario system = scenario(
      central, {"duration=60s", "traffic.arrivals.rate=250/s",
                "timeline=[{at: 50s, event: replica_failure, tier: api, count: 1, for: 2s}]",
                "api.autoscaler={kind: schedule, steps: [{at: 10s, replicas: 4}, {at: 40s, "
                "replicas: 3}], startup: 1s}"});
  ReplicationOptions options;
  const TracedReplication all =
      trace_requests(compile_plan(system), options, RequestChoice::share(1));
  std::map<std::uint32_t, SimTime> free_at;
  std::map<SimTime, RequestVisit> by_start;
  for (const RequestVisit& visit : all.visits) {
    if (visit.place == RequestVisit::Place::api) by_start.emplace(visit.started, visit);
  }
  for (const auto& [started, visit] : by_start) {
    ASSERT_LT(visit.server, 4U);
    EXPECT_LE(free_at[visit.server], started) << "one slot serves one request at a time";
    free_at[visit.server] = visit.ended;
  }
  EXPECT_EQ(free_at.size(), 4U);
  EXPECT_LT(free_at[3], SimTime::zero() + Duration::seconds(41)) << "was taken away at 40 s";
}

// Behind an outage without end nobody is served, and everybody is counted.
TEST(ScaledCentralQueue, ThoseWhoWaitForNobodyHaveNoServer) {
  const Scenario system =
      scenario(central, {"duration=60s", "timeline=[{at: 30s, event: replica_failure, tier: api}]",
                         "api.autoscaler={kind: schedule, steps: [{at: 10s, replicas: 1}]}"});
  const Trial run(system);
  const TracedReplication all =
      trace_requests(run.plan(), ReplicationOptions{}, RequestChoice::share(1));
  EXPECT_EQ(all.digest, run.digest());
  std::int64_t lost = 0;
  for (const RequestVisit& visit : all.visits) {
    if (visit.place != RequestVisit::Place::api || visit.started != SimTime::never()) continue;
    EXPECT_EQ(visit.server, RequestVisit::nobody);
    EXPECT_EQ(visit.end, RequestVisit::End::crashed);
    ++lost;
  }
  EXPECT_NEAR(static_cast<double>(lost), 80 * 30, 200);
  EXPECT_EQ(run.sum(Counter::api_requests), run.sum(Counter::requests));
  EXPECT_EQ(run.latency(Histogram::client).count, run.sum(Counter::requests) - lost);
}

// One of four is broken. While there are four it is ejected again and again; the replicas that are
// added serve as all others do, and being ejected is not being gone.
TEST(ScaledOutliers, EjectAShareOfThoseWhoAreThere) {
  const Trial run(scenario(
      central, {"duration=300s", "api.balancer=round_robin", "api.replicas=4",
                "api.outliers={ejection: 10s, max_ejected: 50%}", "traffic.arrivals.rate=200/s",
                "timeline=[{at: 10s, event: bad_release, share: 25%, factor: 1, probability: "
                "100%}]",
                "api.autoscaler={kind: schedule, steps: [{at: 100s, replicas: 8}, {at: 200s, "
                "replicas: 2}], startup: 1s}"}));
  expect_conservation(run);
  EXPECT_GT(run.time_average(Counter::api_ejected_time), 0.7);
  EXPECT_LE(run.time_average(Counter::api_ejected_time), 1);
  EXPECT_LT(run.ratio(Counter::api_errors, Counter::api_requests), 0.02);
  const double replicas = (4 * 101 + 8 * 99 + 2 * 100) / 300.0;
  EXPECT_NEAR(run.time_average(Counter::api_replica_time), replicas, 0.01);
}

}  // namespace
}  // namespace haldane::models
