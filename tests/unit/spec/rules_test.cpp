// Wrong scenarios: each mistake gives its own diagnostic, at its place, and all of them at once.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/spec/read_scenario.h"
#include "tests/unit/spec/mistakes.h"

namespace haldane::models {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

/// A scenario with every tier; the mistakes of the tests are laid over it.
constexpr const char* good = R"(schema: haldane.scenario/1
name: good
duration: 60s
warmup: 10s
traffic:
  arrivals: {process: poisson, rate: 100/s}
  objects: {count: 1k, popularity: {zipf: 0.9}}
edge:
  sites: 2
  nodes_per_site: 2
  cache: {policy: lru, capacity: {objects: 100}, ttl: 60s}
links: {edge_to_api: 2ms, api_to_workers: 1ms}
api:
  cells: 2
  replicas: 4
  concurrency: 2
  service: {exponential: {mean: 5ms}}
  enqueue: {probability: 10%}
workers:
  replicas: 3
  service: {exponential: {mean: 20ms}}
)";

Diagnostics mistakes_with(const std::vector<std::string>& overrides) {
  const auto parsed = read_scenario(good, "a.yaml", overrides);
  return parsed ? Diagnostics{} : parsed.error();
}

TEST(ScenarioRules, TheBaseOfTheseTestsIsGood) {
  EXPECT_EQ(to_string(mistakes_with({})), "");
}

TEST(ScenarioRules, AnAutoscalerGoesWithAnyBalancerAndWithOutliers) {
  const std::string scaler = "api.autoscaler={kind: hpa, max: 9, target: 60%}";
  const std::string central = "api.balancer=central_queue";
  EXPECT_EQ(to_string(mistakes_with({scaler, "api.outliers={consecutive_errors: 3}"})), "");
  EXPECT_EQ(to_string(mistakes_with({scaler, central})), "");
  EXPECT_EQ(to_string(mistakes_with({scaler, central, "edge.cache.fetch_timeout=1s"})), "");
}

TEST(ScenarioRules, AQueueThatTakesEventsRefusesWhatOnlyAdmissionCanDo) {
  const std::string lifo = "api.queue={discipline: lifo}";
  const std::string crash = "timeline=[{at: 1s, event: replica_failure, tier: api}]";
  EXPECT_EQ(to_string(mistakes_with({lifo, crash})), "");
  EXPECT_EQ(to_string(mistakes_with(
                {"api.queue={discipline: fifo}", crash, "api.balancer=central_queue"})),
            "");
  EXPECT_EQ(to_string(mistakes_with({lifo, crash, "api.balancer=central_queue"})), "");
  const std::string by_chance =
      "faults=[{event: replica_failure, tier: api, every: {exponential: {mean: 1s}}, for: "
      "{exponential: {mean: 1s}}}]";
  EXPECT_EQ(to_string(mistakes_with({lifo, by_chance})), "");
  EXPECT_EQ(to_string(mistakes_with({lifo, by_chance, "api.balancer=central_queue"})), "");
}

TEST(ScenarioRules, AQueueThatTakesEventsGoesWithAllThatSitesSettle) {
  const std::string lifo = "api.queue={discipline: lifo}";
  EXPECT_EQ(to_string(mistakes_with({lifo, "traffic.client={attempts: 2, budget: {kind: grpc}}"})),
            "");
  EXPECT_EQ(to_string(mistakes_with(
                {lifo, "timeline=[{at: 1s, event: bad_release, share: 50%, factor: 2}]"})),
            "");
  EXPECT_EQ(to_string(mistakes_with({lifo, "edge.cache.fetch_timeout=1s"})), "");
}

TEST(ScenarioRules, HedgingKnowsWhoAsks) {
  const std::string hedge = "traffic.client={hedge: {delay: 5ms}}";
  EXPECT_EQ(to_string(mistakes_with({hedge})), "");
  EXPECT_THAT(ids_and_paths(mistakes_with({hedge, "edge.cache.coalesce=true"})),
              ElementsAre("SCN-450 traffic.client.hedge"));
  EXPECT_THAT(ids_and_paths(mistakes_with({hedge, "edge.spread=random"})),
              ElementsAre("SCN-450 traffic.client.hedge"));
  EXPECT_THAT(ids_and_paths(mistakes_with({hedge, "api=none", "workers=none"})),
              ElementsAre("SCN-449 traffic.client.hedge"));
}

TEST(ScenarioRules, ZonesAreCells) {
  EXPECT_EQ(to_string(mistakes_with({"api.route=zone_aware"})), "");
  EXPECT_EQ(to_string(mistakes_with({"api.route=zone_aware", "api.cells=5"})), "");
  EXPECT_THAT(ids_and_paths(mistakes_with({"api.route=zone_aware", "api.cells=1"})),
              ElementsAre("SCN-402 api.route"));
}

TEST(ScenarioRules, ACentralQueueSendsRequestsToNobody) {
  const std::string central = "api.balancer=central_queue";
  EXPECT_EQ(to_string(mistakes_with({central, "api.slow_start={for: 9s, factor: 2}"})), "");
  EXPECT_EQ(to_string(mistakes_with(
                {central, "api.pauses={every: 1s, duration: {deterministic: {value: 1ms}}}"})),
            "");
  EXPECT_THAT(ids_and_paths(mistakes_with({central, "api.outliers={}"})),
              ElementsAre("SCN-435 api.outliers"));
}

TEST(ScenarioRules, TheMostReplicasOfAnAutoscalerNeedRoom) {
  EXPECT_THAT(ids_and_paths(mistakes_with(
                  {"api.autoscaler={kind: keda, max: 1000000, target: 5}", "api.concurrency=10"})),
              ElementsAre("SCN-303 api.autoscaler.max"));
  EXPECT_THAT(ids_and_paths(mistakes_with(
                  {"api.autoscaler={kind: hpa, max: 9, target: 60%, metric_period: 100ms}",
                   "duration=99d"})),
              ElementsAre("SCN-303 api.autoscaler.metric_period"));
}

TEST(ScenarioRules, APurgeHasOneTarget) {
  const auto purge = [](const std::string& keys) {
    return ids_and_paths(mistakes_with({"timeline=[{at: 1s, event: purge, " + keys + "}]"}));
  };
  for (const char* right : {"share: 40%", "tag: 3 of 100", "key: 999", "site: 1, soft: true"})
    EXPECT_THAT(purge(right), ElementsAre()) << right;
  for (const char* wrong :
       {"100 of 100", "-1 of 3", "3 of", "of 3", "3 of 1000001", "x", "3 of 7 "})
    EXPECT_THAT(purge(std::string("tag: '") + wrong + "'"), ElementsAre("SCN-423 timeline[0].tag"));
  EXPECT_THAT(purge("tag: 1 of 2, share: 5%"), ElementsAre("SCN-424 timeline[0].tag"));
  EXPECT_THAT(purge("tag: 1 of 2, key: 5"), ElementsAre("SCN-424 timeline[0].key"));
  EXPECT_THAT(purge("key: 1000"), ElementsAre("SCN-425 timeline[0].key"));
  EXPECT_THAT(purge("site: 2"), ElementsAre("SCN-502 timeline[0].site"));
  EXPECT_THAT(ids_and_paths(mistakes_with(
                  {"faults=[{event: purge, key: 1000, every: {exponential: {mean: 1s}}}]"})),
              ElementsAre("SCN-425 faults[0].key"));
}

TEST(ScenarioRules, ErrorsNeedAnApiAndCopiesThatComeWithAnswers) {
  for (const std::string key : {"stale_if_error", "fetch_timeout"}) {
    const std::string set = "edge.cache." + key + "=10s";
    EXPECT_EQ(to_string(mistakes_with({set})), "");
    EXPECT_THAT(ids_and_paths(mistakes_with({set, "api=none", "workers=none"})),
                ElementsAre("SCN-426 edge.cache." + key));
    EXPECT_THAT(ids_and_paths(mistakes_with({set, "edge.cache.fill=on_miss"})),
                ElementsAre("SCN-427 edge.cache." + key));
  }
}

TEST(ScenarioRules, CoalescingIsAWordOrAMapping) {
  for (const char* value : {"true", "false", "{}", "{max_wait: 5s, poll: 500ms}",
                            "{max_wait: none, on_timeout: fail, poll: none}"})
    EXPECT_EQ(to_string(mistakes_with({"edge.cache.coalesce=" + std::string(value)})), "");
  EXPECT_THAT(ids_and_paths(mistakes_with({"edge.cache.coalesce=maybe"})),
              ElementsAre("CFG-104 edge.cache.coalesce"));
  EXPECT_THAT(ids_and_paths(mistakes_with({"edge.cache.coalesce={on_timeout: stale}"})),
              ElementsAre("SCN-428 edge.cache.coalesce.on_timeout"));
  EXPECT_THAT(ids_and_paths(mistakes_with({"edge.cache.uncacheable={share: 5%, marker: 2m}"})),
              ElementsAre("SCN-429 edge.cache.uncacheable.marker"));
  EXPECT_THAT(ids_and_paths(mistakes_with({"edge.cache.uncacheable={share: 0%}"})),
              ElementsAre("CFG-107 edge.cache.uncacheable.share"));
}

TEST(ScenarioRules, RoomIsInObjectsOrInBytesWhichNeedSizes) {
  const std::string sizes = "traffic.objects.size={lognormal: {median: 10kB, sigma: 1}}";
  const std::string bytes = "edge.cache.capacity={bytes: 4GiB}";
  EXPECT_THAT(ids_and_paths(mistakes_with({"edge.cache.capacity.bytes=4GiB", sizes})),
              ElementsAre("SCN-421 edge.cache.capacity"));
  EXPECT_EQ(to_string(mistakes_with({sizes, bytes})), "");
  EXPECT_THAT(ids_and_paths(mistakes_with({bytes})),
              ElementsAre("SCN-422 edge.cache.capacity.bytes"));
  EXPECT_THAT(ids_and_paths(mistakes_with({"edge.cache.capacity={}"})),
              ElementsAre("SCN-421 edge.cache.capacity"));
  EXPECT_THAT(ids_and_paths(mistakes_with({"edge.cache.admission={max_size: 1MiB}"})),
              ElementsAre("SCN-422 edge.cache.admission.max_size"));
}

TEST(ScenarioRules, EveryEvictionPolicyHasItsName) {
  for (const std::string policy :
       {"lru", "fifo", "clock", "sieve", "s3_fifo", "arc", "w_tinylfu", "gdsf", "lfu"}) {
    EXPECT_EQ(to_string(mistakes_with({"edge.cache.policy=" + policy})), "");
  }
  const Diagnostics mistakes = mistakes_with({"edge.cache.policy=w_tinylu"});
  ASSERT_THAT(mistakes, SizeIs(1));
  EXPECT_THAT(mistakes[0].hint, testing::HasSubstr("w_tinylfu"));
}

/// One override, one diagnostic.
struct Mistake {
  const char* override_text;
  const char* id;
  const char* path;
};

class OneMistake : public testing::TestWithParam<Mistake> {};

TEST_P(OneMistake, HasItsDiagnostic) {
  const Diagnostics found = mistakes_with({GetParam().override_text});
  EXPECT_THAT(ids_and_paths(found), ElementsAre(std::string(GetParam().id) + " " + GetParam().path))
      << to_string(found);
  ASSERT_FALSE(found.empty());
  EXPECT_FALSE(found.front().message.empty());
}

constexpr Mistake mistakes[] = {
    {"schema=haldane.scenario/2", "SCN-101", "schema"},
    {"name='two words'", "SCN-102", "name"},
    {"name=''", "SCN-102", "name"},
    {"duration=600", "CFG-106", "duration"},
    {"duration=0.5ms", "CFG-107", "duration"},
    {"duration=100d", "CFG-107", "duration"},
    {"duration=10 s", "CFG-106", "duration"},
    {"duration=99999999999999999h", "CFG-107", "duration"},
    {"warmup=60s", "SCN-104", "warmup"},
    {"warmup=automatic", "CFG-106", "warmup"},
    {"warmup=-1s", "CFG-107", "warmup"},
    {"seed=-1", "CFG-106", "seed"},
    {"seed=18446744073709551616", "CFG-107", "seed"},
    {"seed=1.5", "CFG-106", "seed"},
    {"replications=0", "CFG-107", "replications"},
    {"durration=5s", "CFG-102", "durration"},
    {"alarms=[]", "CFG-102", "alarms"},
    {"traffic.arrivals.rate=0/s", "CFG-107", "traffic.arrivals.rate"},
    {"traffic.arrivals.rate=-5/s", "CFG-107", "traffic.arrivals.rate"},
    {"traffic.arrivals.rate=100", "CFG-106", "traffic.arrivals.rate"},
    {"traffic.arrivals.rate=101M/s", "CFG-107", "traffic.arrivals.rate"},
    {"traffic.arrivals.rate=.nan", "CFG-108", "traffic.arrivals.rate"},
    {"traffic.arrivals.rate=5ms", "CFG-106", "traffic.arrivals.rate"},
    {"traffic.arrivals.process=posson", "CFG-105", "traffic.arrivals.process"},
    {"traffic.arrivals.clients=5", "CFG-102", "traffic.arrivals.clients"},
    {"traffic.objects.count=0", "CFG-107", "traffic.objects.count"},
    {"traffic.objects.count=5G", "CFG-107", "traffic.objects.count"},
    {"traffic.objects.count=1.5", "CFG-106", "traffic.objects.count"},
    {"traffic.objects.count=100M", "SCN-302", "traffic.objects.count"},
    {"traffic.classes={a: {share: 100%, objects: {count: 5}}}", "SCN-464", "traffic.classes"},
    {"traffic.objects.popularity=zipf", "CFG-104", "traffic.objects.popularity"},
    {"traffic.objects.popularity.zipf=-1", "CFG-107", "traffic.objects.popularity.zipf"},
    {"traffic.objects.size={deterministic: {value: 5ms}}", "CFG-106",
     "traffic.objects.size.deterministic.value"},
    {"traffic.client={timeout: 0s}", "CFG-107", "traffic.client.timeout"},
    {"traffic.client={attempts: 0}", "CFG-107", "traffic.client.attempts"},
    {"traffic.client={backoff: {base: 10s, cap: 1s}}", "SCN-407", "traffic.client.backoff.cap"},
    {"traffic.client={backoff: {base: 1m}}", "SCN-407", "traffic.client.backoff.base"},
    {"traffic.client={backoff: {factor: 0.5}}", "CFG-107", "traffic.client.backoff.factor"},
    {"traffic.client={backoff: {jitter: half}}", "CFG-105", "traffic.client.backoff.jitter"},
    {"traffic.client={attempts: 256}", "CFG-107", "traffic.client.attempts"},
    {"traffic.client={attempts: 2, budget: {}}", "CFG-103", "traffic.client.budget.kind"},
    {"traffic.client={attempts: 2, budget: {kind: grpcs}}", "CFG-105",
     "traffic.client.budget.kind"},
    {"traffic.client={attempts: 2, budget: {kind: grpc, ratio: 20%}}", "CFG-102",
     "traffic.client.budget.ratio"},
    {"traffic.client={attempts: 2, budget: {kind: grpc, max_tokens: 0}}", "CFG-107",
     "traffic.client.budget.max_tokens"},
    {"traffic.client={attempts: 2, budget: {kind: finagle, ttl: 61s}}", "CFG-107",
     "traffic.client.budget.ttl"},
    {"traffic.client={attempts: 2, budget: {kind: finagle, min_retries: 0.5/s}}", "SCN-441",
     "traffic.client.budget.min_retries"},
    {"traffic.client={budget: {kind: envoy}}", "SCN-440", "traffic.client.budget"},
    {"traffic.client={breaker: {failure_ratio: 0%}}", "CFG-107",
     "traffic.client.breaker.failure_ratio"},
    {"traffic.client={breaker: {window: 0}}", "CFG-107", "traffic.client.breaker.window"},
    {"traffic.client={breaker: {opened: 1s}}", "CFG-102", "traffic.client.breaker.opened"},
    {"traffic.client={hedge: {}}", "CFG-103", "traffic.client.hedge.delay"},
    {"traffic.client={hedge: {delay: 0s}}", "CFG-107", "traffic.client.hedge.delay"},
    {"traffic.client={hedge: {delay: 1s, max_extra_load: 0%}}", "CFG-107",
     "traffic.client.hedge.max_extra_load"},
    {"traffic.client={hedge: {delay: 1s, min_hedges: 0.5/s}}", "SCN-441",
     "traffic.client.hedge.min_hedges"},
    {"traffic.client={timeout: 1s, hedge: {delay: 1s}}", "SCN-438", "traffic.client.hedge.delay"},
    {"traffic.client={attempts: 128, hedge: {delay: 1s}}", "SCN-448", "traffic.client.hedge"},
    {"api.quota={tiers: []}", "SCN-443", "api.quota.tiers"},
    {"api.quota={}", "CFG-103", "api.quota.tiers"},
    {"api.quota={tiers: [{share: 10%, rate: 1/s}]}", "CFG-103", "api.quota.tiers[0].burst"},
    {"api.quota={tiers: [{share: 10%, rate: 1/s, burst: 0}]}", "CFG-107",
     "api.quota.tiers[0].burst"},
    {"api.quota={tiers: [{share: 60%, rate: 1/s, burst: 1}, {share: 50%, rate: 1/s, burst: 1}]}",
     "SCN-444", "api.quota.tiers"},
    {"api.peak_ewma_decay=1s", "SCN-445", "api.peak_ewma_decay"},
    {"api.outliers={interval: 0s}", "CFG-107", "api.outliers.interval"},
    {"api.outliers={ejection: 20s, max_ejection: 10s}", "SCN-446", "api.outliers"},
    {"api.outliers={max_ejected: 110%}", "CFG-107", "api.outliers.max_ejected"},
    {"api.outliers={success_rate: {deviations: -1}}", "CFG-107",
     "api.outliers.success_rate.deviations"},
    {"api.outliers={failure_ratio: {threshold: 0%}}", "CFG-107",
     "api.outliers.failure_ratio.threshold"},
    {"api.outliers={consecutive: 5}", "CFG-102", "api.outliers.consecutive"},
    {"edge.sites=0", "CFG-107", "edge.sites"},
    {"edge.sites=two", "CFG-106", "edge.sites"},
    {"edge.cache.policy=lur", "CFG-105", "edge.cache.policy"},
    {"edge.cache.capacity=500k", "CFG-104", "edge.cache.capacity"},
    {"edge.cache.capacity.objects=0", "CFG-107", "edge.cache.capacity.objects"},
    {"edge.cache.capacity.bytes=4MiB", "SCN-421", "edge.cache.capacity"},
    {"edge.cache.ttl=-5s", "CFG-107", "edge.cache.ttl"},
    {"edge.cache.ttl=60", "CFG-106", "edge.cache.ttl"},
    {"edge.cache.ttl_jitter=100%", "CFG-107", "edge.cache.ttl_jitter"},
    {"edge.cache.coalesce=yes", "CFG-104", "edge.cache.coalesce"},
    {"edge.cache.fill=late", "CFG-105", "edge.cache.fill"},
    {"edge.cache.start=hot", "CFG-105", "edge.cache.start"},
    {"edge.hit_latency=5ms", "CFG-104", "edge.hit_latency"},
    {"links.edge_to_api=-1ms", "CFG-107", "links.edge_to_api"},
    {"links.edge_to_apis=1ms", "CFG-102", "links.edge_to_apis"},
    {"api.replicas=0", "CFG-107", "api.replicas"},
    {"api.replicas=4294967297", "CFG-107", "api.replicas"},
    {"api.balancer=power_of_to", "CFG-105", "api.balancer"},
    {"api.queue_capacity=infinite", "CFG-106", "api.queue_capacity"},
    {"api.enqueue.probability=101%", "CFG-107", "api.enqueue.probability"},
    {"api.failure_probability=-0.1", "CFG-107", "api.failure_probability"},
    {"api.concurrency=10M", "CFG-107", "api.concurrency"},
    {"api.route={own_cell: 90%, others: 20%}", "SCN-401", "api.route"},
    {"api.route=zone_awake", "CFG-104", "api.route"},
    {"api.cells=3", "SCN-403", "api.cells"},
    {"api.service={exponential: {mean: 0s}}", "CFG-107", "api.service.exponential.mean"},
    {"api.service={exponential: {mean: 5}}", "CFG-106", "api.service.exponential.mean"},
    {"api.service={expnential: {mean: 5ms}}", "CFG-102", "api.service.expnential"},
    {"api.service={}", "CFG-103", "api.service"},
    {"api.service={exponential: {mean: 5ms}, gamma: {mean: 5ms, shape: 2}}", "CFG-109",
     "api.service"},
    {"api.service={exponential: 5ms}", "CFG-104", "api.service.exponential"},
    {"api.service={lognormal: {median: 5ms}}", "CFG-103", "api.service.lognormal.sigma"},
    {"api.service={lognormal: {median: 5ms, sigma: -1}}", "CFG-107", "api.service.lognormal.sigma"},
    {"api.service={lognormal: {median: 1d, sigma: 9}}", "SCN-204", "api.service"},
    {"api.service={pareto: {scale: 5ms, shape: 1}}", "SCN-201", "api.service.pareto.shape"},
    {"api.service={uniform: {low: 5ms, high: 4ms}}", "SCN-202", "api.service.uniform.low"},
    {"api.service={erlang: {mean: 5ms, k: 0}}", "CFG-107", "api.service.erlang.k"},
    {"api.service={hyperexponential: {means: [1ms, 2ms], weights: [1]}}", "SCN-203",
     "api.service.hyperexponential.weights"},
    {"api.service={hyperexponential: {means: [1ms, 2ms], weights: [0, 0]}}", "SCN-203",
     "api.service.hyperexponential.weights"},
    {"api.service={hyperexponential: {means: [], weights: []}}", "SCN-203",
     "api.service.hyperexponential.means"},
    {"api.service={hyperexponential: {means: [1ms, 0ms], weights: [1, 1]}}", "CFG-107",
     "api.service.hyperexponential.means[1]"},
    {"api.service={empirical: {file: x.txt}}", "SCN-205", "api.service.empirical.file"},
    {"api.service={empirical: {file: x.txt, unit: parsec}}", "CFG-105",
     "api.service.empirical.unit"},
    {"workers.retries={max_attempts: 0}", "CFG-107", "workers.retries.max_attempts"},
    {"workers.failure_probability=2", "CFG-107", "workers.failure_probability"},
    {"workers=", "CFG-201", "workers"},
    {"workers=~", "CFG-003", "workers"},
    {"timeline=5", "CFG-104", "timeline"},
    {"timeline=[{at: 5s, event: purge, factor: 2}]", "CFG-102", "timeline[0].factor"},
    {"timeline=[{at: 60s, event: purge}]", "SCN-504", "timeline[0].at"},
    {"timeline=[{at: 5s, event: purg}]", "CFG-105", "timeline[0].event"},
    {"timeline=[{event: purge}]", "CFG-103", "timeline[0].at"},
    {"timeline=[{at: 5s, event: purge, share: 0%}]", "CFG-107", "timeline[0].share"},
    {"timeline=[{at: 5s, event: surge}]", "CFG-103", "timeline[0].factor"},
    {"timeline=[{at: 5s, event: surge, factor: 2, site: 2}]", "SCN-502", "timeline[0].site"},
    {"timeline=[{at: 5s, event: surge, factor: 1M}]", "CFG-106", "timeline[0].factor"},
    {"timeline=[{at: 5s, event: surge, factor: 1e6, for: 0s}]", "CFG-107", "timeline[0].for"},
    {"timeline=[{at: 5s, event: site_failure}]", "CFG-103", "timeline[0].site"},
    {"timeline=[{at: 5s, event: replica_failure, tier: api, count: 5}]", "SCN-503",
     "timeline[0].count"},
    {"timeline=[{at: 5s, event: replica_failure, tier: api, cell: 2}]", "SCN-502",
     "timeline[0].cell"},
    {"timeline=[{at: 5s, event: replica_failure, tier: workers, cell: 0}]", "SCN-502",
     "timeline[0].cell"},
    {"timeline=[{at: 5s, event: slow_down, tier: edge, factor: 2}]", "CFG-105", "timeline[0].tier"},
    {"timeline=[{at: 5s, event: failures, tier: api, probability: 2}]", "CFG-107",
     "timeline[0].probability"},
    {"canary={share: 0%}", "CFG-107", "canary.share"},
    {"canary={share: 100%}", "CFG-107", "canary.share"},
    {"canary={api: {replicas: 1}}", "CFG-103", "canary.share"},
    {"canary={share: 5%, api: {service: {exponential: {mean: 1ms}}, service_factor: 2}}", "SCN-406",
     "canary.api.service_factor"},
    {"canary={share: 5%, api: {slow: {share: 5%}}}", "CFG-103", "canary.api.slow.factor"},
    {"canary={share: 5%, api: {slow: {share: 120%, factor: 2}}}", "CFG-107",
     "canary.api.slow.share"},
    {"canary={share: 5%, api: {slow: {share: 5%, factor: 0}}}", "CFG-107",
     "canary.api.slow.factor"},
    {"canary={share: 5%, api: {balancer: random}}", "CFG-102", "canary.api.balancer"},
    {"api.autoscaler={kind: vpa}", "CFG-105", "api.autoscaler.kind"},
    {"api.autoscaler={kind: hpa, target: 60%}", "CFG-103", "api.autoscaler.max"},
    {"api.autoscaler={kind: hpa, max: 9}", "CFG-103", "api.autoscaler.target"},
    {"api.autoscaler={kind: hpa, max: 9, target: 60}", "CFG-107", "api.autoscaler.target"},
    {"api.autoscaler={kind: hpa, max: 9, metric: queue, target: 6}", "CFG-105",
     "api.autoscaler.metric"},
    {"api.autoscaler={kind: hpa, max: 9, metric: latency, target: 6}", "CFG-106",
     "api.autoscaler.target"},
    {"api.autoscaler={kind: hpa, max: 9, target: 60%, panic_window: 6s}", "CFG-102",
     "api.autoscaler.panic_window"},
    {"api.autoscaler={kind: hpa, max: 9, target: 60%, sync: 0}", "CFG-107", "api.autoscaler.sync"},
    {"api.autoscaler={kind: hpa, min: 5, max: 3, target: 60%}", "SCN-408", "api.autoscaler.max"},
    {"api.autoscaler={kind: hpa, max: 3, target: 60%}", "SCN-408", "api.replicas"},
    {"api.autoscaler={kind: hpa, max: 9, target: 60%, stabilization: 5m, behavior: {}}", "SCN-412",
     "api.autoscaler.stabilization"},
    {"api.autoscaler={kind: hpa, max: 9, target: 60%, behavior: {scale_up: {policies: []}}}",
     "SCN-412", "api.autoscaler.behavior.scale_up.policies"},
    {"api.autoscaler={kind: hpa, max: 9, target: 60%, behavior: {scale_up: {policies: [{pods: 4, "
     "percent: 9, period: 15s}]}}}",
     "CFG-109", "api.autoscaler.behavior.scale_up.policies[0]"},
    {"api.autoscaler={kind: kpa, max: 9, target: 5, panic_window: 90s}", "SCN-412",
     "api.autoscaler.panic_window"},
    {"api.autoscaler={kind: schedule, steps: [{at: 2s, replicas: 3}, {at: 1s, replicas: 2}]}",
     "SCN-412", "api.autoscaler.steps[1].at"},
    {"workers.autoscaler={kind: hpa, min: 9, max: 10, metric: lag, target: 30s}", "SCN-408",
     "workers.replicas"},
    {"workers.autoscaler={kind: kpa, max: 9, target: 5}", "CFG-105", "workers.autoscaler.kind"},
    {"workers.autoscaler={kind: keda, target: 5, metric: lag}", "CFG-105",
     "workers.autoscaler.metric"},
    {"api.autoscaler={kind: keda, min: 0, target: 5}", "CFG-107", "api.autoscaler.min"},
    {"timeline=[{at: 1s, event: rollback, tier: workers}]", "SCN-455", "timeline[0].event"},
    {"timeline=[{at: 1s, event: deploy, tier: api}]", "CFG-105", "timeline[0].tier"},
    {"workers.queue={visibility_timeout: 0}", "CFG-107", "workers.queue.visibility_timeout"},
    {"workers.queue={duplicates: 100%}", "CFG-107", "workers.queue.duplicates"},
    {"workers={replicas: 1, service: {exponential: {mean: 1s}}, queue: {}, retries: {max_attempts: "
     "2}}",
     "SCN-451", "workers.retries.max_attempts"},
    {"workers.priorities={classes: [{share: 30%}, {share: 60%}]}", "SCN-452",
     "workers.priorities.classes"},
    {"workers.batch={every: 1s, jobs: 5, class: 1}", "SCN-452", "workers.batch.class"},
    {"workers.batch={every: 1us, jobs: 1M}", "SCN-453", "workers.batch.jobs"},
    {"api.queue={discipline: filo}", "CFG-105", "api.queue.discipline"},
    {"api.queue={deadline_drop: 0s}", "CFG-107", "api.queue.deadline_drop"},
    {"api.queue={deadline_drop: client}", "SCN-430", "api.queue.deadline_drop"},
    {"api.queue={codel: {target: 0s}}", "CFG-107", "api.queue.codel.target"},
    {"api.queue={codel: {targets: 5ms}}", "CFG-102", "api.queue.codel.targets"},
    {"api.limit={kind: vega}", "CFG-105", "api.limit.kind"},
    {"api.limit={kind: fixed}", "CFG-103", "api.limit.requests"},
    {"api.limit={kind: vegas, min: 5}", "CFG-102", "api.limit.min"},
    {"api.limit={kind: aimd, initial: 10}", "SCN-433", "api.limit"},
    {"api.limit={kind: gradient2, max: 10}", "SCN-433", "api.limit"},
    {"api.limit={kind: aimd, backoff_ratio: 1}", "CFG-107", "api.limit.backoff_ratio"},
    {"api.dependency={pool: 0, service: {exponential: {mean: 1ms}}}", "CFG-107",
     "api.dependency.pool"},
    {"api.dependency={pool: 1}", "CFG-103", "api.dependency.service"},
    {"api.pauses={duration: {deterministic: {value: 1ms}}}", "SCN-434", "api.pauses"},
    {"api.pauses={every: 1s, after_requests: 5, duration: {deterministic: {value: 1ms}}}",
     "SCN-434", "api.pauses"},
    {"api.slow_start={for: 1s, factor: 0.5}", "CFG-107", "api.slow_start.factor"},
    {"timeline=[{at: 1s, event: slow_down, tier: dependency, factor: 2}]", "SCN-501",
     "timeline[0].tier"},
    {"timeline=[{at: 1s, event: replica_failure, tier: dependency}]", "CFG-105",
     "timeline[0].tier"},
    {"objectives=['dependency.utilization < 1']", "SCN-603", "objectives[0]"},
    {"cost={api_replica_per_hour: -1}", "CFG-107", "cost.api_replica_per_hour"},
    {"objectives=['requests.latency_ms.p99 200']", "SCN-601", "objectives[0]"},
    {"objectives=['requests.latency_ms.p99 < fast']", "SCN-601", "objectives[0]"},
    {"objectives=['requests.latency_ms.p95 < 5']", "SCN-602", "objectives[0]"},
    {"alerts=['api.error_ratio > 1% for 5m']", "SCN-611", "alerts[0]"},
    {"alerts=['api.error_ratio -> P1']", "SCN-611", "alerts[0]"},
    {"alerts=['api.error_ratio > 1% -> page me']", "SCN-611", "alerts[0]"},
    {"alerts=['api.error_ratio > much -> P1']", "SCN-611", "alerts[0]"},
    {"alerts=['api.error_ratio > 1% for ever -> P1']", "SCN-611", "alerts[0]"},
    {"alerts=['api.error_ratio > 0 x baseline -> P1']", "SCN-611", "alerts[0]"},
    {"alerts=['api.eror_ratio > 1% -> P1']", "SCN-602", "alerts[0]"},
    {"alerts=['api.queue_depth.max > 5 -> P1']", "SCN-612", "alerts[0]"},
    {"alerts=['api.error_ratio > 2 x baseline -> P1']", "SCN-613", "alerts[0]"},
};

INSTANTIATE_TEST_SUITE_P(ScenarioRules, OneMistake, testing::ValuesIn(mistakes));

TEST(ScenarioRules, AllMistakesAreReportedAtOnceWithTheirLines) {
  const char* text =
      "schema: haldane.scenario/1\n"
      "name: wrong\n"
      "duration: 600\n"
      "traffic:\n"
      "  arrivals: {process: poisson, rate: 100k/s}\n"
      "  object: {count: 5}\n"
      "edge:\n"
      "  cache: {policy: lru, capcity: {objects: 5}}\n"
      "api:\n"
      "  replicas: -1\n"
      "  service: {exponential: {mean: 5}}\n"
      "  route: {own_cell: 50%, others: 20%}\n";
  const auto parsed = read_scenario(text, "a.yaml");
  ASSERT_FALSE(parsed.has_value());
  std::vector<std::string> found;
  for (const Diagnostic& d : parsed.error()) {
    found.push_back(std::to_string(d.line) + ":" + std::to_string(d.column) + " " + d.id + " " +
                    d.path);
  }
  EXPECT_THAT(
      found, ElementsAre("3:11 CFG-106 duration", "6:3 CFG-102 traffic.object",
                         "8:10 CFG-103 edge.cache.capacity", "8:24 CFG-102 edge.cache.capcity",
                         "10:13 CFG-107 api.replicas", "11:33 CFG-106 api.service.exponential.mean",
                         "12:10 SCN-401 api.route"));
}

TEST(ScenarioRules, OverridesAreBlamedByName) {
  const Diagnostics found = mistakes_with({"api.replicas=0"});
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].to_string(),
            "--set CFG-107 api.replicas must be >= 1 and <= 1000000, but was 0");
}

TEST(ScenarioRules, MistakesWithinAnOverrideComeInItsOrder) {
  EXPECT_THAT(
      ids_and_paths(mistakes_with({"api.service={lognormal: {median: 5, sigma: x, k: 2}}"})),
      ElementsAre("CFG-106 api.service.lognormal.median", "CFG-106 api.service.lognormal.sigma",
                  "CFG-102 api.service.lognormal.k"));
}

TEST(ScenarioRules, ASystemNeedsAnEdgeOrAnApi) {
  EXPECT_THAT(ids_and_paths(mistakes_with({"edge=none", "api=none", "workers=none"})),
              ElementsAre("SCN-103 "));
  EXPECT_THAT(ids_and_paths(mistakes_with({"api=none"})), ElementsAre("SCN-404 workers"));
}

TEST(ScenarioRules, AnEventNeedsItsTier) {
  EXPECT_THAT(ids_and_paths(
                  mistakes_with({"edge=none", "api.cells=1", "timeline=[{at: 1s, event: purge}]"})),
              ElementsAre("SCN-501 timeline[0].event"));
  EXPECT_THAT(
      ids_and_paths(mistakes_with(
          {"workers=none", "timeline=[{at: 1s, event: slow_down, tier: workers, factor: 2}]"})),
      ElementsAre("SCN-501 timeline[0].tier"));
  EXPECT_THAT(ids_and_paths(mistakes_with({"edge.sites=1", "api.cells=1",
                                           "timeline=[{at: 1s, event: site_failure, site: 0}]"})),
              ElementsAre("SCN-505 timeline[0].event"));
}

TEST(ScenarioRules, ACanaryNeedsWhatItIsAVersionOf) {
  EXPECT_THAT(
      ids_and_paths(mistakes_with({"workers=none", "canary={share: 5%, workers: {replicas: 2}}"})),
      ElementsAre("SCN-405 canary.workers"));
  EXPECT_THAT(ids_and_paths(mistakes_with({"workers=none", "api=none", "canary={share: 5%}"})),
              ElementsAre("SCN-405 canary"));
}

TEST(ScenarioRules, AnObjectiveNeedsItsTier) {
  EXPECT_THAT(
      ids_and_paths(mistakes_with({"workers=none", "objectives=['workers.lag_s.max < 5']"})),
      ElementsAre("SCN-603 objectives[0]"));
}

TEST(ScenarioRules, AClosedLoopHasNoRateToSurge) {
  const std::string loop =
      "traffic.arrivals={process: closed_loop, clients: 5, think: {exponential: {mean: 2s}}}";
  EXPECT_EQ(to_string(mistakes_with({loop})), "");
  EXPECT_THAT(ids_and_paths(mistakes_with({loop, "timeline=[{at: 1s, event: surge, factor: 2}]"})),
              ElementsAre("SCN-506 timeline[0].event"));
  const std::string restless =
      "traffic.arrivals={process: closed_loop, clients: 5, think: {deterministic: {value: 0s}}}";
  EXPECT_THAT(ids_and_paths(mistakes_with({restless})),
              ElementsAre("SCN-204 traffic.arrivals.think"));
}

TEST(ScenarioRules, AModulatedStreamHasAsManyRatesAsSojourns) {
  const auto of = [](const std::string& states) {
    return ids_and_paths(mistakes_with({"traffic.arrivals={process: mmpp, " + states + "}"}));
  };
  EXPECT_THAT(of("rates: [0/s, 5k/s], sojourns: [2s, 1s]"), ElementsAre());
  EXPECT_THAT(of("rates: [1/s], sojourns: [2s]"), ElementsAre("SCN-305 traffic.arrivals.rates"));
  EXPECT_THAT(of("rates: [1/s, 2/s], sojourns: [2s]"),
              ElementsAre("SCN-305 traffic.arrivals.rates"));
  EXPECT_THAT(of("rates: [0/s, 0/s], sojourns: [2s, 2s]"),
              ElementsAre("SCN-305 traffic.arrivals.rates"));
}

TEST(ScenarioRules, ASurgeMayNotExceedTheClock) {
  EXPECT_THAT(ids_and_paths(mistakes_with(
                  {"traffic.arrivals.rate=60M/s", "timeline=[{at: 1s, event: surge, factor: 2}]"})),
              ElementsAre("SCN-301 timeline[0].factor"));
}

TEST(ScenarioRules, TooManySlotsAreRefused) {
  EXPECT_THAT(ids_and_paths(mistakes_with({"api.replicas=1M", "api.concurrency=100"})),
              ElementsAre("SCN-303 api.replicas"));
}

TEST(ScenarioRules, RulesStaySilentAboutWhatIsKnownToBeWrong) {
  // With sites unreadable, nobody knows whether site 7 exists or cells have sites.
  EXPECT_THAT(ids_and_paths(mistakes_with(
                  {"edge.sites=x", "timeline=[{at: 1s, event: surge, factor: 2, site: 7}]"})),
              ElementsAre("CFG-106 edge.sites"));
}

TEST(ScenarioRules, TruncatedTextNeverCrashesAndTellsWhy) {
  const std::string text = good;
  for (std::size_t length = 0; length < text.size(); ++length) {
    const auto parsed = read_scenario(text.substr(0, length), "a.yaml");
    if (parsed) continue;  // whole sections at the end are optional
    EXPECT_FALSE(parsed.error().empty()) << length;
    EXPECT_EQ(parsed.error().front().file, "a.yaml");
  }
}

TEST(ScenarioRules, MistakesInOneFileDoNotDependOnTheRun) {
  const std::vector<std::string> overrides = {"api.replicas=0", "durration=5s", "name=' '"};
  EXPECT_EQ(to_string(mistakes_with(overrides)), to_string(mistakes_with(overrides)));
  EXPECT_THAT(mistakes_with(overrides), SizeIs(3));
}

}  // namespace
}  // namespace haldane::models
