// Conditional fetches: what a 304 costs and saves.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/trial.h"
#include "tests/unit/spec/mistakes.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;

// 100 requests a second for each of ten objects, which live for a second: 10 refetches a second
// beside those who come while one is under way.
constexpr std::string_view expiring = R"(
schema: haldane.scenario/1
name: expiring
duration: 300s
warmup: 10s
traffic: {arrivals: {process: poisson, rate: 1k/s}, objects: {count: 10, popularity: {zipf: 0}}}
edge:
  hit_latency: {deterministic: {value: 1ms}}
  cache: {policy: lru, capacity: {objects: 10}, ttl: 1s, coalesce: true, revalidation: {not_modified: 70%, service: {deterministic: {value: 1ms}}}}
links: {edge_to_api: 5ms}
api: {replicas: 9, concurrency: 9, service: {deterministic: {value: 11ms}}}
)";

double busy_ms_each(const Trial& run) {
  return run.ratio(Counter::api_busy_time, Counter::api_requests) * 1e-6;
}
double not_modified(const Trial& run) {
  return run.ratio(Counter::edge_not_modified, Counter::origin_fetches);
}

TEST(Revalidation, IsCheaperWhereNothingHasChanged) {
  const Trial run(scenario(expiring));
  EXPECT_GT(run.sum(Counter::origin_fetches), 2'500);
  EXPECT_EQ(run.sum(Counter::edge_fwd_uri_miss), 0);
  EXPECT_NEAR(not_modified(run), 0.7, 0.02);
  EXPECT_NEAR(busy_ms_each(run), 0.7 * 1 + 0.3 * 11, 0.25);
  const Trial all(scenario(expiring, {"edge.cache.revalidation={not_modified: 100%}"}));
  EXPECT_EQ(all.sum(Counter::edge_not_modified), all.sum(Counter::origin_fetches));
  EXPECT_NEAR(busy_ms_each(all), 11, 1e-3);
  const Trial none(scenario(expiring, {"edge.cache.revalidation.not_modified=0"}));
  EXPECT_EQ(none.sum(Counter::edge_not_modified), 0);
  EXPECT_NEAR(busy_ms_each(none), 11, 1e-3);
}

// A 304 makes a copy fresh as a whole answer does: only its shorter way shows in the hit ratio.
TEST(Revalidation, MakesCopiesFresh) {
  const Trial with(scenario(expiring, {"edge.cache.revalidation={not_modified: 100%}"}));
  const Trial without(scenario(expiring, {"edge.cache.revalidation=none"}));
  EXPECT_EQ(with.sum(Counter::edge_hits), without.sum(Counter::edge_hits));
  EXPECT_EQ(with.sum(Counter::origin_fetches), without.sum(Counter::origin_fetches));
}

TEST(Revalidation, SendsNoBody) {
  const std::string sizes = "traffic.objects.size={deterministic: {value: 1kB}}";
  for (const std::vector<std::string>& sets :
       {std::vector<std::string>{}, std::vector<std::string>{sizes}}) {
    const Trial run(scenario(expiring, sets));
    const double bytes = static_cast<double>(run.sum(Counter::edge_bytes));
    const auto bodies =
        static_cast<double>(run.sum(Counter::origin_fetches) - run.sum(Counter::edge_not_modified));
    const double fetched = bodies * bytes / static_cast<double>(run.sum(Counter::edge_lookups));
    EXPECT_NEAR(static_cast<double>(run.sum(Counter::edge_origin_saved_bytes)), bytes - fetched,
                1e-6 * bytes);
  }
}

// Refreshes in the background are conditional, too.
TEST(Revalidation, IsWhatRefreshesDo) {
  const Trial run(scenario(expiring, {"edge.cache.stale_while_revalidate=10s"}));
  EXPECT_EQ(run.sum(Counter::edge_fwd_stale), 0);
  EXPECT_GT(run.sum(Counter::origin_fetches), 2'500);
  EXPECT_NEAR(not_modified(run), 0.7, 0.02);
}

// Of 90 in 100 objects that have no room nothing is known, nor of what a hard purge dropped.
TEST(Revalidation, NeedsACopy) {
  const Trial crowded(scenario(
      expiring, {"traffic.objects.count=100", "edge.cache.revalidation.not_modified=100%"}));
  EXPECT_GT(crowded.sum(Counter::edge_fwd_uri_miss), 10'000);
  EXPECT_LE(crowded.sum(Counter::edge_not_modified), crowded.sum(Counter::edge_fwd_stale));
  const auto purged = [](const std::string& soft) {
    const Trial run(
        scenario(expiring, {"edge.cache.ttl=none", "edge.cache.revalidation.not_modified=100%",
                            "timeline=[{at: 100s, event: purge, soft: " + soft + "}]"}));
    EXPECT_EQ(run.sum(Counter::origin_fetches), 10);
    return run.sum(Counter::edge_not_modified);
  };
  EXPECT_EQ(purged("false"), 0);
  EXPECT_EQ(purged("true"), 10);
}

// Those who have waited too long fetch alone, and whole objects.
TEST(Revalidation, IsNotForThoseWhoFetchAlone) {
  const Trial run(scenario(expiring, {"edge.cache.coalesce={max_wait: 1ms}",
                                      "edge.cache.revalidation.not_modified=100%"}));
  EXPECT_GT(run.sum(Counter::edge_own_fetches), 1'000);
  EXPECT_EQ(run.sum(Counter::edge_not_modified),
            run.sum(Counter::origin_fetches) - run.sum(Counter::edge_own_fetches));
}

// By events the same, and a canary serves it by its factor.
TEST(Revalidation, GoesWithEventsArmsAndFailures) {
  const std::vector<std::string> sets = {"canary={share: 50%, api: {service_factor: 2}}",
                                         "traffic.client={attempts: 3}",
                                         "api.failure_probability=20%"};
  for (const std::string discipline : {"fifo", "lifo"}) {
    std::vector<std::string> all = sets;
    all.push_back("api.queue={discipline: " + discipline + "}");
    const Trial run(scenario(expiring, all));
    EXPECT_NEAR(not_modified(run), 0.7, 0.02);
    EXPECT_NEAR(busy_ms_each(run), 1.5 * (0.7 * 1 + 0.3 * 11), 0.4);
    EXPECT_EQ(run.latency(Histogram::client).count, run.sum(Counter::requests));
  }
}

// A dependency that fails leaves its mark on requests. The next attempt, which finds nothing stored
// either, is not mistaken for one that is answered 304.
TEST(Revalidation, IsForgottenByTheNextAttempt) {
  const Trial run(scenario(
      expiring, {"traffic.client={attempts: 3}", "traffic.objects.count=200k", "duration=20s",
                 "edge.cache.ttl=none", "edge.cache.revalidation.not_modified=100%",
                 "api={replicas: 99, concurrency: 9, service: {deterministic: {value: 11ms}}, "
                 "dependency: {pool: 500, service: {deterministic: {value: 1ms}}, "
                 "failure_probability: 50%}}"}));
  EXPECT_GT(run.sum(Counter::edge_lookups), 3 * run.sum(Counter::requests) / 2);
  EXPECT_EQ(run.sum(Counter::edge_not_modified), 0);
}

TEST(Revalidation, HasRules) {
  const auto mistakes = [](const std::vector<std::string>& overrides) {
    return mistakes_of(std::string(expiring).c_str(), overrides);
  };
  using Lines = std::vector<std::string>;
  EXPECT_EQ(mistakes({}), Lines{});
  EXPECT_EQ(mistakes({"edge.cache.revalidation=none"}), Lines{});
  EXPECT_EQ(mistakes({"edge.cache.revalidation={}"}),
            Lines{"CFG-103 edge.cache.revalidation.not_modified"});
  EXPECT_EQ(mistakes({"edge.cache.revalidation={not_modified: 101%}"}),
            Lines{"CFG-107 edge.cache.revalidation.not_modified"});
  EXPECT_EQ(mistakes({"api=none"}), Lines{"SCN-426 edge.cache.revalidation"});
  EXPECT_EQ(mistakes({"edge.shield={policy: lru, capacity: {objects: 10}}"}), Lines{});
}

}  // namespace
}  // namespace haldane::models
