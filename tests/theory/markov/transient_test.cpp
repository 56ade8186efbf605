// Scripted surges and breakdowns, step by step: the law of a chain carried through the script by
// uniformisation, against the means of thousands of short replications.
//
// Breakdowns at random times cannot be said in a scenario (they are scripted), so their stationary
// answers are not tested; what a breakdown does to a queue is.
#include <array>
#include <tuple>

#include <gtest/gtest.h>

#include "tests/theory/markov/chain.h"
#include "tests/theory/markov/replicated.h"

namespace haldane::models {
namespace {

using test::Trial;
using test::markov::Chain;
using test::markov::expect_covers;
using test::markov::Passage;
using test::markov::Vector;

constexpr std::string_view script = R"(
schema: haldane.scenario/1
name: breakdowns
duration: 60s
warmup: 0s
traffic: {arrivals: {process: poisson, rate: 1.2/s}}
edge: none
links: {edge_to_api: 0ms, api_to_workers: 0ms}
api:
  replicas: 2
  concurrency: 1
  queue_capacity: 6
  balancer: central_queue
  service: {exponential: {mean: 1s}}
workers: none
timeline:
  - {at: 10s, event: surge, factor: 2, for: 10s}
  - {at: 25s, event: replica_failure, tier: api, count: 1, for: 10s}
  - {at: 45s, event: replica_failure, tier: api, count: 2, for: 5s}
)";

constexpr int steps = 12;  // of five seconds
constexpr int room = 6;

// Replica A is the one that breaks down alone. Of two idle ones the one that has been idle longer
// serves next, so the state remembers which.
struct State {
  int a = 0;
  int b = 0;
  int queue = 0;
  bool b_first = false;  // of two idle ones
  friend bool operator<(const State& x, const State& y) {
    return std::tie(x.a, x.b, x.queue, x.b_first) < std::tie(y.a, y.b, y.queue, y.b_first);
  }
};

using Rates = std::function<void(const State&, const Chain<State>::Leave&)>;

State left_by_a(State s) {
  if (s.queue > 0) return {1, s.b, s.queue - 1};
  return {0, s.b, 0, s.b == 0};
}

State left_by_b(State s) {
  if (s.queue > 0) return {s.a, 1, s.queue - 1};
  return {s.a, 0, 0, false};
}

Rates both_up(double arrivals) {
  return [arrivals](const State& s, const auto& leave) {
    if (s.a + s.b == 2) {
      if (s.queue < room) leave({1, 1, s.queue + 1}, arrivals);
    } else if (s.a + s.b == 1) {
      leave({1, 1, 0}, arrivals);
    } else {
      leave({s.b_first ? 0 : 1, s.b_first ? 1 : 0, 0}, arrivals);
    }
    if (s.a == 1) leave(left_by_a(s), 1);
    if (s.b == 1) leave(left_by_b(s), 1);
  };
}

Rates only_b_up(double arrivals) {
  return [arrivals](const State& s, const auto& leave) {
    if (s.b == 0) {
      leave({0, 1, 0}, arrivals);
    } else if (s.queue < room) {
      leave({0, 1, s.queue + 1}, arrivals);
    }
    if (s.b == 1) leave(left_by_b(s), 1);
  };
}

Rates none_up(double arrivals) {
  return [arrivals](const State& s, const auto& leave) {
    if (s.queue < room) leave({0, 0, s.queue + 1}, arrivals);
  };
}

// What the replications should show, step by step.
struct Course {
  std::array<double, steps> queue{};  // time x length
  std::array<double, steps> busy{};
  std::array<double, steps> rejected{};
  double crashed = 0;  // requests lost with their replica
};

class Script {
 public:
  Course solve() {
    run(both_up(1.2), 1.2, 2);
    run(both_up(2.4), 2.4, 2);
    run(both_up(1.2), 1.2, 1);
    course_.crashed += expected([](const State& s) { return s.a; });
    change([](State s) { return State{0, s.b, s.queue}; });
    run(only_b_up(1.2), 1.2, 2);
    change([](State s) { return s.queue > 0 ? State{1, 1, s.queue - 1} : State{0, s.b, 0}; });
    run(both_up(1.2), 1.2, 2);
    course_.crashed += expected([](const State& s) { return s.a + s.b; });
    change([](State s) { return State{0, 0, s.queue}; });
    run(none_up(1.2), 1.2, 1);
    change([](State s) {
      return State{s.queue > 0 ? 1 : 0, s.queue > 1 ? 1 : 0, std::max(s.queue - 2, 0)};
    });
    run(both_up(1.2), 1.2, 2);
    return course_;
  }

 private:
  double expected(const std::function<double(const State&)>& of) const {
    double sum = 0;
    for (const auto& [state, probability] : law_) sum += probability * of(state);
    return sum;
  }
  void change(const std::function<State(State)>& to) {
    std::map<State, double> law;
    for (const auto& [state, probability] : law_) law[to(state)] += probability;
    law_ = std::move(law);
  }
  // Lets so many steps pass.
  void run(const Rates& rates, double arrivals, int count) {
    const Chain<State> chain({}, [&](const State& s, const auto& leave) {
      rates(s, leave);
      // A way from the first state to all that may be there at the beginning, never taken.
      if (s.a + s.b + s.queue == 0) {
        for (const auto& [state, probability] : law_) leave(state, 0);
      }
    });
    Vector law = Vector::Zero(static_cast<Eigen::Index>(chain.states().size()));
    for (const auto& [state, probability] : law_) law[chain.at(state)] = probability;
    for (; count > 0; --count, ++step_) {
      const Passage next = test::markov::pass(chain.generator(), law, 5);
      course_.queue[step_] = chain.mean(next.held, [](const State& s) { return s.queue; });
      course_.busy[step_] = chain.mean(next.held, [](const State& s) { return s.a + s.b; });
      course_.rejected[step_] =
          arrivals * chain.mean(next.held, [](const State& s) { return s.queue == room ? 1 : 0; });
      law = next.law;
    }
    law_.clear();
    for (std::size_t s = 0; s < chain.states().size(); ++s)
      law_[chain.states()[s]] = law[static_cast<Eigen::Index>(s)];
  }

  std::map<State, double> law_ = {{State{}, 1.0}};
  std::size_t step_ = 0;
  Course course_;
};

/// Sums over five-second steps. **Units** s for levels.
std::vector<double> by_steps(const sim::Measurements& m, Counter counter, double scale) {
  std::vector<double> sums(steps);
  for (std::size_t bin = 0; bin < m.grid.bins(); ++bin) {
    const auto step = static_cast<std::size_t>(m.grid.bin_bounds[bin].as_seconds() / 5 + 1e-9);
    sums[step] += scale * static_cast<double>(m.counters[index(counter)][bin]);
  }
  return sums;
}

TEST(Markov, AQueueThroughSurgesAndBreakdowns) {
  const Course exact = Script().solve();
  const auto found = test::markov::replicated(test::scenario(script), 5'000, [](const Trial& run) {
    const sim::Measurements& m = run.measurements();
    std::vector<double> all = by_steps(m, Counter::api_queue_time, 1e-9);
    for (const double busy : by_steps(m, Counter::api_busy_time, 1e-9)) all.push_back(busy);
    for (const double rejected : by_steps(m, Counter::api_rejected, 1)) all.push_back(rejected);
    all.push_back(
        static_cast<double>(run.sum(Counter::api_errors) - run.sum(Counter::api_rejected)));
    return all;
  });
  for (std::size_t step = 0; step < steps; ++step) {
    const std::string when = " in step " + std::to_string(step);
    expect_covers(found[step], exact.queue[step], "queue" + when);
    // With nobody up nobody is served.
    if (exact.busy[step] > 0) expect_covers(found[steps + step], exact.busy[step], "busy" + when);
    // Rejections are rare and come in clumps, so their standard errors are themselves uncertain.
    EXPECT_NEAR(found[2 * steps + step].mean, exact.rejected[step],
                6 * found[2 * steps + step].error + 1e-3)
        << "rejected" << when;
  }
  expect_covers(found[3 * steps], exact.crashed, "crashed");
}

}  // namespace
}  // namespace haldane::models
