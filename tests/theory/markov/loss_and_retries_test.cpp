// Queues that turn clients away, and clients who come back: no textbook formula, but small chains.
//
// The scenario's pauses before retries are constant or uniform, never exponential. So the chains
// here are those that it can say exactly: retries at once (the state is who stands where in the
// queue), clients of a finite source who think before they ask again (the thinkers are the orbit),
// and constant pauses, as the limit of Erlang phases.
#include <numeric>

#include <gtest/gtest.h>

#include "tests/theory/markov/chain.h"
#include "tests/theory/markov/replicated.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;
using test::markov::Chain;
using test::markov::Estimate;
using test::markov::expect_covers;
using test::markov::replicated;
using test::markov::stationary;
using test::markov::Vector;

// One service time is 1 s on average, so that rates read as in the literature.
constexpr std::string_view station = R"(
schema: haldane.scenario/1
name: station
duration: 20000s
warmup: 200s
traffic: {arrivals: {process: poisson, rate: 1/s}}
edge: none
links: {edge_to_api: 0ms, api_to_workers: 0ms}
api: {replicas: 1, concurrency: 1, balancer: central_queue, service: {exponential: {mean: 1s}}}
workers: none
)";

std::string number(double value) {
  return std::to_string(value);
}

struct Loss {
  int servers;
  int places;  // servers included
  double arrivals;
};

std::vector<Estimate> simulated(const Loss& system) {
  return replicated(
      scenario(station, {"api.concurrency=" + std::to_string(system.servers),
                         "api.queue_capacity=" + std::to_string(system.places - system.servers),
                         "traffic.arrivals.rate=" + number(system.arrivals) + "/s"}),
      32, [](const Trial& run) {
        return std::vector<double>{run.ratio(Counter::api_rejected, Counter::api_requests),
                                   run.time_average(Counter::api_busy_time),
                                   run.time_average(Counter::api_queue_time)};
      });
}

TEST(Markov, LossesOfMMcK) {
  for (const Loss& s : {Loss{1, 1, 0.7}, Loss{1, 4, 1.2}, Loss{3, 3, 2.5}, Loss{4, 9, 3.8}}) {
    const Chain<int> chain(0, [&s](int n, const auto& leave) {
      if (n < s.places) leave(n + 1, s.arrivals);
      if (n > 0) leave(n - 1, std::min(n, s.servers));
    });
    const Vector law = stationary(chain.generator());
    const auto found = simulated(s);
    const std::string what = std::to_string(s.servers) + " of " + std::to_string(s.places);
    expect_covers(found[0], law[chain.at(s.places)], "rejected, " + what);
    expect_covers(found[1], chain.mean(law, [&s](int n) { return std::min(n, s.servers); }),
                  "busy, " + what);
    if (s.places == s.servers) continue;
    expect_covers(found[2], chain.mean(law, [&s](int n) { return std::max(n - s.servers, 0); }),
                  "queue, " + what);
  }
}

// Retries at once: who fails goes to the end of the queue, until the last attempt. With a queue of
// few places the state is the number of the attempt of each customer in the order of the queue; at
// most two are served, and which of them is which does not matter.
class Feedback {
 public:
  using State = std::vector<int>;  // attempts; the first `servers` are in service

  int servers = 1;
  int places = 4;
  int attempts = 3;
  double arrivals = 0.8;
  double failure = 0.4;

  [[nodiscard]] Chain<State> chain() const {
    return {State{}, [this](const State& state, const auto& leave) {
              if (static_cast<int>(state.size()) < places) leave(joined(state, 1), arrivals);
              for (std::size_t s = 0; s < in_service(state); ++s) {
                State rest = state;
                rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(s));
                const bool last = state[s] == attempts;
                leave(rest, last ? 1 : 1 - failure);
                if (!last) leave(joined(rest, state[s] + 1), failure);
              }
            }};
  }
  [[nodiscard]] std::size_t in_service(const State& state) const {
    return std::min(state.size(), static_cast<std::size_t>(servers));
  }
  /// How many in service would give up if they failed now.
  [[nodiscard]] double last_attempts(const State& state) const {
    return static_cast<double>(std::count(
        state.begin(), state.begin() + static_cast<std::ptrdiff_t>(in_service(state)), attempts));
  }

 private:
  static State joined(State state, int attempt) {
    state.push_back(attempt);
    return state;
  }
};

std::vector<Estimate> simulated(const Feedback& system) {
  return replicated(
      scenario(station, {"api.concurrency=" + std::to_string(system.servers),
                         "api.queue_capacity=" + std::to_string(system.places - system.servers),
                         "traffic.arrivals.rate=" + number(system.arrivals) + "/s",
                         "api.failure_probability=" + number(system.failure),
                         "traffic.client={attempts: " + std::to_string(system.attempts) +
                             ", backoff: {base: 1ns, factor: 1, cap: 1ns, jitter: none}}"}),
      32, [](const Trial& run) {
        return std::vector<double>{
            run.ratio(Counter::request_errors, Counter::requests), run.rate(Counter::api_rejected),
            run.time_average(Counter::api_busy_time), run.time_average(Counter::api_queue_time)};
      });
}

TEST(Markov, ClientsWhoRetryAtOnce) {
  for (const int servers : {1, 2}) {
    Feedback system;
    system.servers = servers;
    system.arrivals = 0.6 * servers;
    const auto chain = system.chain();
    const Vector law = stationary(chain.generator());
    const auto mean = [&](const auto& of) { return chain.mean(law, of); };
    const auto busy = [&](const auto& s) { return static_cast<double>(system.in_service(s)); };
    const auto size = [](const auto& s) { return static_cast<double>(s.size()); };
    const double full = mean([&](const auto& s) { return size(s) == system.places ? 1.0 : 0.0; });
    // Lost: turned away (on all attempts, a nanosecond apart), or failed on the last one.
    const double gives_up =
        system.failure * mean([&](const auto& s) { return system.last_attempts(s); });
    const auto found = simulated(system);
    const std::string what = std::to_string(servers) + " servers";
    expect_covers(found[0], full + gives_up / system.arrivals, "errors, " + what);
    expect_covers(found[1], system.arrivals * full * system.attempts, "rejections, " + what);
    expect_covers(found[2], mean(busy), "busy, " + what);
    expect_covers(found[3], mean([&](const auto& s) { return size(s) - busy(s); }),
                  "queue, " + what);
  }
}

// A finite source: N clients think, ask, and if turned away think again.
TEST(Markov, AnOrbitOfThinkingClients) {
  constexpr int clients = 9;
  constexpr int servers = 2;
  constexpr int places = 4;
  constexpr double asks = 0.5;  // a thinking client, per second
  const Chain<int> chain(0, [](int n, const auto& leave) {
    if (n < places) leave(n + 1, (clients - n) * asks);
    if (n > 0) leave(n - 1, n < servers ? n : servers);
  });
  const Vector law = stationary(chain.generator());
  const double asked = chain.mean(law, [](int n) { return (clients - n) * asks; });
  const double rejected = law[chain.at(places)] * (clients - places) * asks;
  const auto found = replicated(
      scenario(station, {"api.concurrency=2", "api.queue_capacity=2",
                         "traffic.arrivals={process: closed_loop, clients: 9, think: "
                         "{exponential: {mean: 2s}}}"}),
      32, [](const Trial& run) {
        return std::vector<double>{run.rate(Counter::requests), run.rate(Counter::api_rejected),
                                   run.time_average(Counter::api_queue_time)};
      });
  expect_covers(found[0], asked, "asked");
  expect_covers(found[1], rejected, "rejected");
  expect_covers(found[2], chain.mean(law, [](int n) { return std::max(n - servers, 0); }), "queue");
}

// M/M/1/1 with one retry after a constant pause, as an orbit of customers in `phases` Erlang
// phases. The orbit is cut off at so many customers: those who would be one more are counted as
// lost or as served, which gives bounds.
class Orbit {
 public:
  using State = std::vector<int>;  // busy, then how many of the orbit are in each phase

  explicit Orbit(int phases) : phases_(phases) {}
  static constexpr double arrivals = 0.15;
  static constexpr double pause = 2;
  static constexpr int room = 3;

  [[nodiscard]] Chain<State> chain() const {
    return {State(static_cast<std::size_t>(phases_) + 1, 0),
            [this](const State& state, const auto& leave) {
              if (state[0] == 1) leave(changed(state, {{0, -1}}), 1);
              if (state[0] == 0) leave(changed(state, {{0, 1}}), arrivals);
              if (state[0] == 1 && in_orbit(state) < room)
                leave(changed(state, {{1, 1}}), arrivals);
              for (int phase = 1; phase <= phases_; ++phase) {
                const double rate = state[static_cast<std::size_t>(phase)] * phases_ / pause;
                if (rate == 0) continue;
                if (phase < phases_) {
                  leave(changed(state, {{phase, -1}, {phase + 1, 1}}), rate);
                } else if (state[0] == 0) {
                  leave(changed(state, {{phase, -1}, {0, 1}}), rate);
                } else {  // turned away again
                  leave(changed(state, {{phase, -1}}), rate);
                }
              }
            }};
  }
  /// The share of requests that are lost: at least, and at most.
  [[nodiscard]] std::pair<double, double> loss() const {
    const Chain<State> all = chain();
    const Vector law = stationary(all.generator());
    const double twice = all.mean(law, [this](const State& state) {
      return state[0] * state[static_cast<std::size_t>(phases_)] * phases_ / pause / arrivals;
    });
    const double cut_off = all.mean(
        law, [](const State& state) { return state[0] == 1 && in_orbit(state) == room ? 1 : 0; });
    return {twice, twice + cut_off};
  }

 private:
  static State changed(State state, std::initializer_list<std::pair<int, int>> changes) {
    for (const auto& [at, by] : changes) state[static_cast<std::size_t>(at)] += by;
    return state;
  }
  static int in_orbit(const State& state) {
    return std::accumulate(state.begin() + 1, state.end(), 0);
  }
  int phases_;
};

TEST(Markov, AnOrbitOfConstantPauses) {
  // Erlang pauses become constant as their phases become many. From 8 to 16 of them the loss moves
  // by more than it will move from 16 on.
  const auto [rough, rough_most] = Orbit(8).loss();
  const auto [fine, most] = Orbit(16).loss();
  const double to_come = std::abs(fine - rough);
  const auto found = replicated(
      scenario(station,
               {"traffic.arrivals.rate=0.15/s", "api.queue_capacity=0", "duration=300000s",
                "traffic.client={attempts: 2, backoff: {base: 2s, factor: 1, cap: 2s, jitter: "
                "none}}"}),
      32, [](const Trial& run) {
        return std::vector<double>{run.ratio(Counter::request_errors, Counter::requests)};
      });
  const double least = fine - to_come;
  EXPECT_LT(most - least, 0.04 * fine);
  expect_covers(found[0], (least + most) / 2, "lost", (most - least) / 2);
}

// A client's time-out does not take its request from the queue, so errors are late sojourns:
// P(T > t) of M/M/c, where a wait is exponential with rate c - l if there is one.
TEST(Markov, TimeOutsAreLateSojourns) {
  for (const int servers : {1, 3}) {
    const double arrivals = 0.8 * servers;
    double b = 1;
    for (int k = 1; k <= servers; ++k) b = arrivals * b / (k + arrivals * b);
    const double waits = b / (1 - 0.8 * (1 - b));
    const double spare = servers - arrivals;
    const double late = 4;
    // Convolution of the wait's tail with a service of rate 1.
    const double exact =
        std::exp(-late) + waits * (std::exp(-spare * late) - std::exp(-late)) / (1 - spare);
    const auto found = replicated(
        scenario(station, {"api.concurrency=" + std::to_string(servers),
                           "traffic.arrivals.rate=" + number(arrivals) + "/s",
                           "traffic.client={timeout: 4s, attempts: 1}"}),
        32, [](const Trial& run) {
          return std::vector<double>{run.ratio(Counter::request_errors, Counter::requests)};
        });
    expect_covers(found[0], exact, std::to_string(servers) + " servers");
  }
}

}  // namespace
}  // namespace haldane::models
