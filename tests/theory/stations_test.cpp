// The disciplines of sim/kernel/event_station.h against their formulas.
//
// Flake budget: seeds are fixed, so a test that passes passes always. Each mean is compared within
// 4.5 standard errors, from 50 batches so long that they are nearly independent: for an engine
// that is right, a change of seeds fails one of the 7 comparisons once in 10^4 times.
#include <cmath>

#include <gtest/gtest.h>

#include "sim/kernel/event_station.h"
#include "sim/random/distribution.h"
#include "sim/random/philox.h"
#include "tests/support/queueing_formulas.h"

namespace haldane::sim {
namespace {

struct Job {
  SimTime arrival;
  Duration service;
  std::uint32_t rank = 0;
  [[nodiscard]] Duration service_time(SimTime) const { return service; }
  [[nodiscard]] std::uint32_t priority() const { return rank; }
};

constexpr int batches = 50;
constexpr std::uint64_t customers = 2'000'000;

/// Mean waits of each rank by batches of arrival order. **Units** ms.
struct Waits {
  double sum[2][batches] = {};
  double count[2][batches] = {};
  std::uint64_t started = 0;

  void operator()(const Job& job, SimTime start, SimTime) {
    const auto batch = static_cast<int>(started++ * batches / customers);
    sum[job.rank][batch] += static_cast<double>((start - job.arrival).count_ns()) * 1e-6;
    ++count[job.rank][batch];
  }
  void expect_mean(std::uint32_t rank, double exact_ms, const char* what) const {
    double mean = 0;
    double squares = 0;
    for (int b = 0; b < batches; ++b) {
      const double wait = sum[rank][b] / count[rank][b];
      mean += wait / batches;
      squares += wait * wait;
    }
    const double error = std::sqrt((squares / batches - mean * mean) / (batches - 1));
    EXPECT_NEAR(mean, exact_ms, 4.5 * error) << what;
    EXPECT_LT(error, 0.02 * exact_ms) << what << " is known too badly to tell anything";
  }
};

// Poisson arrivals at `rate_per_ms`, of which a share is of rank 0 and the rest of rank 1.
template <class StationType>
Waits run(StationType station, double rate_per_ms, const Distribution (&services)[2], double urgent,
          std::uint64_t seed) {
  const StreamKey gaps(seed, 0, 0, Purpose::test);
  const StreamKey work(seed, 0, 1, Purpose::test);
  const Distribution gap = Distribution::exponential(1e6 / rate_per_ms);
  Waits waits;
  SimTime now;
  for (std::uint64_t i = 0; i < customers; ++i) {
    const RandomWords a = draw(gaps, i);
    now += gap.sample_duration(a.first);
    const std::uint32_t rank = to_unit(a.second) < urgent ? 0 : 1;
    station.arrive(now, {now, services[rank].sample_duration(draw(work, i).first), rank}, waits);
  }
  station.advance(SimTime::never() - Duration::nanoseconds(1), waits);
  return waits;
}

// The mean wait does not depend on the order of service where it ignores the work.
TEST(Stations, LifoHasTheMeanWaitOfFifo) {
  const Distribution services[] = {Distribution::exponential(1e6), Distribution::exponential(1e6)};
  run(LifoStation<Job>(1), 0.7, services, 1, 1).expect_mean(0, 0.7 / 0.3, "LIFO, one slot");
  run(FifoStation<Job>(1), 0.7, services, 1, 1).expect_mean(0, 0.7 / 0.3, "FIFO, one slot");
  run(LifoStation<Job>(4), 3.2, services, 1, 2)
      .expect_mean(0, test::erlang_c(3.2, 4) / 0.8, "LIFO, four slots");
}

// Cobham, "Priority assignment in waiting line problems", 1954: W_k = W0 / ((1 - s_(k-1)) (1 -
// s_k)) with the loads s_k of the ranks up to k and the mean residual work W0 = sum of lambda
// E[S^2] / 2.
TEST(Stations, PriorityWaitsAreCobhams) {
  const Distribution alike[] = {Distribution::exponential(1e6), Distribution::exponential(1e6)};
  const Waits exponential = run(PriorityStation<Job>(1), 0.8, alike, 0.4, 3);
  exponential.expect_mean(0, 0.8 / (1 - 0.32), "urgent, exponential");
  exponential.expect_mean(1, 0.8 / ((1 - 0.32) * (1 - 0.8)), "other, exponential");

  // Short urgent requests of constant length before long and varied ones.
  const Distribution mixed[] = {Distribution::constant(0.5e6), Distribution::exponential(2e6)};
  const Waits general = run(PriorityStation<Job>(1), 0.6, mixed, 0.5, 4);
  const double residual = 0.3 * 0.25 / 2 + 0.3 * 8 / 2;
  general.expect_mean(0, residual / (1 - 0.15), "urgent, mixed");
  general.expect_mean(1, residual / ((1 - 0.15) * (1 - 0.75)), "other, mixed");
}

}  // namespace
}  // namespace haldane::sim
