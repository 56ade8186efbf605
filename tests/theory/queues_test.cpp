// Queueing formulas, because a simulator that misses them cannot be right about anything else.
//
// Tolerances are four standard errors or more of each run (seeds are fixed, so a failure is a
// defect, not luck); where the correlation of waits makes the error hard to give, the run is so
// long that 2 % is above four of them.
#include <cmath>

#include <gtest/gtest.h>

#include "tests/support/queueing_formulas.h"
#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::erlang_c;
using test::scenario;
using test::Trial;

constexpr std::string_view one_server = R"(
schema: haldane.scenario/1
name: queue
duration: 20000s
warmup: 500s
traffic: {arrivals: {process: poisson, rate: 80/s}}
edge: none
links: {edge_to_api: 0ms, api_to_workers: 0ms}
api: {replicas: 1, concurrency: 1, balancer: central_queue, service: {exponential: {mean: 10ms}}}
workers: none
)";

void expect_littles_law(const Trial& run) {
  const double wait_s = run.mean_ms(Histogram::api_wait) * 1e-3;
  EXPECT_NEAR(run.time_average(Counter::api_queue_time), run.rate(Counter::api_requests) * wait_s,
              2e-3 * (0.01 + run.time_average(Counter::api_queue_time)));
}

TEST(Theory, MM1WaitsAndQuantiles) {
  for (const double rho : {0.5, 0.8}) {
    const Trial run(
        scenario(one_server, {"traffic.arrivals.rate=" + std::to_string(rho * 100) + "/s"}));
    const double mean_ms = rho / (100 * (1 - rho)) * 1e3;
    EXPECT_NEAR(run.mean_ms(Histogram::api_wait) / mean_ms, 1, 0.025) << rho;
    // Sojourn times are exponential with rate mu - lambda.
    for (const double p : {0.5, 0.9, 0.99}) {
      const double exact_ms = -std::log(1 - p) / (100 * (1 - rho)) * 1e3;
      EXPECT_NEAR(run.quantile_ms(Histogram::api_latency, p) / exact_ms, 1, 0.04)
          << rho << " " << p;
    }
    EXPECT_NEAR(run.ratio(Counter::api_busy_time, Counter::api_slot_time), rho, 0.005);
    expect_littles_law(run);
  }
}

TEST(Theory, MMcWaits) {
  struct Case {
    int servers;
    double rho;
  };
  for (const auto& [servers, rho] : {Case{2, 0.9}, Case{8, 0.8}, Case{64, 0.9}}) {
    const double offered = servers * rho;
    const Trial run(
        scenario(one_server, {"api.replicas=" + std::to_string(servers),
                              "traffic.arrivals.rate=" + std::to_string(offered * 100) + "/s",
                              "duration=" + std::to_string(servers > 10 ? 2000 : 10000) + "s"}));
    const double wait_ms = erlang_c(offered, servers) / (servers * 100 * (1 - rho)) * 1e3;
    EXPECT_NEAR(run.mean_ms(Histogram::api_wait) / wait_ms, 1, 0.04) << servers;
    expect_littles_law(run);
  }
}

// Pollaczek-Khinchine: Wq = lambda E[S^2] / (2 (1 - rho)).
TEST(Theory, MG1WaitsDependOnTheSecondMoment) {
  struct Case {
    std::string law;
    double second_moment;  // in units of the squared mean, which is 10 ms
  };
  const std::vector<Case> cases = {
      {"{deterministic: {value: 10ms}}", 1},
      {"{erlang: {mean: 10ms, k: 4}}", 1.25},
      {"{gamma: {mean: 10ms, shape: 0.5}}", 3},
      {"{uniform: {low: 0ms, high: 20ms}}", 4.0 / 3},
      {"{lognormal: {median: 8.824969ms, sigma: 0.5}}", std::exp(0.25)},
      {"{hyperexponential: {means: [5ms, 30ms], weights: [0.8, 0.2]}}",
       (0.8 * 2 * 25 + 0.2 * 2 * 900) / 100},
      {"{weibull: {scale: 11.283792ms, shape: 2}}", 4 / M_PI},
  };
  for (const Case& c : cases) {
    const Trial run(scenario(one_server, {"api.service=" + c.law, "traffic.arrivals.rate=70/s"}));
    const double wait_ms = 70 * c.second_moment * 1e-4 / (2 * 0.3) * 1e3;
    EXPECT_NEAR(run.mean_ms(Histogram::api_wait) / wait_ms, 1, 0.03) << c.law;
    EXPECT_NEAR(run.ratio(Counter::api_busy_time, Counter::api_slot_time), 0.7, 0.005) << c.law;
  }
}

// The machine-repair model: N clients think and ask one server.
TEST(Theory, ClosedMM1N) {
  for (const int clients : {1, 10, 50}) {
    const double think_rate = 0.5;
    const double service_rate = 20;
    double p0_inverse = 0;
    double mean_in_system = 0;
    double weight = 1;
    for (int n = 0; n <= clients; ++n) {
      p0_inverse += weight;
      mean_in_system += n * weight;
      weight *= (clients - n) * think_rate / service_rate;
    }
    mean_in_system /= p0_inverse;
    const double throughput = service_rate * (1 - 1 / p0_inverse);
    const Trial run(scenario(
        one_server, {"traffic.arrivals={process: closed_loop, clients: " + std::to_string(clients) +
                         ", think: {exponential: {mean: 2s}}}",
                     "api.service={exponential: {mean: 50ms}}"}));
    EXPECT_NEAR(run.rate(Counter::requests) / throughput, 1, 0.03) << clients;
    EXPECT_NEAR(run.mean_ms(Histogram::client) / (mean_in_system / throughput * 1e3), 1, 0.03)
        << clients;
  }
}

// A closed loop through links: response time adds two links, whether or not the tiers have a window
// to run ahead.
TEST(Theory, ClosedLoopThroughLinks) {
  const Trial run(scenario(
      one_server, {"traffic.arrivals={process: closed_loop, clients: 1, think: {deterministic: "
                   "{value: 100ms}}}",
                   "api.service={deterministic: {value: 20ms}}", "links.edge_to_api=15ms"}));
  EXPECT_NEAR(run.mean_ms(Histogram::client), 50, 1e-6);
  EXPECT_NEAR(run.rate(Counter::requests), 1 / 0.15, 0.01);
}

// Round robin over two gives each an Erlang-2 arrival stream, random splitting a Poisson one, one
// queue the least wait.
TEST(Theory, BalancersRankAsTheyMust) {
  const auto wait = [](const std::string& balancer) {
    return Trial(scenario(one_server, {"api.replicas=8", "api.balancer=" + balancer,
                                       "duration=4000s", "traffic.arrivals.rate=640/s"}))
        .mean_ms(Histogram::api_wait);
  };
  const double random = wait("random");
  const double round_robin = wait("round_robin");
  const double two_choices = wait("power_of_two");
  const double least = wait("least_requests");
  const double central = wait("central_queue");
  EXPECT_NEAR(random / 40, 1, 0.05);  // eight M/M/1 at 0.8
  EXPECT_LT(round_robin, random);
  EXPECT_LT(two_choices, round_robin);
  EXPECT_LT(least, two_choices);
  EXPECT_LT(central, least);
}

// An M/M/c worker queue fed by Poisson thinning of an M/M/inf stage (whose output is Poisson
// again).
TEST(Theory, WorkersAreAnMMcQueue) {
  const Trial run(
      scenario(one_server, {"api.replicas=1", "api.concurrency=400", "traffic.arrivals.rate=1k/s",
                            "api.enqueue={probability: 16%}", "duration=4000s",
                            "workers={replicas: 4, service: {exponential: {mean: 20ms}}}"}));
  const double wait_ms = erlang_c(3.2, 4) / (4 * 50 * 0.2) * 1e3;
  EXPECT_NEAR(run.mean_ms(Histogram::worker_wait) / wait_ms, 1, 0.05);
  EXPECT_NEAR(run.ratio(Counter::worker_busy_time, Counter::worker_slot_time), 0.8, 0.01);
  // Little's law holds for the queue, and the head's age is below the mean wait of those who wait.
  EXPECT_NEAR(run.time_average(Counter::worker_queue_time),
              160 * run.mean_ms(Histogram::worker_wait) * 1e-3, 0.02);
}

}  // namespace
}  // namespace haldane::models
