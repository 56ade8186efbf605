// MMPP/M/c: bursts and lulls before a queue, against the matrix-geometric solution.
#include <gtest/gtest.h>

#include "tests/theory/markov/chain.h"
#include "tests/theory/markov/quasi_birth_death.h"
#include "tests/theory/markov/replicated.h"

namespace haldane::models {
namespace {

using test::Trial;
using test::markov::Chain;
using test::markov::expect_covers;
using test::markov::Matrix;
using test::markov::ModulatedQueue;
using test::markov::QueueAnswer;
using test::markov::Row;
using test::markov::solve;
using test::markov::stationary;
using test::markov::Vector;

// States that are left after `sojourns` on average, to any of the others alike.
ModulatedQueue modulated(const std::vector<double>& rates, const std::vector<double>& sojourns,
                         int servers) {
  const auto n = static_cast<Eigen::Index>(rates.size());
  ModulatedQueue queue;
  queue.phases = Matrix::Zero(n, n);
  queue.arrivals = Row::Map(rates.data(), n);
  queue.servers = servers;
  for (Eigen::Index s = 0; s < n; ++s) {
    const double leave = 1 / sojourns[static_cast<std::size_t>(s)];
    queue.phases.row(s).setConstant(leave / static_cast<double>(n - 1));
    queue.phases(s, s) = -leave;
  }
  return queue;
}

std::string list(const std::vector<double>& values, const std::string& unit) {
  std::string text = "[";
  for (const double value : values) text += std::to_string(value) + unit + ", ";
  return text + "]";
}

struct Stream {
  std::vector<double> rates;
  std::vector<double> sojourns;
  int servers;
};

const Stream streams[] = {
    {{0.4, 2.4}, {10, 2}, 1},        // bursts of more than the server can do
    {{0, 5}, {3, 4}, 4},             // on and off
    {{0.5, 2, 6}, {20, 5, 1.5}, 3},  // three states
};

TEST(MatrixGeometric, IsErlangsWhereNothingIsModulated) {
  // M/M/2 at a load of 0.8: Erlang C is 2 rho^2 / (1 + rho), and rho / (1 - rho) of them wait.
  const QueueAnswer answer = solve(modulated({1.6, 1.6}, {1, 2}, 2));
  EXPECT_NEAR(answer.waiting, 2 * 0.64 / 1.8 * 4, 1e-10);
  EXPECT_NEAR(answer.empty, 0.2 / 1.8, 1e-10);
  EXPECT_NEAR(answer.busy, 1.6, 1e-10);
}

// The same queue as a plain chain of so many levels that more hardly occur.
TEST(MatrixGeometric, IsTheLimitOfLongQueues) {
  for (const Stream& stream : streams) {
    const ModulatedQueue queue = modulated(stream.rates, stream.sojourns, stream.servers);
    using State = std::pair<int, int>;  // phase, customers
    const Chain<State> chain({0, 0}, [&queue](const State& s, const auto& leave) {
      for (int to = 0; to < queue.phases.rows(); ++to) {
        if (to != s.first) leave({to, s.second}, queue.phases(s.first, to));
      }
      if (s.second < 400) leave({s.first, s.second + 1}, queue.arrivals[s.first]);
      if (s.second > 0) leave({s.first, s.second - 1}, std::min(s.second, queue.servers));
    });
    const Vector law = stationary(chain.generator());
    const QueueAnswer answer = solve(queue);
    EXPECT_NEAR(answer.phases.sum(), 1, 1e-10);
    EXPECT_NEAR(answer.busy, answer.phases.dot(queue.arrivals), 1e-9);
    EXPECT_NEAR(
        answer.waiting,
        chain.mean(law, [&](const State& s) { return std::max(s.second - queue.servers, 0); }),
        1e-7);
    EXPECT_NEAR(answer.empty, chain.mean(law, [](const State& s) { return s.second == 0 ? 1 : 0; }),
                1e-9);
  }
}

TEST(Markov, ModulatedArrivals) {
  for (const Stream& stream : streams) {
    const QueueAnswer exact = solve(modulated(stream.rates, stream.sojourns, stream.servers));
    const auto found = test::markov::replicated(
        test::scenario(R"(
schema: haldane.scenario/1
name: modulated
duration: 20000s
warmup: 500s
traffic: {arrivals: {process: poisson, rate: 1/s}}
edge: none
api: {replicas: 1, balancer: central_queue, service: {exponential: {mean: 1s}}}
workers: none
)",
                       {"traffic.arrivals={process: mmpp, rates: " + list(stream.rates, "/s") +
                            ", sojourns: " + list(stream.sojourns, "s") + "}",
                        "api.concurrency=" + std::to_string(stream.servers)}),
        64, [](const Trial& run) {
          return std::vector<double>{
              run.rate(Counter::requests), run.time_average(Counter::api_busy_time),
              run.time_average(Counter::api_queue_time), run.mean_ms(Histogram::api_wait) * 1e-3};
        });
    const std::string what = std::to_string(stream.servers) + " servers";
    expect_covers(found[0], exact.busy, "arrivals, " + what);  // a service lasts 1 s
    expect_covers(found[1], exact.busy, "busy, " + what);
    expect_covers(found[2], exact.waiting, "queue, " + what);
    expect_covers(found[3], exact.waiting / exact.busy, "wait, " + what);
  }
}

}  // namespace
}  // namespace haldane::models
