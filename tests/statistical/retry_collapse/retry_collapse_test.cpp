// A burst that ends, and an outage that does not: which client policies let a server recover.
//
// What is looked at is a distribution over seeds, never one run: whether a system that could go
// either way collapses is chance. The rows here are those that go one way with every seed.
#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <source_folder.h>

#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::Trial;

constexpr std::uint64_t seeds = 8;
constexpr const char* full_jitter =
    "traffic.client.backoff={base: 100ms, factor: 2, cap: %, jitter: full}";

struct Row {
  const char* name;
  std::vector<std::string> overrides;
};

void PrintTo(const Row& row, std::ostream* out) {
  *out << row.name;
}

/// Requests answered in time and offered attempts, a second, long after the burst; one a seed,
/// ascending.
struct Outcomes {
  std::vector<double> goodput;
  std::vector<double> offered;
};

Outcomes outcomes(const std::vector<std::string>& overrides) {
  const auto parsed =
      load_scenario(HALDANE_SOURCE_DIR "/scenarios/retry-collapse/scenario.yaml", overrides);
  if (!parsed) ADD_FAILURE() << to_string(parsed.error());
  const Plan plan = compile_plan(parsed.value());
  Outcomes found;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const Trial run(plan, seed);
    found.goodput.push_back(run.rate(Counter::requests) - run.rate(Counter::request_errors));
    found.offered.push_back(run.rate(Counter::api_requests));
  }
  std::ranges::sort(found.goodput);
  std::ranges::sort(found.offered);
  return found;
}

std::string capped(const std::string& cap) {
  std::string text = full_jitter;
  return text.replace(text.find('%'), 1, cap);
}

class Collapses : public testing::TestWithParam<Row> {};

TEST_P(Collapses, WithEverySeed) {
  const Outcomes found = outcomes(GetParam().overrides);
  EXPECT_LT(found.goodput.back(), 0.5);
  EXPECT_GT(found.offered.front(), 20) << "more than the server can do";
}

INSTANTIATE_TEST_SUITE_P(
    Table, Collapses,
    testing::Values(Row{"three attempts", {}}, Row{"full jitter to 1 s", {capped("1s")}},
                    Row{"full jitter to 5 s", {capped("5s")}},
                    Row{"equal jitter", {"traffic.client.backoff={base: 100ms, jitter: equal}"}},
                    Row{"decorrelated jitter",
                        {"traffic.client.backoff={base: 100ms, cap: 5s, jitter: decorrelated}"}}));

class Recovers : public testing::TestWithParam<Row> {};

TEST_P(Recovers, WithEverySeed) {
  const Outcomes found = outcomes(GetParam().overrides);
  EXPECT_GT(found.goodput.front(), 7);
  EXPECT_LT(found.offered.back(), 10);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Recovers,
    testing::Values(Row{"one attempt", {"traffic.client.attempts=1"}},
                    Row{"two attempts", {"traffic.client.attempts=2"}},
                    Row{"finagle",
                        {"traffic.client.budget={kind: finagle, ratio: 10%, min_retries: 0/s}"}},
                    Row{"grpc", {"traffic.client.budget={kind: grpc}"}},
                    Row{"aws", {"traffic.client.budget={kind: aws}"}},
                    Row{"short queue", {"api.queue_capacity=15"}},
                    Row{"deadline drop", {"api.queue={deadline_drop: client}"}},
                    Row{"lifo", {"api.queue={discipline: lifo}"}},
                    Row{"adaptive lifo", {"api.queue={discipline: adaptive_lifo, codel: {}}"}}));

// 6 a second, tried three times, are less than the 20 that the server can do.
TEST(RetryCollapse, LoadBelowCapacityByAttemptsHealsByItself) {
  const Outcomes found = outcomes({"traffic.arrivals.rate=6/s"});
  EXPECT_GT(found.goodput.front(), 5.5);
  EXPECT_LT(found.offered.back(), 7);
}

// Who came last has not given up yet: most of the server's 20 a second are of use even while 40 a
// second ask.
TEST(RetryCollapse, LifoServesManyDuringTheBurst) {
  const std::vector<std::string> burst = {"duration=70s", "warmup=60s"};
  std::vector<std::string> newest_first = burst;
  newest_first.emplace_back("api.queue={discipline: lifo}");
  EXPECT_GT(outcomes(newest_first).goodput.front(), 13);
  EXPECT_LT(outcomes(burst).goodput.back(), 12);
}

// A budget hears of failures as the clients do, so what it denies is what the run counts.
TEST(RetryCollapse, WhatABudgetDeniesIsCounted) {
  const std::vector<std::string> from_the_start = {"warmup=0s"};
  const auto parsed = load_scenario(
      HALDANE_SOURCE_DIR "/scenarios/retry-collapse/what-if/retry-budget.yaml", from_the_start);
  ASSERT_TRUE(parsed.has_value()) << to_string(parsed.error());
  const Trial run(*parsed);
  EXPECT_GT(run.sum(Counter::retries_denied), 0);
  EXPECT_LE(run.sum(Counter::retries_denied), run.sum(Counter::request_errors));
  EXPECT_EQ(run.latency(Histogram::client).count, run.sum(Counter::requests));
  const auto retries = static_cast<double>(run.sum(Counter::api_requests)) -
                       static_cast<double>(run.sum(Counter::requests));
  EXPECT_LE(retries, 0.1 * static_cast<double>(run.sum(Counter::requests)));
  EXPECT_GT(retries, 0);
}

}  // namespace
}  // namespace haldane::models
