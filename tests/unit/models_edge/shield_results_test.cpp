// Results of jobs behind shields: a shield that kept what sites have dropped would hand it out
// again.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;

// 10 requests a second for each object in all. Every fetch from the API gives a job, whose result
// comes 995 ms after the answer left.
constexpr std::string_view shielded = R"(
schema: haldane.scenario/1
name: shielded
duration: 600s
warmup: 20s
traffic: {arrivals: {process: poisson, rate: 25/s}, objects: {count: 10, popularity: {zipf: 0}}}
edge:
  sites: 4
  hit_latency: {deterministic: {value: 1ms}}
  cache: {policy: lru, capacity: {objects: 10}}
  shield: {policy: lru, capacity: {objects: 10}}
links: {edge_to_api: 5ms, api_to_workers: 5ms, workers_to_edge: 300ms}
api: {replicas: 9, concurrency: 9, service: {deterministic: {value: 10ms}}, enqueue: {probability: 100%}}
workers:
  replicas: 50
  service: {deterministic: {value: 690ms}}
  write_back: {edge: purge}
)";

const std::string by_api =
    "workers.write_back={edge: purge, api: {service: {deterministic: {value: 285ms}}}}";

// Those on their way as the warm-up ends are counted on one side only.
void expect_answers(const Trial& run) {
  EXPECT_NEAR(static_cast<double>(run.latency(Histogram::client).count),
              static_cast<double>(run.sum(Counter::requests)), 40);
}

// In each cycle one site asks the API, 1 / 10 s after the last result or a little later, for its
// request takes 5 ms; a few others ask meanwhile, for without coalescing nobody waits. Everybody
// else finds the content that the API gave this once.
TEST(ShieldResults, PurgesReachEveryCopy) {
  for (const std::vector<std::string>& sets :
       {std::vector<std::string>{}, std::vector<std::string>{by_api}}) {
    const Trial run(scenario(shielded, sets));
    const double fetches = run.rate(Counter::edge_job_purges);
    EXPECT_GT(fetches, 10) << "sites' copies";
    const double api = run.rate(Counter::api_requests) - run.rate(Counter::api_writes);
    EXPECT_NEAR(api, 10 / 1.1, 1.5);
    EXPECT_GT(run.ratio(Counter::shield_hits, Counter::shield_lookups), 0.5);
    std::vector<std::string> never = sets;
    never.emplace_back("workers.write_back=none");
    EXPECT_EQ(Trial(scenario(shielded, never)).sum(Counter::api_requests), 0) << "all is cached";
  }
}

// A result comes 10 ms after each answer, and an answer takes half a second: somebody's result has
// always come meanwhile, and no answer may be stored.
TEST(ShieldResults, AFetchBegunBeforeNeverBecomesFreshAfter) {
  const std::vector<std::string> sets = {
      "api.service={deterministic: {value: 500ms}}", "api.concurrency=99",
      "workers.service={deterministic: {value: 1ms}}",
      "links={edge_to_api: 5ms, api_to_workers: 4ms, workers_to_edge: 5ms}"};
  const Trial run(scenario(shielded, sets));
  EXPECT_GT(run.sum(Counter::shield_lookups), 10'000);
  EXPECT_LT(run.ratio(Counter::shield_hits, Counter::shield_lookups), 0.002);
  // Nor is it for those who ask later and could wait for it.
  std::vector<std::string> waiting = sets;
  waiting.emplace_back("edge.cache.coalesce=true");
  const Trial joined(scenario(shielded, waiting));
  EXPECT_GT(joined.sum(Counter::shield_collapsed), 1'000);
  expect_answers(joined);
}

TEST(ShieldResults, AnUpdateIsStoredInTheShield) {
  const std::vector<std::string> sets = {"edge.cache.ttl=700ms", "workers.write_back.edge=update",
                                         "edge.cache.capacity.objects=1"};
  const Trial updated(scenario(shielded, sets));
  std::vector<std::string> without = sets;
  without.emplace_back("workers.write_back=none");
  const Trial none(scenario(shielded, without));
  // Copies of the shield live 700 ms from the fetch and 700 ms from the result, a second later.
  EXPECT_LT(updated.rate(Counter::api_requests), 0.75 * none.rate(Counter::api_requests));
}

TEST(ShieldResults, OfOtherFormatsArePurged) {
  const Trial run(
      scenario(shielded, {"traffic.objects.formats={webp: {share: 50%}, jpeg: {share: 50%}}",
                          "edge.cache.capacity.objects=20", "edge.shield.capacity.objects=20"}));
  EXPECT_GT(run.rate(Counter::api_requests), 10);
  expect_answers(run);
}

}  // namespace
}  // namespace haldane::models
