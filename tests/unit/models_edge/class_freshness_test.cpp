// Copies of different classes live for different times.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;

// Everything fits in. 10 requests a second an object of either class.
constexpr std::string_view classes = R"(
schema: haldane.scenario/1
name: classes
duration: 200s
warmup: 0s
traffic:
  arrivals: {process: poisson, rate: 1k/s}
  classes:
    page: {share: 50%, objects: {count: 50}}
    image: {share: 50%, objects: {count: 50}}
edge: {cache: {policy: lru, capacity: {objects: 100}, ttl: 1s}}
links: {edge_to_api: 50us}
api: {replicas: 1, concurrency: 100, service: {deterministic: {value: 100us}}}
)";

double stale_misses(const std::vector<std::string>& settings) {
  return Trial(scenario(classes, settings)).ratio(Counter::edge_fwd_stale, Counter::edge_lookups);
}

// 1 / (1 + rate * ttl) of the requests for an object find it expired.
TEST(ClassFreshness, IsThatOfTheCacheUnlessAClassSaysOtherwise) {
  EXPECT_NEAR(stale_misses({}), 1.0 / 11, 0.003);
  EXPECT_NEAR(stale_misses({"edge.cache.classes={page: {ttl: 100ms}}"}), (0.5 + 1.0 / 11) / 2,
              0.005);
  EXPECT_NEAR(stale_misses({"edge.cache.classes={page: {ttl: none}}"}), 0.5 / 11, 0.003);
  EXPECT_NEAR(stale_misses({"edge.cache.classes={page: {ttl: 100ms}, image: {ttl: 300ms}}"}),
              (0.5 + 0.25) / 2, 0.005);
}

TEST(ClassFreshness, StatedAlikeForAllChangesNothing) {
  const std::string same = "edge.cache.classes={page: {ttl_jitter: 10%}, image: {ttl_jitter: 10%}}";
  const Trial a(scenario(classes, {"edge.cache.ttl_jitter=10%", "edge.cache.start=warm"}));
  const Trial b(scenario(classes, {same, "edge.cache.start=warm"}));
  for (const Counter counter : {Counter::edge_hits, Counter::origin_fetches})
    EXPECT_EQ(a.sum(counter), b.sum(counter));
  EXPECT_EQ(a.latency(Histogram::client).sum_ns, b.latency(Histogram::client).sum_ns);
}

TEST(ClassFreshness, StaleWindowsAreOfTheClass) {
  const Trial run(scenario(classes, {"edge.cache.classes={page: {stale_while_revalidate: 1h}}"}));
  EXPECT_NEAR(run.ratio(Counter::edge_fwd_stale, Counter::edge_lookups), 0.5 / 11, 0.003);
  EXPECT_NEAR(run.ratio(Counter::edge_stale, Counter::edge_lookups), 0.5 / 11, 0.003);
}

TEST(ClassFreshness, OneClassMayStandInForErrors) {
  const Trial run(scenario(classes, {"edge.cache.classes={page: {stale_if_error: 1h}}",
                                     "edge.cache.start=warm", "api.failure_probability=100%"}));
  // After a second nothing is fresh: half of the requests are for pages.
  EXPECT_NEAR(run.ratio(Counter::edge_stale_on_error, Counter::edge_lookups), 0.5, 0.01);
  EXPECT_NEAR(run.ratio(Counter::request_errors, Counter::requests), 0.5, 0.01);
}

}  // namespace
}  // namespace haldane::models
