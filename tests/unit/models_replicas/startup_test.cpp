// How long replicas take to start, by a law.
#include <string>

#include <gtest/gtest.h>

#include "models/plan.h"
#include "models/tiers/scaling/startup_times.h"
#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;

constexpr std::string_view cold = R"(
schema: haldane.scenario/1
name: cold
duration: 100s
warmup: 0s
traffic: {arrivals: {process: poisson, rate: 100/s}}
edge: none
api:
  replicas: 4
  service: {deterministic: {value: 1ms}}
  enqueue: {probability: 100%}
  autoscaler: {kind: schedule, steps: [{at: 10s, replicas: 204}], startup: 20s, readiness: 5s}
workers: {replicas: 8, service: {deterministic: {value: 10ms}}}
)";

const std::string by_law = "api.autoscaler.startup={uniform: {low: 10s, high: 30s}}";

// When the 200 became ready. **Units** seconds.
struct ReadyTimes {
  double first = 0;
  double last = 0;
  double mean = 0;
  friend bool operator==(const ReadyTimes&, const ReadyTimes&) = default;
};

ReadyTimes ready_times(const Trial& run) {
  ReadyTimes times;
  int entries = 0;
  for (const ScaleStep& step : run.result().scaling) {
    if (step.kind != ScaleStep::Kind::ready) continue;
    ++entries;
    times.first = (step.first - SimTime::zero()).as_seconds();
    times.last = (step.at - SimTime::zero()).as_seconds();
    EXPECT_EQ(step.asked, SimTime::zero() + Duration::seconds(10));
    EXPECT_EQ(step.ready, 204U);
  }
  EXPECT_EQ(entries, 1) << "asked for together";
  const double served = static_cast<double>(run.sum(Counter::api_replica_time)) * 1e-9;
  times.mean = 100 - (served - 4 * 100) / 200;
  return times;
}

TEST(Startup, IsDrawnForEachReplica) {
  const ReadyTimes times = ready_times(Trial(scenario(cold, {by_law})));
  EXPECT_GE(times.first, 10 + 10 + 5);
  EXPECT_LT(times.first, 10 + 12 + 5) << "the first of 200";
  EXPECT_LE(times.last, 10 + 30 + 5);
  EXPECT_GT(times.last, 10 + 28 + 5) << "the last of 200";
  EXPECT_NEAR(times.mean, 10 + 20 + 5, 1.5) << "within four standard errors";
}

TEST(Startup, AConstantIsTheLawOfOneValue) {
  const Scenario plain = scenario(cold);
  const Scenario law = scenario(cold, {"api.autoscaler.startup={deterministic: {value: 20s}}"});
  EXPECT_EQ(Trial(plain).digest(), Trial(law).digest());
  EXPECT_EQ(fingerprint(plain), fingerprint(law));
  EXPECT_NE(fingerprint(plain), fingerprint(scenario(cold, {by_law})));
  EXPECT_EQ(ready_times(Trial(plain)).first, 35);
  EXPECT_EQ(ready_times(Trial(plain)).last, 35);
}

TEST(Startup, DiffersBySeedOnly) {
  const Plan plan = compile_plan(scenario(cold, {by_law}));
  EXPECT_EQ(ready_times(Trial(plan, 1)), ready_times(Trial(plan, 1)));
  EXPECT_NE(ready_times(Trial(plan, 1)), ready_times(Trial(plan, 2)));
  EXPECT_NE(ready_times(Trial(plan, 1)), ready_times(Trial(plan, 1, 1)));
}

// The n-th replica that is asked for takes as long whatever else is drawn.
TEST(Startup, OfSuccessorsShiftsNoOther) {
  const auto law = sim::Distribution::exponential(1e9);
  StartupTimes some(sim::StreamKey(1, 0, 0, sim::Purpose::startup));
  StartupTimes others = some;
  const Duration first = some.next(law);
  EXPECT_NE(some.of_successor(law, 1, 0), some.of_successor(law, 2, 0));
  EXPECT_NE(some.of_successor(law, 1, 0), some.of_successor(law, 1, 1));
  const Duration second = some.next(law);
  EXPECT_EQ(others.next(law), first);
  EXPECT_EQ(others.next(law), second);
  EXPECT_NE(first, second);
}

// Laws may have any tail; time does not go on for ever.
TEST(Startup, IsNeverBeyondTime) {
  StartupTimes times(sim::StreamKey(1, 0, 0, sim::Purpose::startup));
  const Duration longest = times.next(sim::Distribution::constant(1e300));
  EXPECT_GT(longest, Duration::seconds(100 * 86'400));
  EXPECT_LT(SimTime::zero() + Duration::seconds(100 * 86'400) + longest, SimTime::never());
}

TEST(Startup, OfADeployIsDrawnForEachWorker) {
  const std::string deploy =
      "timeline=[{at: 20s, event: deploy, tier: workers, wave: 50%, startup: {uniform: {low: 2s, "
      "high: 10s}}}]";
  const Trial run(scenario(cold, {deploy}));
  const double missing =
      8 * 100 - static_cast<double>(run.sum(Counter::worker_replica_time)) * 1e-9;
  EXPECT_GT(missing, 8 * 2);
  EXPECT_LT(missing, 8 * 10.1);
  EXPECT_NEAR(missing, 8 * 6, 20) << "three standard deviations of a sum of eight";
  EXPECT_EQ(run.sum(Counter::jobs_done), run.sum(Counter::jobs_enqueued));
  const Trial other(scenario(
      cold, {deploy, "workers.autoscaler={kind: schedule, steps: [{at: 1s, replicas: 8}]}"}));
  EXPECT_EQ(other.sum(Counter::worker_replica_time), run.sum(Counter::worker_replica_time))
      << "whoever keeps the number, the same workers take the same time";
}

}  // namespace
}  // namespace haldane::models
