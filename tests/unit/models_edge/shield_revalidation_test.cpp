// Conditional fetches through a shield: who asks whom about what, and which bodies are sent.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;

// Ten objects that live for a second, which all three sites ask for all the time.
constexpr std::string_view three_sites = R"(
schema: haldane.scenario/1
name: three_sites
duration: 200s
warmup: 10s
traffic: {arrivals: {process: poisson, rate: 500/s}, objects: {count: 10, popularity: {zipf: 0}, size: {deterministic: {value: 1kB}}}}
edge:
  sites: 3
  hit_latency: {deterministic: {value: 1ms}}
  cache: {policy: lru, capacity: {objects: 10}, ttl: 1s, coalesce: true, revalidation: {not_modified: 100%, service: {deterministic: {value: 1ms}}}}
  shield: {policy: lru, capacity: {objects: 10}, hit_latency: {deterministic: {value: 100us}}}
links: {edge_to_api: 5ms}
api: {cells: 1, route: {own_cell: 100%}, replicas: 9, concurrency: 9, service: {deterministic: {value: 11ms}}}
)";

double busy_ms_each(const Trial& run) {
  return run.ratio(Counter::api_busy_time, Counter::api_requests) * 1e-6;
}
double not_modified(const Trial& run) {
  return run.ratio(Counter::edge_not_modified, Counter::origin_fetches);
}
double origin_kb_per_s(const Trial& run) {
  const auto sent = run.sum(Counter::edge_bytes) - run.sum(Counter::edge_origin_saved_bytes);
  return static_cast<double>(sent) / run.measured_s() * 1e-3;
}

TEST(ShieldRevalidation, AsksAboutItsOwnCopies) {
  for (const std::string age : {"honoured", "ignored"}) {
    const Trial run(scenario(three_sites, {"edge.shield.age=" + age}));
    EXPECT_GT(run.sum(Counter::shield_lookups), 2'000) << age;
    EXPECT_NEAR(busy_ms_each(run), 1, 1e-3) << age;
    EXPECT_NEAR(not_modified(run), 1, 0.01) << age;
    EXPECT_NEAR(origin_kb_per_s(run), 0, 0.05) << age;
  }
}

// Changed or not for site and shield alike.
TEST(ShieldRevalidation, GetsBodiesOfWhatHasChanged) {
  const Trial run(scenario(three_sites, {"edge.cache.revalidation.not_modified=60%"}));
  EXPECT_NEAR(not_modified(run), 0.6, 0.03);
  EXPECT_NEAR(busy_ms_each(run), 0.6 * 1 + 0.4 * 11, 0.3);
  const double fetches_per_s = run.rate(Counter::api_requests);
  EXPECT_NEAR(origin_kb_per_s(run), 0.4 * fetches_per_s, 0.05 * fetches_per_s);
}

// A 304 makes copies fresh at both levels as a whole answer does.
TEST(ShieldRevalidation, MakesCopiesFresh) {
  const std::string like_others = "edge.cache.revalidation={not_modified: 100%}";
  const Trial with(scenario(three_sites, {like_others}));
  const Trial without(scenario(three_sites, {"edge.cache.revalidation=none"}));
  for (const Counter same : {Counter::edge_hits, Counter::origin_fetches, Counter::shield_hits,
                             Counter::shield_collapsed, Counter::api_requests})
    EXPECT_EQ(with.sum(same), without.sum(same)) << index(same);
}

// A shield that keeps one of ten objects has to ask for most of them, though every site has a copy.
TEST(ShieldRevalidation, NeedsTheWholeOfWhatItDoesNotHave) {
  const Trial run(scenario(three_sites, {"edge.shield.capacity.objects=1"}));
  EXPECT_GT(busy_ms_each(run), 9);
  EXPECT_LT(not_modified(run), 0.2);
  EXPECT_NEAR(origin_kb_per_s(run), (1 - not_modified(run)) * run.rate(Counter::api_requests), 0.5);
}

TEST(ShieldRevalidation, AsksAboutWhatWasPurgedSoftly) {
  const auto asked_about = [](const std::string& soft) {
    const Trial run(scenario(
        three_sites,
        {"edge.cache.ttl=none", "timeline=[{at: 100s, event: purge, soft: " + soft + "}]"}));
    EXPECT_EQ(run.sum(Counter::api_requests), 10) << "each object once for all three sites";
    return run.sum(Counter::edge_not_modified);
  };
  EXPECT_EQ(asked_about("true"), 10);
  EXPECT_EQ(asked_about("false"), 0);
}

// What results of jobs have made invalid is asked for anew.
TEST(ShieldRevalidation, DoesNotAskAboutWhatJobsHaveChanged) {
  const std::vector<std::string> jobs = {
      "links={edge_to_api: 5ms, api_to_workers: 1ms, workers_to_edge: 1ms}",
      "api.enqueue={probability: 100%}",
      "workers={replicas: 9, service: {deterministic: {value: 1ms}}, write_back: {edge: purge}}"};
  const Trial run(scenario(three_sites, jobs));
  EXPECT_GT(run.sum(Counter::api_requests), 10'000) << "no copy lives for long";
  EXPECT_LT(not_modified(run), 0.05);
}

}  // namespace
}  // namespace haldane::models
