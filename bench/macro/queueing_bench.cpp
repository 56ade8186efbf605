// Textbook queues built from the blocks of the engine: what its ideas give where nothing else is
// simulated.
//
// Draws come in blocks, stations are resolved at admission, and the jobs that one queue hands to
// the next are put in order by a calendar. Each run checks its mean response times against theory.
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include <benchmark/benchmark.h>

#include "bench/result_hash.h"
#include "sim/base/hash.h"
#include "sim/kernel/calendar_queue.h"
#include "sim/kernel/sorted_slots.h"
#include "sim/measure/latency_histogram.h"
#include "sim/random/distribution.h"
#include "sim/random/philox.h"

namespace haldane::sim {
namespace {

constexpr std::size_t block = 1024;
constexpr std::int64_t requests = 2'048 * block;
constexpr double millisecond = 1e6;

// An M/M/c queue of `slots` servers with its response times.
class Station {
 public:
  explicit Station(std::size_t slots)
      : times_(SortedSlots<>::stride_for(slots)), slots_(times_, slots) {
    slots_.reset(SimTime::zero());
  }
  SimTime admit(SimTime now, Duration service) {
    const SimTime departure = slots_.earliest_start(now) + service;
    slots_.book(departure);
    responses_.record(departure - now);
    digest_.add(static_cast<std::uint64_t>(departure.count_ns()));
    return departure;
  }
  [[nodiscard]] double mean_response_ms() {
    const LatencySlice slice = responses_.take_slice();
    return static_cast<double>(slice.sum_ns) / static_cast<double>(slice.count) / millisecond;
  }
  [[nodiscard]] std::uint64_t digest() const { return digest_.value(); }

 private:
  std::vector<std::int64_t> times_;
  SortedSlots<> slots_;
  LatencyHistogram responses_;
  Digest digest_;
};

// Arrivals of a Poisson process and their services, a block at a time.
class Customers {
 public:
  Customers(double gap_mean_ms, double service_mean_ms)
      : gap_(Distribution::exponential(gap_mean_ms * millisecond)),
        service_(Distribution::exponential(service_mean_ms * millisecond)) {}

  void draw(std::uint64_t first_index) {
    draw_block(key_, first_index, 0, words_, other_words_);
    gap_.sample_block(words_, gaps_);
    service_.sample_block(other_words_, services_);
  }
  SimTime next_arrival(std::size_t i) { return now_ += rounded(gaps_[i]); }
  [[nodiscard]] Duration service(std::size_t i) const { return rounded(services_[i]); }
  [[nodiscard]] SimTime now() const { return now_; }

  static Duration rounded(double ns) {
    return Duration::nanoseconds(static_cast<std::int64_t>(ns + 0.5));
  }

 private:
  StreamKey key_{1, 0, 0, Purpose::service};
  Distribution gap_;
  Distribution service_;
  std::array<std::uint64_t, block> words_;
  std::array<std::uint64_t, block> other_words_;
  std::array<double, block> gaps_;
  std::array<double, block> services_;
  SimTime now_;
};

// Customers of the second queue, a quarter of those who leave the first.
class Jobs {
 public:
  void consider(std::uint64_t first_index, const std::array<SimTime, block>& departures) {
    draw_block(key_, first_index, 0, words_, other_words_);
    std::size_t count = 0;
    for (std::size_t i = 0; i < block; ++i) {
      chosen_[count] = {{departures[i], first_index + i}, {}};
      service_words_[count] = other_words_[i];
      count += words_[i] >> 62 == 0 ? 1U : 0U;
    }
    service_.sample_block({service_words_.data(), count}, {services_.data(), count});
    for (std::size_t i = 0; i < count; ++i) {
      chosen_[i].service = Customers::rounded(services_[i]);
      pending_.push(chosen_[i]);
    }
  }
  void serve_until(SimTime horizon) {
    while (pending_.next_time() < horizon) {
      const Job job = pending_.pop();
      station.admit(job.order.time, job.service);
    }
  }

  Station station{8};

 private:
  struct Job {
    EventOrder order;
    Duration service;
  };
  StreamKey key_{1, 0, 0, Purpose::job};
  Distribution service_ = Distribution::exponential(2 * millisecond);
  std::array<std::uint64_t, block> words_;
  std::array<std::uint64_t, block> other_words_;
  std::array<std::uint64_t, block> service_words_;
  std::array<double, block> services_;
  std::array<Job, block> chosen_;
  CalendarQueue<Job> pending_{Duration::microseconds(2'500), 64};  // 8 jobs a bucket
};

// Mean response of M/M/c by Erlang's formula, in units of the mean service.
double mean_response(int slots, double load) {
  const double offered = load * slots;
  double blocking = 1;
  for (int k = 1; k <= slots; ++k) blocking = offered * blocking / (k + offered * blocking);
  const double waiting = blocking / (1 - load * (1 - blocking));
  return 1 + waiting / (slots * (1 - load));
}

void expect_within(benchmark::State& state, double measured, double exact, double tolerance) {
  if (std::abs(measured / exact - 1) > tolerance) state.SkipWithError("differs from theory");
}

// The tolerances are four standard errors of the mean for 2 M requests.
void mm1(benchmark::State& state) {
  for (auto _ : state) {
    Customers customers(1.25, 1);
    Station station(1);
    for (std::uint64_t first = 0; first < requests; first += block) {
      customers.draw(first);
      for (std::size_t i = 0; i < block; ++i) {
        const SimTime now = customers.next_arrival(i);
        station.admit(now, customers.service(i));
      }
    }
    expect_within(state, station.mean_response_ms(), mean_response(1, 0.8), 0.025);
    bench::label_with_hash(state, station.digest());
  }
  state.SetItemsProcessed(state.iterations() * requests);
}
BENCHMARK(mm1)->Unit(benchmark::kMillisecond);

void tandem(benchmark::State& state) {
  for (auto _ : state) {
    Customers customers(1 / 12.8, 1);
    Station first_queue(16);
    Jobs jobs;
    std::array<SimTime, block> departures;
    for (std::uint64_t first = 0; first < requests; first += block) {
      customers.draw(first);
      for (std::size_t i = 0; i < block; ++i) {
        const SimTime now = customers.next_arrival(i);
        departures[i] = first_queue.admit(now, customers.service(i));
      }
      jobs.consider(first, departures);
      jobs.serve_until(customers.now());
    }
    jobs.serve_until(SimTime::never());
    expect_within(state, first_queue.mean_response_ms(), mean_response(16, 0.8), 0.01);
    expect_within(state, jobs.station.mean_response_ms(), 2 * mean_response(8, 0.8), 0.02);
    bench::label_with_hash(state, first_queue.digest() ^ jobs.station.digest());
  }
  state.SetItemsProcessed(state.iterations() * requests);
}
BENCHMARK(tandem)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace haldane::sim
