// What TLS and the inspection of requests cost at the edge, against queueing formulas. Margins are
// five standard deviations, or what the comment says.
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/queueing_formulas.h"
#include "tests/support/trial.h"

namespace haldane::models {
namespace {

// Every request is a hit that takes no time of its own.
constexpr std::string_view text = R"(
schema: haldane.scenario/1
name: proxies
duration: 400s
warmup: 20s
traffic: {arrivals: {process: poisson, rate: 800/s}, objects: {count: 10, popularity: {zipf: 1}}}
edge: {sites: 1, cache: {policy: lru, capacity: {objects: 10}, ttl: none, start: warm},
       proxies: {cores: 4, waf: {exponential: {mean: 4ms}}}}
api: none
workers: none
)";

TEST(Proxies, AreAnMmcQueue) {
  const test::Trial run(test::scenario(text));
  // 4 servers that are busy for 80 %: Erlang's formulas.
  const double wait_ms = 1e3 * test::erlang_c(3.2, 4) / (4 / 0.004 - 800);
  EXPECT_NEAR(run.mean_ms(Histogram::edge), 4 + wait_ms, 0.4);
  EXPECT_NEAR(run.mean_ms(Histogram::client), 4 + wait_ms, 0.4);
  EXPECT_NEAR(run.ratio(Counter::proxy_busy_time, Counter::proxy_core_time), 0.8, 0.01);
  EXPECT_NEAR(run.time_average(Counter::proxy_queue_time), 0.8 * wait_ms, 0.4);
}

TEST(Proxies, ShakeHandsWithNewConnectionsOnly) {
  const test::Trial run(test::scenario(
      text, {"edge.proxies={cores: 1000, tls: {new_connections: 20%, resumed: 75%, "
             "full_handshake: {deterministic: {value: 10ms}}, resumption: {deterministic: "
             "{value: 2ms}}}}"}));
  EXPECT_NEAR(run.mean_ms(Histogram::client), 0.2 * (0.25 * 10 + 0.75 * 2), 0.02);
  EXPECT_NEAR(run.quantile_ms(Histogram::client, 0.79), 0, 1e-3);
  EXPECT_NEAR(run.quantile_ms(Histogram::client, 0.90), 2, 0.02);
  EXPECT_NEAR(run.quantile_ms(Histogram::client, 0.96), 10, 0.1);
  EXPECT_EQ(run.sum(Counter::proxy_queue_time), 0);
}

TEST(Proxies, LoseClientsWhoWaitTooLong) {
  // Twice as much as they can do: the queue grows until nobody waits for it any more.
  const test::Trial run(test::scenario(
      text, {"edge.proxies.cores=2", "edge.proxies.waf={deterministic: {value: 5ms}}",
             "traffic.client={timeout: 1s}"}));
  EXPECT_GT(run.ratio(Counter::request_errors, Counter::requests), 0.99);
  EXPECT_NEAR(run.mean_ms(Histogram::client), 1'000, 1);
  EXPECT_NEAR(run.ratio(Counter::proxy_busy_time, Counter::proxy_core_time), 1, 1e-9);
}

TEST(Proxies, WorkForRetriesToo) {
  const test::Trial run(test::scenario(
      text, {"edge.cache={policy: lru, capacity: {objects: 1}, ttl: none, start: cold}",
             "traffic.objects={count: 1M, popularity: {zipf: 0}}",
             "edge.proxies={cores: 100, waf: {deterministic: {value: 1ms}}}",
             "api={replicas: 100, concurrency: 10, balancer: random, service: {deterministic: "
             "{value: 1ms}}, failure_probability: 50%}",
             "links={edge_to_api: 1ms}",
             "traffic.client={timeout: 1s, attempts: 3, backoff: {base: 1ms}}"}));
  const double attempts = 1 + 0.5 + 0.25;
  EXPECT_NEAR(run.time_average(Counter::proxy_busy_time), attempts * 0.8, 0.02);
  EXPECT_NEAR(run.ratio(Counter::request_errors, Counter::requests), 0.125, 0.005);
}

TEST(Proxies, StandBeforeRateLimits) {
  const test::Trial run(test::scenario(
      text, {"edge.rate_limit={kind: token_bucket, tiers: [{rate: 80/s, burst: 8}]}"}));
  EXPECT_NEAR(run.ratio(Counter::edge_limited, Counter::edge_arrived), 0.9, 0.01);
  EXPECT_NEAR(run.ratio(Counter::proxy_busy_time, Counter::proxy_core_time), 0.8, 0.01);
}

}  // namespace
}  // namespace haldane::models
