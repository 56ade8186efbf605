// Links that lose packets, against the closed forms of docs/models/links.md. Margins are five
// standard deviations.
#include <cmath>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/run_replication.h"
#include "tests/support/trial.h"

namespace haldane::models {
namespace {

constexpr double share = 0.05;  // lost

// Calls that take 2 + 1 + 2 ms, for nobody ever waits for a server.
constexpr std::string_view text = R"(
schema: haldane.scenario/1
name: loss
duration: 100s
warmup: 0s
traffic:
  arrivals: {process: poisson, rate: 400/s}
links: {edge_to_api: 2ms, api_to_workers: 1ms, loss: {edge_to_api: 5%, api_to_workers: 5%}}
api: {replicas: 40, concurrency: 40, balancer: random, service: {deterministic: {value: 1ms}},
      enqueue: {probability: 50%}}
workers: {replicas: 100, service: {deterministic: {value: 1ms}}}
)";

const std::string by_events = "api.queue={discipline: lifo}";

double binomial_deviation(double p, double n) {
  return std::sqrt(p * (1 - p) / n);
}

TEST(PacketLoss, DelaysMessagesByATimeoutThatDoubles) {
  for (const std::vector<std::string>& served : {std::vector<std::string>{}, {by_events}}) {
    const test::Trial run(test::scenario(text, served));
    const auto requests = static_cast<double>(run.sum(Counter::requests));
    // Sum of 2^(n-1) RTO over p^n; the second moment of one way is RTO^2 times about 3 p^2 + p.
    const double each_way_ms = 200 * share / (1 - 2 * share);
    const double deviation_ms = 200 * std::sqrt(2 * (share + 9 * share * share) / requests);
    EXPECT_NEAR(run.mean_ms(Histogram::client), 5 + 2 * each_way_ms, 5 * deviation_ms);
    EXPECT_NEAR(run.mean_ms(Histogram::api_latency), 1, 1e-3);
    EXPECT_EQ(run.sum(Counter::request_errors), 0);
    // Each packet that gets through was sent 1 / (1 - p) times.
    const auto packets = static_cast<double>(run.sum(Counter::packets));
    EXPECT_NEAR(run.ratio(Counter::packets_lost, Counter::packets), share,
                5 * binomial_deviation(share, packets));
    EXPECT_NEAR(packets, 2.5 * requests / (1 - share), 0.01 * packets);
  }
}

TEST(PacketLoss, QuantilesLieWhereOneOrTwoCopiesWereLost) {
  const test::Trial run(test::scenario(text));
  // At least one of two packets is lost in 9.75 % of the calls, at least two copies in 0.74 %.
  EXPECT_NEAR(run.quantile_ms(Histogram::client, 0.89), 5, 0.05);
  EXPECT_NEAR(run.quantile_ms(Histogram::client, 0.92), 205, 2);
  EXPECT_NEAR(run.quantile_ms(Histogram::client, 0.98), 205, 2);
  EXPECT_NEAR(run.quantile_ms(Histogram::client, 0.9965), 605, 6);
}

TEST(PacketLoss, MakesImpatientClientsFail) {
  // Any loss is too much within 100 ms. Half of what is lost never reaches the API.
  for (const std::vector<std::string>& served : {std::vector<std::string>{}, {by_events}}) {
    std::vector<std::string> settings = served;
    settings.emplace_back("traffic.client.timeout=100ms");
    const test::Trial run(test::scenario(text, settings));
    const auto requests = static_cast<double>(run.sum(Counter::requests));
    const double failing = 1 - (1 - share) * (1 - share);
    EXPECT_NEAR(run.ratio(Counter::request_errors, Counter::requests), failing,
                5 * binomial_deviation(failing, requests));
    EXPECT_NEAR(run.ratio(Counter::api_requests, Counter::requests), 1 - share,
                5 * binomial_deviation(share, requests));
    settings.emplace_back("traffic.client.attempts=2");
    const test::Trial again(test::scenario(text, settings));
    EXPECT_NEAR(again.ratio(Counter::request_errors, Counter::requests), failing * failing,
                5 * binomial_deviation(failing * failing, requests));
  }
}

TEST(PacketLoss, HappensWhileAnEventLasts) {
  const test::Trial run(
      test::scenario(text, {"links.loss={edge_to_api: 0%}", "traffic.client.timeout=100ms",
                            "timeline=[{at: 50s, event: packet_loss, link: edge_to_api, "
                            "probability: 50%, for: 10s}]"}));
  const auto& errors = run.measurements().counters[index(Counter::request_errors)];
  const auto& bins = run.measurements().grid.bin_bounds;
  std::int64_t meanwhile = 0;
  for (std::size_t bin = 0; bin < errors.size(); ++bin) {
    const bool lossy = bins[bin + 1] > SimTime::zero() + Duration::milliseconds(49'990) &&
                       bins[bin] < SimTime::zero() + Duration::seconds(60);
    if (lossy) meanwhile += errors[bin];
    EXPECT_TRUE(lossy || errors[bin] == 0) << bins[bin].as_seconds();
  }
  EXPECT_NEAR(static_cast<double>(meanwhile), 0.75 * 4'000, 5 * std::sqrt(4'000.0));
}

TEST(PacketLoss, DelaysJobsOnTheirWay) {
  const auto workers_only = [](const char* loss) {
    return test::Trial(test::scenario(
        text, {std::string("links.loss={api_to_workers: ") + loss + "}", "duration=20s"}));
  };
  const test::Trial without = workers_only("0%");
  const test::Trial with = workers_only("40%");
  EXPECT_EQ(without.sum(Counter::packets), 0);
  EXPECT_EQ(with.latency(Histogram::client).sum_ns, without.latency(Histogram::client).sum_ns);
  EXPECT_GT(with.sum(Counter::packets_lost), 1'000);
  // All but those that are still on their way at the end.
  EXPECT_NEAR(static_cast<double>(with.sum(Counter::jobs)),
              static_cast<double>(without.sum(Counter::jobs)), 600);
}

TEST(PacketLoss, LosesNothingWhereASiteSettlesItsFetches) {
  const test::Trial run(test::scenario(
      text, {"edge={sites: 2, cache: {policy: lru, capacity: {objects: 100}, ttl: 1s, coalesce: "
             "true, fetch_timeout: 500ms}, hit_latency: {deterministic: {value: 1ms}}}",
             "traffic.objects={count: 5k, popularity: {zipf: 0.9}}", "links.loss.edge_to_api=20%",
             "traffic.client={timeout: 1s, attempts: 3}", "duration=20s"}));
  const std::int64_t requests = run.sum(Counter::requests);
  EXPECT_GT(run.sum(Counter::packets_lost), 1'000);
  // Every request has been told an end, good or bad.
  EXPECT_EQ(run.latency(Histogram::client).count, requests);
}

TEST(PacketLoss, LosesNothingOfClientsWhoAskAgainAfterGivingUp) {
  const test::Trial run(test::scenario(
      text,
      {by_events, "api.service={exponential: {mean: 20ms}}", "links.loss.edge_to_api=20%",
       "traffic.client={timeout: 30ms, attempts: 4, backoff: {base: 1ms}, budget: {kind: aws}}",
       "duration=20s"}));
  EXPECT_GT(run.sum(Counter::request_errors), 100);
  EXPECT_EQ(run.latency(Histogram::client).count, run.sum(Counter::requests));
}

TEST(PacketLoss, HasFingerprintsThatTellSpansOfLinksApart) {
  const auto fingerprint_of = [](const char* set) {
    return compile_plan(test::scenario(text, {set})).fingerprint;
  };
  EXPECT_NE(fingerprint_of("links.loss.retransmission_timeout=300ms"),
            fingerprint_of("links.workers_to_edge=300ms"));
}

TEST(PacketLoss, IsTheSameForAnyThreadCount) {
  const Plan plan = compile_plan(test::scenario(
      text, {"edge={sites: 4, cache: {policy: lru, capacity: {objects: 100}, ttl: 5s}, "
             "hit_latency: {deterministic: {value: 1ms}}}",
             "traffic.objects={count: 5k, popularity: {zipf: 0.9}}", "api.cells=3",
             "traffic.client={timeout: 300ms, attempts: 3}", "duration=10s"}));
  ReplicationOptions options;
  const std::uint64_t one = run_replication(plan, options).measurements.digest;
  options.threads = 3;
  options.worth_sharing = 0;
  EXPECT_EQ(run_replication(plan, options).measurements.digest, one);
}

}  // namespace
}  // namespace haldane::models
