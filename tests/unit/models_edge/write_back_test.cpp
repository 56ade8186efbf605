// Results of jobs that come back to the sites: what they do to copies, and to content on its way.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;

// 10 requests a second for each object. Every fetch gives a job, which is done 1 s after the
// request.
constexpr std::string_view written = R"(
schema: haldane.scenario/1
name: written
duration: 600s
warmup: 20s
traffic: {arrivals: {process: poisson, rate: 100/s}, objects: {count: 10, popularity: {zipf: 0}}}
edge: {hit_latency: {deterministic: {value: 1ms}}, cache: {policy: lru, capacity: {objects: 10}, coalesce: true}}
links: {edge_to_api: 5ms, api_to_workers: 5ms, workers_to_edge: 300ms}
api: {replicas: 9, concurrency: 9, service: {deterministic: {value: 10ms}}, enqueue: {probability: 100%}}
workers:
  replicas: 50
  service: {deterministic: {value: 680ms}}
  write_back: {edge: purge}
)";

TEST(WriteBack, PurgesBoundHowOldACopyGets) {
  const Trial run(scenario(written));
  // An object lives 1 s, and then waits 1 / 10 s for the request that has it fetched again. Who
  // comes within the 20 ms of the fetch waits for it.
  EXPECT_NEAR(run.ratio(Counter::edge_hits, Counter::edge_lookups), 9.8 / 11, 0.004);
  EXPECT_NEAR(run.rate(Counter::edge_job_purges), 10 / 1.1, 0.15);
  EXPECT_EQ(run.sum(Counter::edge_job_updates), 0);
  const Trial none(scenario(written, {"workers.write_back=none"}));
  EXPECT_EQ(none.ratio(Counter::edge_hits, Counter::edge_lookups), 1);
}

// The result overtakes the answer, which is half a second on its way.
TEST(WriteBack, AFetchBegunBeforeNeverBecomesFreshAfter) {
  for (const char* edge : {"{edge: purge}", "{edge: update}"}) {
    const Trial run(scenario(
        written, {"links={edge_to_api: 500ms, api_to_workers: 0s, workers_to_edge: 1ms}",
                  "edge.cache.coalesce=false", "workers.service={deterministic: {value: 1ms}}",
                  std::string("workers.write_back=") + edge}));
    if (std::string_view(edge) == "{edge: purge}") {
      EXPECT_EQ(run.sum(Counter::edge_hits), 0);
      EXPECT_EQ(run.sum(Counter::edge_job_purges), 0);  // there is never a copy
    } else {
      EXPECT_EQ(run.ratio(Counter::edge_hits, Counter::edge_lookups), 1);  // after the warm-up
    }
  }
}

TEST(WriteBack, AnUpdateIsStoredAtEverySite) {
  const std::vector<std::string> sites = {"edge.sites=4", "traffic.objects.count=50", "warmup=0s",
                                          "edge.cache.capacity.objects=50",
                                          "traffic.arrivals.rate=1/s"};
  std::vector<std::string> updated = sites;
  updated.emplace_back("workers.write_back.edge=update");
  std::vector<std::string> alone = sites;
  alone.emplace_back("workers.write_back=none");
  const Trial run(scenario(written, updated));
  EXPECT_EQ(run.sum(Counter::edge_job_updates), 4 * run.sum(Counter::jobs));
  // Each object is fetched once, by the site that is first asked for it, or by a few at a time.
  EXPECT_LT(run.sum(Counter::origin_fetches), 65);
  EXPECT_GT(Trial(scenario(written, alone)).sum(Counter::origin_fetches), 190);
}

// A copy that an update stored is as good as a fetched one: it may expire, and be purged by key.
TEST(WriteBack, UpdatesRenewTheTimeToLive) {
  const Trial run(scenario(written, {"edge.cache.ttl=5s", "workers.write_back.edge=update"}));
  // A job, 1 s after a fetch, gives the object another 5 s.
  EXPECT_NEAR(run.rate(Counter::origin_fetches), 10 / 6.1, 0.05);
  const Trial purged(scenario(written, {"workers.write_back.edge=update",
                                        "timeline=[{at: 300s, event: purge, share: 100%}]"}));
  EXPECT_EQ(purged.sum(Counter::origin_fetches), 10);
}

TEST(WriteBack, ABrokerWritesWhatTheQueueWrites) {
  const Trial queue(scenario(written));
  const Trial broker(scenario(written, {"workers.priorities={classes: [{share: 100%}]}"}));
  EXPECT_EQ(broker.sum(Counter::edge_job_purges), queue.sum(Counter::edge_job_purges));
  EXPECT_EQ(broker.sum(Counter::edge_hits), queue.sum(Counter::edge_hits));
}

// Wherever its copies are: an object is asked for at one node at a time, as among fixed ones.
TEST(WriteBack, FindsTheCopiesOnNodesThatComeAndGo) {
  for (const char* spread : {"edge.spread=consistent", "edge.spread=hash"}) {
    const Trial run(scenario(written, {"edge.nodes_per_site=3", spread,
                                       "timeline=[{at: 10s, event: nodes, count: 4}]"}));
    EXPECT_NEAR(run.ratio(Counter::edge_hits, Counter::edge_lookups), 9.8 / 11, 0.004) << spread;
    EXPECT_NEAR(run.rate(Counter::edge_job_purges), 10 / 1.1, 0.15) << spread;
  }
}

// Where any node may be asked, the first fetch is news for all of them.
TEST(WriteBack, UpdatesEveryNodeThatMayBeAsked) {
  const Trial run(
      scenario(written, {"edge.nodes_per_site=3", "edge.spread=random", "warmup=0s",
                         "traffic.arrivals.rate=1/s", "workers.write_back.edge=update"}));
  EXPECT_EQ(run.sum(Counter::edge_job_updates), 3 * run.sum(Counter::jobs));
  EXPECT_LT(run.sum(Counter::origin_fetches), 14);
}

TEST(WriteBack, OnlyBoundsTheWindowWhereItIsUsed) {
  const Plan with = compile_plan(scenario(written, {"links.workers_to_edge=1ms"}));
  const Plan without =
      compile_plan(scenario(written, {"links.workers_to_edge=1ms", "workers.write_back=none"}));
  EXPECT_EQ(with.window, Duration::microseconds(5'500));  // half of 5 + 5 + 1 ms
  EXPECT_EQ(without.window, Duration::milliseconds(10));
}

}  // namespace
}  // namespace haldane::models
