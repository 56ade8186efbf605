// Small systems whose behaviour can be worked out by hand.
#include <gtest/gtest.h>

#include "tests/support/conservation.h"
#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;

constexpr std::string_view small = R"(
schema: haldane.scenario/1
name: small
duration: 100s
warmup: 0s
traffic:
  arrivals: {process: poisson, rate: 1k/s}
  objects: {count: 1k, popularity: {zipf: 0.9}}
edge:
  sites: 2
  nodes_per_site: 1
  cache: {policy: lru, capacity: {objects: 200}, ttl: 20s, ttl_jitter: 10%, coalesce: false, fill: on_response, start: cold}
  hit_latency: {lognormal: {median: 500us, sigma: 0.5}}
links: {edge_to_api: 2ms, api_to_workers: 1ms}
api:
  cells: 1
  replicas: 4
  concurrency: 4
  balancer: power_of_two
  service: {lognormal: {median: 5ms, sigma: 0.6}}
  enqueue: {probability: 10%}
  failure_probability: 1%
workers:
  replicas: 4
  service: {exponential: {mean: 20ms}}
  failure_probability: 20%
  retries: {max_attempts: 3, backoff: {base: 100ms, factor: 2, cap: 1s, jitter: full}}
)";

// Everything that was asked is accounted for, once.
void expect_conservation(const Trial& run) {
  const auto hits = run.latency(Histogram::edge).count;
  EXPECT_EQ(run.sum(Counter::edge_lookups),
            run.sum(Counter::edge_hits) + run.sum(Counter::origin_fetches));
  EXPECT_EQ(hits, run.sum(Counter::edge_hits));
  test::expect_requests_end(run);
  test::expect_api_answers(run);
  EXPECT_EQ(run.latency(Histogram::worker_wait).count, run.sum(Counter::jobs));
  EXPECT_LE(run.sum(Counter::worker_busy_time), run.sum(Counter::worker_slot_time));
}

TEST(EdgeStack, ConservesRequestsAndJobs) {
  for (const std::string policy :
       {"lru", "fifo", "clock", "sieve", "s3_fifo", "arc", "w_tinylfu", "gdsf", "lfu"}) {
    const Trial run(scenario(small, {"edge.cache.policy=" + policy}));
    expect_conservation(run);
    EXPECT_NEAR(run.rate(Counter::requests), 2000, 5 * std::sqrt(2000 / 100.0)) << policy;
    EXPECT_GT(run.ratio(Counter::edge_hits, Counter::edge_lookups), 0.3) << policy;
  }
}

// Room counts objects, so a policy that weighs sizes keeps small ones: fewer bytes hit than
// objects.
TEST(EdgeStack, GdsfKnowsTheSizesOfObjects) {
  const auto byte_share_of_hits = [](const std::string& policy) {
    const Trial run(
        scenario(small, {"edge.cache.policy=" + policy, "edge.nodes_per_site=3",
                         "traffic.objects.size={lognormal: {median: 10kB, sigma: 1}}"}));
    return run.ratio(Counter::edge_hit_bytes, Counter::edge_bytes) /
           run.ratio(Counter::edge_hits, Counter::edge_lookups);
  };
  EXPECT_LT(byte_share_of_hits("gdsf"), 0.9 * byte_share_of_hits("lfu"));
}

TEST(EdgeStack, ReplaysToTheBitAndEverySeedAndReplicationDiffers) {
  const Scenario s = scenario(small, {"duration=5s"});
  EXPECT_EQ(Trial(s).digest(), Trial(s).digest());
  EXPECT_NE(Trial(s, 1).digest(), Trial(s, 2).digest());
  EXPECT_NE(Trial(s, 1, 0).digest(), Trial(s, 1, 1).digest());
}

TEST(EdgeStack, EveryChangedParameterChangesTheDigest) {
  const std::uint64_t base = Trial(scenario(small, {"duration=5s"})).digest();
  for (const std::string change :
       {"edge.cache.ttl=21s", "edge.cache.ttl_jitter=11%", "edge.cache.start=warm",
        "links.edge_to_api=3ms", "links.api_to_workers=2ms", "api.replicas=5",
        "api.queue_capacity=1M", "api.failure_probability=2%", "workers.replicas=5",
        "workers.retries.max_attempts=4", "edge.nodes_per_site=2", "traffic.objects.count=1001",
        "cost={api_replica_per_hour: 1}", "api.balancer=least_requests"}) {
    EXPECT_NE(Trial(scenario(small, {"duration=5s", change})).digest(), base) << change;
  }
}

TEST(EdgeStack, FailuresOfJobsAreRetriedThenBuried) {
  const Trial run(scenario(small));
  const auto jobs = static_cast<double>(run.sum(Counter::jobs));
  const auto retries = static_cast<double>(run.sum(Counter::job_retries));
  const auto dead = static_cast<double>(run.sum(Counter::dead_letters));
  // Of first attempts f fail; attempts are 1 + p + p^2 times the first ones, p^3 of them die.
  const double first = jobs - retries;
  EXPECT_NEAR(retries / first, 0.2 + 0.04, 0.02);
  EXPECT_NEAR(dead / first, 0.008, 0.004);
}

TEST(EdgeStack, ALatencyWithoutQueueingIsLinksPlusService) {
  const Trial run(scenario(small, {"api.service={deterministic: {value: 5ms}}", "api.replicas=1000",
                                   "api.failure_probability=0", "traffic.arrivals.rate=20/s",
                                   "edge.cache.capacity.objects=1"}));
  EXPECT_NEAR(run.quantile_ms(Histogram::client, 0.9), 9, 0.01);
  EXPECT_EQ(run.latency(Histogram::api_wait).max_ns, 0);
}

TEST(EdgeStack, FullQueuesReject) {
  const Trial run(scenario(small, {"api.replicas=1", "api.concurrency=1", "api.queue_capacity=3",
                                   "api.failure_probability=0"}));
  expect_conservation(run);
  EXPECT_GT(run.sum(Counter::api_rejected), 0);
  EXPECT_EQ(run.sum(Counter::api_rejected), run.sum(Counter::api_errors));
  EXPECT_LE(run.maximum(Gauge::api_queue), 3);
  EXPECT_EQ(run.maximum(Gauge::api_queue), 3);
}

TEST(EdgeStack, CoalescingSendsOneFetchAnObject) {
  const std::vector<std::string> hot = {"traffic.objects.count=1",
                                        "edge.cache.capacity.objects=1",
                                        "edge.cache.ttl=1s",
                                        "edge.cache.ttl_jitter=0",
                                        "edge.sites=1",
                                        "api.failure_probability=0",
                                        "api.service={deterministic: {value: 100ms}}",
                                        "api.concurrency=1000"};
  std::vector<std::string> coalesced = hot;
  coalesced.push_back("edge.cache.coalesce=true");
  const Trial with(scenario(small, coalesced));
  const Trial without(scenario(small, hot));
  // A cycle is 104 ms of fetching and 1 s of freshness. Without coalescing the last of 1 + 1000 *
  // 0.104 fetches begins when the first is answered, so freshness counts from 208 ms on.
  EXPECT_NEAR(static_cast<double>(with.sum(Counter::origin_fetches)), 100 / 1.105, 1);
  EXPECT_NEAR(static_cast<double>(without.sum(Counter::origin_fetches)), 105 * 100 / 1.209, 300);
  EXPECT_EQ(with.latency(Histogram::client).count, with.sum(Counter::requests));
  // Those who wait do so for half the fetch on average.
  const double waited = with.mean_ms(Histogram::client);
  EXPECT_NEAR(waited, 104.0 / 1105 * 52 + 0.57, 0.6);
}

TEST(EdgeStack, StaleWhileRevalidateHidesExpiryAndKeepsTheOriginRate) {
  const std::vector<std::string> base = {"edge.cache.capacity.objects=1k", "edge.cache.ttl=5s",
                                         "edge.cache.ttl_jitter=0", "duration=400s", "warmup=50s"};
  std::vector<std::string> swr = base;
  swr.push_back("edge.cache.stale_while_revalidate=1000s");
  const Trial plain(scenario(small, base));
  const Trial soft(scenario(small, swr));
  EXPECT_EQ(plain.sum(Counter::edge_stale), 0);
  EXPECT_GT(soft.sum(Counter::edge_stale), 0);
  EXPECT_GT(soft.ratio(Counter::edge_hits, Counter::edge_lookups), 0.999);
  // Fetches in flight are shared by refreshes but not by misses, so the rates differ by a few in a
  // thousand.
  EXPECT_NEAR(soft.rate(Counter::origin_fetches) / plain.rate(Counter::origin_fetches), 1, 0.03);
}

TEST(EdgeStack, AHardPurgeEmptiesADatasetAndASoftOneMakesItStale) {
  const std::vector<std::string> base = {"edge.cache.capacity.objects=1k", "edge.cache.ttl=none",
                                         "edge.cache.start=warm", "api.failure_probability=0"};
  std::vector<std::string> hard = base;
  hard.push_back("timeline=[{at: 50s, event: purge, share: 100%}]");
  const Trial purged(scenario(small, hard));
  // Every object was fresh at each of the two sites; from 50 s on each is fetched again once (or
  // twice while in flight).
  const auto fetches = static_cast<double>(purged.sum(Counter::origin_fetches));
  EXPECT_GT(fetches, 1900);
  EXPECT_LT(fetches, 3000);

  std::vector<std::string> soft = base;
  soft.push_back("edge.cache.stale_while_revalidate=1h");
  soft.push_back("timeline=[{at: 50s, event: purge, share: 100%, soft: true}]");
  const Trial softened(scenario(small, soft));
  EXPECT_EQ(softened.sum(Counter::edge_lookups), softened.sum(Counter::edge_hits));
  EXPECT_GT(softened.sum(Counter::edge_stale), 1900);
}

TEST(EdgeStack, AFetchBegunBeforeAPurgeIsNotKept) {
  // The only object is fetched at once, the answer takes 1 s; the purge falls in between, so it
  // must be fetched again.
  const Trial run(
      scenario(small, {"traffic.objects.count=1", "edge.sites=1", "edge.cache.ttl=none",
                       "edge.cache.capacity.objects=1", "edge.cache.coalesce=true",
                       "api.service={deterministic: {value: 1s}}", "api.failure_probability=0",
                       "timeline=[{at: 500ms, event: purge, share: 100%}]"}));
  EXPECT_EQ(run.sum(Counter::origin_fetches), 2);
}

TEST(EdgeStack, ALostSiteMovesItsTrafficAndComesBackCold) {
  const std::vector<std::string> base = {"edge.cache.capacity.objects=1k", "edge.cache.ttl=none",
                                         "edge.cache.start=warm", "edge.sites=4"};
  std::vector<std::string> lost = base;
  lost.push_back("timeline=[{at: 20s, event: site_failure, site: 1, for: 20s}]");
  const Trial run(scenario(small, lost));
  EXPECT_NEAR(run.rate(Counter::requests), 4000, 5 * std::sqrt(4000 / 100.0));
  EXPECT_GT(run.sum(Counter::origin_fetches), 800);
  EXPECT_EQ(Trial(scenario(small, base)).sum(Counter::origin_fetches), 0);
}

TEST(EdgeStack, ASurgeMultipliesTheRate) {
  const Trial run(scenario(small, {"timeline=[{at: 50s, event: surge, factor: 3, for: 25s}]"}));
  EXPECT_NEAR(run.rate(Counter::requests), 2000 * 1.5, 5 * std::sqrt(3000 / 100.0));
}

TEST(EdgeStack, CrashedReplicasFailTheirWorkAndCapacityFollows) {
  const Trial run(scenario(
      small, {"api.failure_probability=0",
              "timeline=[{at: 50s, event: replica_failure, tier: api, count: 2, for: 25s}]"}));
  EXPECT_GT(run.sum(Counter::api_errors), 0);
  EXPECT_EQ(run.sum(Counter::api_rejected), 0);
  EXPECT_NEAR(run.time_average(Counter::api_replica_time), 4 - 2 * 0.25, 1e-9);
  EXPECT_EQ(run.maximum(Gauge::api_replicas), 4);
  const Trial down(scenario(
      small, {"timeline=[{at: 50s, event: replica_failure, tier: api, count: 4, for: 25s}]"}));
  EXPECT_GT(down.sum(Counter::api_rejected), 5000);
}

TEST(EdgeStack, CrashedWorkersRetryTheirJobs) {
  const Trial run(scenario(
      small, {"workers.failure_probability=0",
              "timeline=[{at: 50s, event: replica_failure, tier: workers, count: 4, for: 10s}]"}));
  EXPECT_GE(run.sum(Counter::job_retries), 1);
  EXPECT_LE(run.sum(Counter::job_retries), 4);
  EXPECT_EQ(run.sum(Counter::dead_letters), 0);
  EXPECT_NEAR(static_cast<double>(run.maximum(Gauge::worker_lag)) * 1e-9, 10, 0.6);
}

TEST(EdgeStack, SlowDownsAndFailuresLastAsLongAsTheySay) {
  const Trial slow(
      scenario(small, {"api.service={deterministic: {value: 5ms}}", "api.replicas=100",
                       "timeline=[{at: 25s, event: slow_down, tier: api, factor: 3, for: 50s}]"}));
  EXPECT_NEAR(slow.mean_ms(Histogram::api_latency), 10, 0.3);
  const Trial failing(
      scenario(small, {"timeline=[{at: 0s, event: failures, tier: api, probability: 100%}]"}));
  EXPECT_EQ(failing.sum(Counter::api_errors), failing.sum(Counter::api_requests));
  EXPECT_EQ(failing.sum(Counter::edge_hits), 0);
}

TEST(EdgeStack, ClientsRetryLateAndFailedRequests) {
  const std::vector<std::string> base = {"edge=none", "traffic.arrivals.rate=100/s",
                                         "api.failure_probability=50%", "workers=none",
                                         "api.enqueue={probability: 0}"};
  std::vector<std::string> retrying = base;
  retrying.push_back(
      "traffic.client={timeout: 1s, attempts: 3, backoff: {base: 10ms, factor: 2, cap: 1s, jitter: "
      "none}}");
  const Trial run(scenario(small, retrying));
  EXPECT_NEAR(run.ratio(Counter::request_errors, Counter::requests), 0.125, 0.015);
  EXPECT_NEAR(run.ratio(Counter::api_requests, Counter::requests), 1.75, 0.04);
  EXPECT_NEAR(Trial(scenario(small, base)).ratio(Counter::request_errors, Counter::requests), 0.5,
              0.025);

  std::vector<std::string> hasty = base;
  hasty.push_back(
      "traffic.client={timeout: 4ms, attempts: 1, backoff: {base: 10ms, factor: 2, cap: 1s, "
      "jitter: none}}");
  const Trial gives_up(scenario(small, hasty));
  EXPECT_EQ(gives_up.sum(Counter::request_errors), gives_up.sum(Counter::requests));
  EXPECT_EQ(gives_up.latency(Histogram::client).max_ns, 4'000'000);
}

// Bins last 50 ms, so that most hold one request or none; were an error counted with the last of
// three attempts, some would hold more errors than requests.
TEST(EdgeStack, AnErrorIsCountedWithItsRequest) {
  for (const std::string edge : {"edge=none", "edge.cache.stale_if_error=1s"}) {
    const Trial run(scenario(
        small, {edge, "traffic.arrivals.rate=20/s", "api.failure_probability=90%",
                "traffic.client={timeout: 1s, attempts: 3, backoff: {base: 30ms, factor: 1, cap: "
                "30ms, jitter: none}}"}));
    const auto& errors = run.measurements().counters[index(Counter::request_errors)];
    const auto& requests = run.measurements().counters[index(Counter::requests)];
    EXPECT_GT(run.sum(Counter::request_errors), 100);
    for (std::size_t bin = 0; bin < errors.size(); ++bin)
      EXPECT_LE(errors[bin], requests[bin]) << bin;
  }
}

TEST(EdgeStack, ACanaryTakesItsShareAndOnlyItDiffers) {
  const Trial run(scenario(small, {"canary={share: 25%, api: {replicas: 4, service_factor: 2}}"}),
                  1, 0, 0.1);
  expect_conservation(run);
  const auto part = [&](Counter c, Block b) { return static_cast<double>(run.sum(c, b)); };
  EXPECT_NEAR(part(Counter::requests, Block::canary) / part(Counter::requests, Block::total), 0.25,
              0.005);
  EXPECT_EQ(run.sum(Counter::requests, Block::baseline) + run.sum(Counter::requests, Block::canary),
            run.sum(Counter::requests));
  const double slower = run.mean_ms(Histogram::api_latency, Block::canary) /
                        run.mean_ms(Histogram::api_latency, Block::baseline);
  EXPECT_NEAR(slower, 2, 0.1);
  const auto& samples = run.result().samples;
  EXPECT_NEAR(static_cast<double>(samples.size()) / part(Counter::requests, Block::total), 0.1,
              0.005);
}

TEST(EdgeStack, SomeRequestsOfACanaryAreSlowWhateverTheirDraw) {
  const auto service = [](std::string_view law) {
    return std::vector<std::string>{
        "api.service=" + std::string(law),
        "canary={share: 50%, api: {replicas: 4, slow: {share: 20%, factor: 3}}}"};
  };
  const auto ratio = [](const Trial& run) {
    const auto mean = [&](Block arm) {
      return static_cast<double>(run.sum(Counter::api_busy_time, arm)) /
             static_cast<double>(run.sum(Counter::api_requests, arm));
    };
    return mean(Block::canary) / mean(Block::baseline);
  };
  // With a constant law only the share can be off; with a varying one also a share that depends on
  // the draw. Standard errors are below 0.01 and 0.02.
  EXPECT_NEAR(ratio(Trial(scenario(small, service("{deterministic: {value: 5ms}}")))), 1.4, 0.05);
  EXPECT_NEAR(ratio(Trial(scenario(small, service("{exponential: {mean: 5ms}}")))), 1.4, 0.1);
}

TEST(EdgeStack, OtherCellsTakeTheShareThatTheRouteGivesThem) {
  // Cell 0 has no up replica, so what it gets is rejected: half of its own site's misses and a
  // third of half of the others'.
  const Trial run(scenario(
      small, {"edge.sites=4", "api.cells=4", "api.route={own_cell: 50%, others: 50%}",
              "api.failure_probability=0",
              "timeline=[{at: 0s, event: replica_failure, tier: api, cell: 0, count: 4}]"}));
  EXPECT_NEAR(run.ratio(Counter::api_rejected, Counter::api_requests), 0.25, 0.01);
}

TEST(EdgeStack, NodesOfASiteShareItsObjects) {
  // Four nodes of 50 hold what one of 200 holds, because each object lives on one node.
  const Trial one(scenario(small, {"edge.cache.ttl=none"}));
  const Trial four(scenario(
      small, {"edge.cache.ttl=none", "edge.nodes_per_site=4", "edge.cache.capacity.objects=50"}));
  EXPECT_NEAR(four.ratio(Counter::edge_hits, Counter::edge_lookups),
              one.ratio(Counter::edge_hits, Counter::edge_lookups), 0.01);
}

TEST(EdgeStack, SizesMakeBytesDifferFromRequests) {
  const Trial same(scenario(small));
  EXPECT_EQ(same.sum(Counter::edge_bytes), same.sum(Counter::edge_lookups));
  const Trial sized(
      scenario(small, {"traffic.objects.size={lognormal: {median: 20KiB, sigma: 1}}"}));
  EXPECT_NEAR(static_cast<double>(sized.sum(Counter::edge_bytes)) /
                  static_cast<double>(sized.sum(Counter::edge_lookups)),
              20480 * std::exp(0.5), 20480 * 0.7);
}

TEST(EdgeStack, AnEdgeAloneAnswersItsMissesAtOnce) {
  const Trial run(scenario(small, {"api=none", "workers=none"}));
  EXPECT_EQ(run.latency(Histogram::client).count, run.sum(Counter::requests));
  EXPECT_GT(run.sum(Counter::edge_hits), 0);
}

TEST(EdgeStack, AnOutageWithoutEndLeavesJobsWaiting) {
  const Trial run(
      scenario(small, {"timeline=[{at: 10s, event: replica_failure, tier: workers, count: 4}]"}));
  EXPECT_GT(run.time_average(Counter::worker_queue_time), 100);
  EXPECT_NEAR(static_cast<double>(run.maximum(Gauge::worker_lag)) * 1e-9, 90, 1);
}

TEST(EdgeStack, StopsWhenAsked) {
  const Plan plan = compile_plan(scenario(small));
  RunControl control;
  control.stop = true;
  EXPECT_TRUE(run_replication(plan, {1, 0, 0}, &control).stopped);
  control.stop = false;
  EXPECT_FALSE(run_replication(plan, {1, 0, 0}, &control).stopped);
  EXPECT_GE(control.simulated_ns.load(), Duration::seconds(100).count_ns());
}

}  // namespace
}  // namespace haldane::models
