// Rate limits: the rules of the buckets, and what becomes of requests that they stop.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/tiers/edge/request_limiter.h"
#include "tests/support/conservation.h"
#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;

SimTime at_ms(std::int64_t ms) {
  return SimTime::at_nanoseconds(ms * 1'000'000);
}

/// Of `count` requests at once: how many are turned away, and the waits of the others in ms.
struct Batch {
  int turned_away = 0;
  std::vector<std::int64_t> waits;
};
Batch send(LeakyBucket& bucket, const LeakyBucket::Rules& rules, SimTime at, int count) {
  Batch batch;
  for (int i = 0; i < count; ++i) {
    const Duration wait = bucket.take(rules, at);
    if (wait == Duration::max()) {
      ++batch.turned_away;
    } else {
      batch.waits.push_back(wait.count_ns() / 1'000'000);
    }
  }
  return batch;
}

// The worked examples of NGINX, Inc., "Rate Limiting with NGINX" (2017): 10 r/s, burst 20.
TEST(LeakyBucket, HoldsABurstBackAtTheRate) {
  LeakyBucket bucket;
  const Batch batch = send(bucket, {10'000, 20'000, 0}, at_ms(5), 22);
  EXPECT_EQ(batch.turned_away, 1);
  ASSERT_EQ(batch.waits.size(), 21U);
  for (std::size_t i = 0; i < batch.waits.size(); ++i)
    EXPECT_EQ(batch.waits[i], 100 * static_cast<std::int64_t>(i));
}

TEST(LeakyBucket, WithoutDelayFreesASlotOfTheBurstEvery100Ms) {
  const LeakyBucket::Rules nodelay{10'000, 20'000, 20'000};
  for (const auto& [later, let_in] : {std::pair(101, 1), std::pair(501, 5)}) {
    LeakyBucket bucket;
    const Batch first = send(bucket, nodelay, at_ms(1'000), 21);
    EXPECT_EQ(first.turned_away, 0);
    EXPECT_EQ(first.waits, std::vector<std::int64_t>(21));
    EXPECT_EQ(send(bucket, nodelay, at_ms(1'000 + later), 20).waits.size(),
              static_cast<std::size_t>(let_in));
  }
}

TEST(LeakyBucket, MayLetTheBeginningOfABurstThrough) {
  LeakyBucket bucket;
  const Batch batch = send(bucket, {5'000, 12'000, 8'000}, at_ms(0), 15);
  EXPECT_EQ(batch.turned_away, 2);
  EXPECT_EQ(batch.waits,
            (std::vector<std::int64_t>{0, 0, 0, 0, 0, 0, 0, 0, 0, 200, 400, 600, 800}));
}

TEST(TokenBucket, IsFullAtFirstAndFilledAtItsRate) {
  const TokenBucket::Rules rules{Duration::milliseconds(100), 3};
  TokenBucket bucket;
  for (const bool granted : {true, true, true, false})
    EXPECT_EQ(bucket.take(rules, at_ms(0)), granted);
  EXPECT_FALSE(bucket.take(rules, SimTime::at_nanoseconds(99'999'999)));
  EXPECT_TRUE(bucket.take(rules, at_ms(100)));
  EXPECT_FALSE(bucket.take(rules, at_ms(199)));
  for (const bool granted : {true, true, true, false})
    EXPECT_EQ(bucket.take(rules, at_ms(10'000)), granted);
}

TEST(RequestLimiter, SpreadsATiersRequestsOverItsClients) {
  RateLimitSpec spec;
  spec.kind = RateLimitSpec::Kind::token_bucket;
  spec.tiers = {{0.25, 10, 1e-3, 5}, {0.75, 1'000, 1e-3, 1}};
  RequestLimiter limiter(spec);
  int granted = 0;
  for (std::uint64_t id = 0; id < 100'000; ++id)
    granted += limiter.take(SimTime::zero(), id) == Duration{} ? 1 : 0;
  EXPECT_EQ(granted, 10 * 5 + 1'000);
}

// Two sites with 200 requests a second each, for objects that all fit in.
constexpr std::string_view limited = R"(
schema: haldane.scenario/1
name: limited
duration: 200s
warmup: 0s
traffic:
  arrivals: {process: poisson, rate: 200/s}
  objects: {count: 100, popularity: uniform}
edge:
  sites: 2
  cache: {policy: lru, capacity: {objects: 100}, ttl: 1s}
  hit_latency: {deterministic: {value: 1ms}}
links: {edge_to_api: 2ms}
api: {replicas: 4, concurrency: 4, service: {deterministic: {value: 5ms}}}
)";

std::string tiers(const std::string& kind, const std::string& list) {
  return "edge.rate_limit={kind: " + kind + ", tiers: [" + list + "]}";
}

// Whatever came was looked up, turned away, or is held back.
void expect_conservation(const Trial& run, std::int64_t held_back_at_end = 0) {
  EXPECT_EQ(run.sum(Counter::edge_arrived),
            run.sum(Counter::edge_lookups) + run.sum(Counter::edge_limited) + held_back_at_end);
  EXPECT_EQ(run.sum(Counter::edge_lookups),
            run.sum(Counter::edge_hits) + run.sum(Counter::edge_fwd_uri_miss) +
                run.sum(Counter::edge_fwd_stale) + run.sum(Counter::edge_fwd_bypass));
  test::expect_requests_end(run);
}

TEST(RateLimit, ThatIsNeverReachedChangesNothing) {
  for (const std::string kind : {"token_bucket", "leaky_bucket"}) {
    for (const std::string more : {"canary=none", "canary={share: 20%, api: {replicas: 2}}"}) {
      const Trial a(scenario(limited, {more}));
      const Trial b(scenario(limited, {more, tiers(kind, "{rate: 1M/s, burst: 1M}")}));
      for (const Counter counter :
           {Counter::requests, Counter::edge_lookups, Counter::edge_hits, Counter::edge_hit_bytes,
            Counter::edge_bytes, Counter::origin_fetches, Counter::edge_fwd_stale})
        EXPECT_EQ(a.sum(counter), b.sum(counter));
      EXPECT_EQ(a.latency(Histogram::client).sum_ns, b.latency(Histogram::client).sum_ns);
      EXPECT_EQ(a.latency(Histogram::edge).count, b.latency(Histogram::edge).count);
    }
  }
}

// Erlang's loss formula for one server: a / (1 + a) of the requests of a client are lost.
TEST(RateLimit, WithoutABurstIsAServerThatLoses) {
  for (const std::string& limit : {tiers("token_bucket", "{rate: 4/s, clients: 50}"),
                                   tiers("leaky_bucket", "{rate: 4/s, clients: 50}")}) {
    const Trial run(scenario(limited, {limit}));
    expect_conservation(run);
    EXPECT_NEAR(run.ratio(Counter::edge_limited, Counter::edge_arrived), 0.5, 0.006);
    EXPECT_EQ(run.sum(Counter::request_errors), run.sum(Counter::edge_limited));
    EXPECT_EQ(run.sum(Counter::edge_delayed), 0);
  }
}

TEST(RateLimit, LetsABurstWaitAndNobodyElse) {
  const Trial run(scenario(limited, {tiers("leaky_bucket", "{rate: 100/s, burst: 50}")}));
  // Twice as many come as may, so the bucket is nearly always full: half are turned away, the
  // others wait for half a second, and up to 50 of each site still do at the end.
  EXPECT_NEAR(run.ratio(Counter::edge_limited, Counter::edge_arrived), 0.5, 0.01);
  EXPECT_NEAR(run.ratio(Counter::edge_delayed, Counter::edge_arrived), 0.5, 0.01);
  EXPECT_GT(run.quantile_ms(Histogram::client, 0.9), 450);
  EXPECT_LT(run.quantile_ms(Histogram::client, 0.999), 520);
  const std::int64_t held = run.sum(Counter::edge_arrived) - run.sum(Counter::edge_lookups) -
                            run.sum(Counter::edge_limited);
  EXPECT_GT(held, 60);
  EXPECT_LE(held, 100);
  expect_conservation(run, held);
}

TEST(RateLimit, StopsAnAbuserAndSparesTheOthers) {
  const Trial run(
      scenario(limited, {tiers("token_bucket",
                               "{share: 50%, rate: 10/s, burst: 10}, "
                               "{share: 50%, clients: 1k, rate: 10/s, burst: 10}"),
                         "traffic.client={attempts: 2, timeout: 1s, backoff: {base: 100ms}}"}));
  expect_conservation(run);
  // The first client's 100/s, and 90 % of their retries, for a rate of 10/s.
  const double retried = run.ratio(Counter::edge_arrived, Counter::requests) - 1;
  EXPECT_NEAR(retried, 0.475, 0.01);
  EXPECT_NEAR(run.ratio(Counter::request_errors, Counter::requests), 0.45, 0.01);
}

TEST(RateLimit, MeetsClosedLoopClients) {
  const Trial run(scenario(
      limited, {tiers("token_bucket", "{rate: 10/s}"),
                "traffic.arrivals={process: closed_loop, clients: 20, think: {exponential: {mean: "
                "100ms}}}"}));
  EXPECT_EQ(run.sum(Counter::edge_arrived),
            run.sum(Counter::edge_lookups) + run.sum(Counter::edge_limited));
  // Some 190/s ask at each site for 10/s: 19 of 20 tokens find a taker as they come.
  EXPECT_NEAR(run.rate(Counter::edge_lookups), 19, 0.5);
}

TEST(RateLimit, IsTheSameForAnyNumberOfThreadsAndLengthOfWindows) {
  Plan plan = compile_plan(scenario(
      limited, {tiers("leaky_bucket", "{rate: 3/s, burst: 3, delay: 1, clients: 40}"),
                "edge.cache.coalesce=true", "traffic.client={attempts: 3}", "duration=20s"}));
  const std::uint64_t digest = run_replication(plan, {1, 0, 0}).measurements.digest;
  ReplicationOptions options{1, 0, 0};
  options.threads = 2;
  options.worth_sharing = 0;
  EXPECT_EQ(run_replication(plan, options).measurements.digest, digest);
  plan.window = Duration::microseconds(700);
  EXPECT_EQ(run_replication(plan, options).measurements.digest, digest);
}

}  // namespace
}  // namespace haldane::models
