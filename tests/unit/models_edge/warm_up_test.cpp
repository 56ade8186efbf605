// Sites that fetch lists of objects by themselves.
#include <gtest/gtest.h>

#include "tests/support/conservation.h"
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
traffic:
  arrivals: {process: poisson, rate: 100/s}
  objects: {count: 1k, popularity: {zipf: 0.9}}
edge:
  sites: 2
  nodes_per_site: 2
  cache: {policy: lru, capacity: {objects: 500}, ttl: none}
  hit_latency: {deterministic: {value: 500us}}
links: {edge_to_api: 2ms}
api: {cells: 2, replicas: 2, concurrency: 16, service: {exponential: {mean: 5ms}}}
)";

std::string event(const std::string& keys) {
  return "timeline=[{event: warm_up, " + keys + "}]";
}

// Every look-up hits or is fetched, and so is the list.
void expect_conservation(const Trial& run) {
  EXPECT_EQ(run.sum(Counter::edge_lookups) + run.sum(Counter::edge_warm_ups),
            run.sum(Counter::edge_hits) + run.sum(Counter::origin_fetches));
  EXPECT_EQ(run.sum(Counter::api_requests), run.sum(Counter::origin_fetches));
  test::expect_requests_end(run);
}

// 1,000 objects at 200 a second are all there after 5 s, and nothing expires.
TEST(WarmUps, LeaveNothingToMiss) {
  for (const char* spread : {"hash", "consistent"}) {
    const Trial run(scenario(
        cold, {"warmup=6s", event("at: 0s, objects: 1k, rate: 200/s"),
               "edge.cache.capacity={objects: 1k}", "edge.spread=" + std::string(spread)}));
    expect_conservation(run);
    EXPECT_GT(run.sum(Counter::edge_lookups), 15'000);
    EXPECT_EQ(run.sum(Counter::edge_hits), run.sum(Counter::edge_lookups)) << spread;
    EXPECT_EQ(run.sum(Counter::edge_warm_ups), 0) << spread;
  }
}

// At one site of the two, where the clients' fetches leave fewer and fewer objects to the list: of
// each turn that passes without a fetch a client had fetched the object before.
TEST(WarmUps, FetchWhatIsNotFreshAtTheirRate) {
  const Trial without(scenario(cold));
  const Trial run(scenario(cold, {event("at: 10s, objects: 600, rate: 50/s, site: 1")}));
  expect_conservation(run);
  EXPECT_GT(run.sum(Counter::edge_warm_ups), 60);
  EXPECT_LT(run.sum(Counter::edge_warm_ups), 500);
  EXPECT_GT(run.sum(Counter::edge_hits), without.sum(Counter::edge_hits));
  const Trial twice(
      scenario(cold, {"traffic.arrivals.rate=0.001/s",
                      "timeline=[{at: 10s, event: warm_up, objects: 600, rate: "
                      "50/s}, {at: 50s, event: warm_up, objects: 700, rate: 50/s}]"}));
  // The second list finds what the first has fetched.
  EXPECT_NEAR(static_cast<double>(twice.sum(Counter::edge_warm_ups)), 2 * 700, 2);
}

TEST(WarmUps, RefillAfterAPurge) {
  const std::string purge = "{at: 50s, event: purge, share: 100%}";
  const std::string refill = "{at: 50s, event: warm_up, objects: 500, rate: 1k/s}";
  const Trial without(scenario(cold, {"timeline=[" + purge + "]", "warmup=50s"}));
  const Trial with(scenario(cold, {"timeline=[" + purge + "," + refill + "]", "warmup=50s"}));
  expect_conservation(with);
  EXPECT_GT(with.sum(Counter::edge_hits), without.sum(Counter::edge_hits) + 300);
}

// Where the API gives no answers to wait for, it still has them for the list; and without an API.
TEST(WarmUps, WorkWithCopiesThatComeAtAMissAndWithoutAnApi) {
  const std::vector<std::string> all = {"warmup=6s", event("at: 0s, objects: 1k, rate: 200/s"),
                                        "edge.cache.capacity={objects: 1k}"};
  std::vector<std::string> on_miss = all;
  on_miss.emplace_back("edge.cache.fill=on_miss");
  const Trial run(scenario(cold, on_miss));
  EXPECT_EQ(run.sum(Counter::edge_hits), run.sum(Counter::edge_lookups));
  std::vector<std::string> alone = all;
  alone.emplace_back("api=none");
  const Trial without(scenario(cold, alone));
  EXPECT_EQ(without.sum(Counter::edge_hits), without.sum(Counter::edge_lookups));
}

}  // namespace
}  // namespace haldane::models
