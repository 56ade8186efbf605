// Cells whose replicas are scaled: the chain of delays, capacity and cost, and the same bits
// however the run is cut.
#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;

// 4 erlangs on 4 replicas of 2 slots: half busy. The surge brings 12.
constexpr std::string_view surged = R"(
schema: haldane.scenario/1
name: surged
duration: 30m
warmup: 0s
traffic: {arrivals: {process: poisson, rate: 160/s}}
api:
  replicas: 4
  concurrency: 2
  balancer: power_of_two
  service: {deterministic: {value: 25ms}}
  autoscaler: {kind: hpa, min: 2, max: 30, metric: cpu, target: 50%, startup: 20s, readiness: 5s}
timeline: [{at: 5m, event: surge, factor: 3, for: 15m}]
)";

std::vector<ScaleStep> steps_of(const Trial& run, ScaleStep::Kind kind) {
  std::vector<ScaleStep> result;
  for (const ScaleStep& step : run.result().scaling) {
    if (step.kind == kind) result.push_back(step);
  }
  return result;
}

double utilization_between(const Trial& run, std::int64_t from_s, std::int64_t to_s) {
  const auto& grid = run.measurements().grid;
  double busy = 0;
  double slots = 0;
  for (std::size_t bin = 0; bin < grid.bins(); ++bin) {
    const SimTime at = grid.bin_bounds[bin];
    if (at < SimTime::zero() + Duration::seconds(from_s)) continue;
    if (at >= SimTime::zero() + Duration::seconds(to_s)) break;
    busy += static_cast<double>(run.measurements().counters[index(Counter::api_busy_time)][bin]);
    slots += static_cast<double>(run.measurements().counters[index(Counter::api_slot_time)][bin]);
  }
  return busy / slots;
}

TEST(Autoscaler, ASurgeIsAnsweredAfterTheSumOfTheDelays) {
  const Trial run(scenario(surged));
  const auto looks = steps_of(run, ScaleStep::Kind::look);
  const auto first_up = std::find_if(
      looks.begin(), looks.end(), [](const ScaleStep& step) { return step.wanted > step.before; });
  ASSERT_NE(first_up, looks.end());
  // Metric period, scrape and sync of 15 s each; then 20 s to start and 5 s to be ready.
  EXPECT_EQ(first_up->at, SimTime::zero() + Duration::seconds(300 + 45));
  EXPECT_EQ(first_up->wanted, 8U);
  const auto ready = steps_of(run, ScaleStep::Kind::ready);
  ASSERT_FALSE(ready.empty());
  EXPECT_EQ(ready.front().at, SimTime::zero() + Duration::seconds(300 + 70));
  EXPECT_EQ(ready.front().ready, 8U);
}

TEST(Autoscaler, UtilisationSettlesWithinTheToleranceOfTheTarget) {
  const Trial run(scenario(surged));
  EXPECT_NEAR(utilization_between(run, 30, 300), 0.50, 0.03);
  // The queue that grew meanwhile made it ask for more than the surge needs; once the window has
  // forgotten that, 12 or 13 replicas are left for 12 erlangs.
  EXPECT_NEAR(utilization_between(run, 1'000, 1'200), 0.50, 0.055);
}

TEST(Autoscaler, TakesAwayOnlyAfterTheStabilisationWindow) {
  const Trial run(scenario(surged));
  const auto looks = steps_of(run, ScaleStep::Kind::look);
  const auto first_down = std::find_if(
      looks.begin(), looks.end(), [](const ScaleStep& step) { return step.wanted < step.before; });
  ASSERT_NE(first_down, looks.end());
  const auto last_up =
      std::find_if(std::make_reverse_iterator(first_down), looks.rend(),
                   [](const ScaleStep& step) { return step.wanted > step.before; });
  ASSERT_NE(last_up, looks.rend());
  EXPECT_GT(first_down->at, last_up->at + Duration::seconds(300));
  EXPECT_LE(looks.back().wanted, 5U);
}

TEST(Autoscaler, TakesNothingAwayWhileAMetricIsMissing) {
  const auto fewest_wanted = [](const std::string& metrics) {
    const Trial run(scenario(
        surged,
        {"timeline=[{at: 299500ms, event: surge, factor: 0.000000001}]", "duration=15m",
         "api.autoscaler={kind: hpa, min: 2, max: 30, stabilization: 0s, " + metrics + "}"}));
    std::uint32_t fewest = 30;
    for (const ScaleStep& step : steps_of(run, ScaleStep::Kind::look))
      fewest = std::min(fewest, step.wanted);
    return fewest;
  };
  EXPECT_EQ(fewest_wanted("metrics: [{target: 50%}]"), fewest_wanted("target: 50%"));
  EXPECT_EQ(fewest_wanted("target: 50%"), 2U);
  // Nobody is answered any more, so that there is no latency.
  EXPECT_GE(fewest_wanted("metrics: [{target: 50%}, {metric: latency, target: 1s}]"), 4U);
}

TEST(Autoscaler, ByEventsDecidesAsAtAdmission) {
  Plan plan = compile_plan(scenario(surged));
  const Trial admission(plan);
  plan.api_by_events = true;
  const Trial events(plan);
  ASSERT_EQ(events.result().scaling.size(), admission.result().scaling.size());
  for (std::size_t i = 0; i < events.result().scaling.size(); ++i) {
    EXPECT_EQ(events.result().scaling[i].at, admission.result().scaling[i].at);
    EXPECT_EQ(events.result().scaling[i].signal, admission.result().scaling[i].signal);
    EXPECT_EQ(events.result().scaling[i].wanted, admission.result().scaling[i].wanted);
    EXPECT_EQ(events.result().scaling[i].ready, admission.result().scaling[i].ready);
  }
  EXPECT_EQ(events.measurements().counters, admission.measurements().counters);
  EXPECT_EQ(events.measurements().maxima, admission.measurements().maxima);
}

TEST(Autoscaler, GoesWithAllThatAReplicasQueueDoes) {
  for (const char* key :
       {"api.queue={discipline: lifo}", "api.queue={codel: {}}", "api.queue={deadline_drop: 50ms}",
        "api.limit={kind: fixed, requests: 4}", "api.limit={kind: vegas}",
        "api.pauses={every: 2s, duration: {deterministic: {value: 50ms}}}",
        "api.dependency={pool: 64, service: {exponential: {mean: 4ms}}}",
        "api.balancer=peak_ewma"}) {
    const Trial run(
        scenario(surged, {"duration=15m", "api.slow_start={for: 30s, factor: 2}", key}));
    EXPECT_EQ(run.latency(Histogram::api_latency).count + run.sum(Counter::api_rejected),
              run.sum(Counter::api_requests))
        << key;
    EXPECT_GE(run.maximum(Gauge::api_replicas), 8) << key;
    EXPECT_LE(run.sum(Counter::api_busy_time), run.sum(Counter::api_slot_time)) << key;
    EXPECT_LT(utilization_between(run, 700, 900), 0.8) << key;
  }
}

TEST(Autoscaler, EveryKindBringsEnoughReplicas) {
  const std::string chain = ", metric_period: 1s, scrape: 1s, sync: 2s, startup: 5s}";
  for (const std::string& scaler :
       {"{kind: hpa, max: 30, metric: concurrency, target: 1" + chain,
        "{kind: hpa, max: 30, metric: requests, target: 40/s" + chain,
        "{kind: hpa, max: 30, metric: latency, target: 30ms" + chain,
        "{kind: keda, metric: concurrency, target: 1" + chain, "{kind: keda, target: 1" + chain,
        "{kind: keda, metrics: [{target: 9}, {metric: requests, target: 40/s}]" + chain,
        "{kind: kpa, max: 30, target: 1" + chain,
        "{kind: kpa, max: 30, metric: requests, target: 40/s" + chain,
        "{kind: target_tracking, max: 30, target: 50%" + chain,
        std::string("{kind: schedule, steps: [{at: 5m, replicas: 12}]}")}) {
    const Trial run(scenario(surged, {"duration=10m", "api.autoscaler=" + scaler}));
    EXPECT_LT(utilization_between(run, 540, 600), 0.97) << scaler;
    EXPECT_GE(run.maximum(Gauge::api_replicas), 6) << scaler;
    EXPECT_EQ(run.latency(Histogram::api_latency).count, run.sum(Counter::api_requests)) << scaler;
    EXPECT_LE(run.sum(Counter::api_busy_time), run.sum(Counter::api_slot_time)) << scaler;
  }
}

TEST(Autoscaler, ReplicasAndCostFollowTheCount) {
  const Trial run(scenario(
      surged, {"duration=100s", "timeline=[]", "traffic.arrivals.rate=1/s",
               "api.service={deterministic: {value: 1us}}", "cost={api_replica_per_hour: 36}",
               "api.autoscaler={kind: schedule, steps: [{at: 20s, replicas: 6}, {at: 60s, "
               "replicas: 2}], startup: 10s}"}));
  // Ready: 4 until 30 s, 6 until 60 s, then 2. Paid: 6 from 20 s on.
  EXPECT_NEAR(run.time_average(Counter::api_replica_time), 3.8, 1e-6);
  EXPECT_NEAR(run.ratio(Counter::api_slot_time, Counter::api_replica_time), 2, 1e-6);
  EXPECT_EQ(run.maximum(Gauge::api_replicas), 6);
  EXPECT_NEAR(run.time_average(Counter::cost) * 1e-3, 4.0 * 36, 1e-3);
}

TEST(Autoscaler, ReplicasThatAreTakenAwayFinishWhatTheyHave) {
  const Trial run(
      scenario(surged, {"duration=60s", "timeline=[]", "api.service={deterministic: {value: 45ms}}",
                        "api.autoscaler={kind: schedule, steps: [{at: 30s, replicas: "
                        "1}]}"}));
  EXPECT_EQ(run.latency(Histogram::api_latency).count, run.sum(Counter::api_requests));
  EXPECT_LE(run.sum(Counter::api_busy_time), run.sum(Counter::api_slot_time));
  EXPECT_EQ(run.result().scaling.back().ready, 1U);
}

TEST(Autoscaler, CrashedReplicasServeNobodyAndAreCountedOut) {
  const Trial run(scenario(surged, {"duration=100s",
                                    "timeline=[{at: 50s, event: replica_failure, tier: api, count: "
                                    "2, for: 20s}]"}));
  const auto outages = steps_of(run, ScaleStep::Kind::outage);
  ASSERT_EQ(outages.size(), 2U);
  EXPECT_EQ(outages[0].at, SimTime::zero() + Duration::seconds(50));
  EXPECT_EQ(outages[0].ready, 2U);
  EXPECT_EQ(outages[1].ready, outages[1].wanted);
}

TEST(Autoscaler, TheSameBitsForAnyWindowAndAnyNumberOfThreads) {
  const std::vector<std::string> sets = {
      "duration=60s",
      "edge={sites: 3, cache: {policy: lru, capacity: {objects: 10}, ttl: 1s}}",
      "traffic.objects={count: 100}",
      "links.edge_to_api=3ms",
      "api.cells=3",
      "timeline=[{at: 10s, event: surge, factor: 3, for: 20s}]",
      "api.autoscaler={kind: kpa, max: 9, target: 1, stable_window: 6s, panic_window: 1s, startup: "
      "500ms}"};
  const Plan plan = compile_plan(scenario(surged, sets));
  const Trial whole(plan);
  ASSERT_FALSE(whole.result().scaling.empty());
  Plan finer = plan;
  finer.window = Duration::nanoseconds(plan.window.count_ns() / 7);
  EXPECT_EQ(Trial(finer).digest(), whole.digest());
  const ReplicationResult threads = run_replication(plan, {1, 0, 0, 3, 0});
  EXPECT_EQ(threads.measurements.digest, whole.digest());
}

TEST(Autoscaler, TheCanaryKeepsItsNumber) {
  const Trial run(
      scenario(surged, {"duration=100s", "timeline=[]", "canary={share: 10%, api: {replicas: 3}}",
                        "api.autoscaler={kind: schedule, steps: [{at: 50s, replicas: "
                        "6}]}"}));
  EXPECT_EQ(run.sum(Counter::api_replica_time, Block::canary), Duration::seconds(300).count_ns());
  EXPECT_EQ(run.sum(Counter::api_replica_time, Block::baseline), Duration::seconds(500).count_ns());
}

TEST(ScaleLog, KeepsTheReasonsAndIsBounded) {
  ScaleLog log;
  ScaleStep look;
  look.limit = ScaleLimit::tolerance;
  log.add(look);
  log.add(look);  // nothing new
  EXPECT_EQ(log.steps().size(), 1U);
  for (std::size_t i = 0; i < ScaleLog::capacity + 9; ++i) {
    look.wanted = look.before + 1;
    log.add(look);
  }
  EXPECT_EQ(log.steps().size(), ScaleLog::capacity);
  EXPECT_EQ(log.omitted(), 10U);
}

}  // namespace
}  // namespace haldane::models
