// 95 % intervals cover the truth in 93 to 97 % of 2,000 seeded runs: seeds 1 to 2,000, for each
// process, for the mean, the median, p90 and p99, from batches of one run and from replications.
//
// Flake budget: seeds are fixed, so a result repeats exactly. Were they drawn anew, an interval of
// true coverage 95 % would leave [93 %, 97 %] with probability 4e-5 (normal approximation, standard
// deviation sqrt(0.95 * 0.05 / 2000) = 0.49 %).
#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "analysis/estimate/run_estimator.h"
#include "sim/measure/latency_histogram.h"
#include "tests/statistical/interval_coverage/processes.h"

namespace haldane::analysis {
namespace {

constexpr int runs = 2'000;
constexpr double ns_per_unit = 1e6;
constexpr std::array<double, 3> probabilities = {0.5, 0.9, 0.99};

/// The mean of histogram 0 (its settling guides the warm-up), then its quantiles.
sim::MetricCatalogue latency_catalogue() {
  sim::MetricDefinition mean;
  mean.name = "requests.latency_ms.mean";
  mean.kind = sim::MetricKind::latency_mean;
  mean.scale = 1 / ns_per_unit;
  sim::MetricCatalogue catalogue = {mean};
  for (const double p : probabilities) {
    sim::MetricDefinition quantile = mean;
    quantile.name = "p" + std::to_string(p);
    quantile.kind = sim::MetricKind::latency_quantile;
    quantile.quantile = p;
    catalogue.push_back(quantile);
  }
  return catalogue;
}

/// One run of the process: `slices` slices of `slice_length` values, a bin each.
template <class Process>
sim::Measurements simulate(std::uint64_t seed, int slices, int slice_length) {
  static sim::LatencyHistogram histogram;
  Process process(seed);
  sim::Measurements run;
  run.latencies.resize(1);
  for (int slice = 0; slice <= slices; ++slice) {
    run.grid.bin_bounds.push_back(SimTime::zero() + Duration::seconds(slice));
    run.grid.slice_begin.push_back(static_cast<std::uint32_t>(slice));
    if (slice == slices) break;
    for (int i = 0; i < slice_length; ++i) {
      histogram.record(
          Duration::nanoseconds(static_cast<std::int64_t>(process.next() * ns_per_unit)));
    }
    run.latencies[0].push_back(histogram.take_slice());
  }
  return run;
}

struct Shape {
  int replications = 1;
  int slices = 64;
  int slice_length = 100;
  bool warmup_automatic = false;
};

/// Share of the runs whose interval holds the truth, for the mean and each quantile.
template <class Process>
std::array<double, 4> coverage(const Shape& shape) {
  std::array<int, 4> covered{};
  for (int seed = 1; seed <= runs; ++seed) {
    RunEstimator estimator(latency_catalogue(), shape.warmup_automatic);
    for (int r = 0; r < shape.replications; ++r) {
      const auto stream = static_cast<std::uint64_t>(seed) * 1'000 + static_cast<std::uint64_t>(r);
      estimator.add(simulate<Process>(stream, shape.slices, shape.slice_length));
    }
    const auto metrics = estimator.metrics();
    for (std::size_t i = 0; i < metrics.size(); ++i) {
      const double truth = i == 0 ? Process::mean() : Process::quantile(probabilities[i - 1]);
      const bool holds = metrics[i].ci_low && *metrics[i].ci_low <= truth &&
                         (!metrics[i].ci_high || truth <= *metrics[i].ci_high);
      covered[i] += holds ? 1 : 0;
    }
  }
  std::array<double, 4> shares{};
  for (std::size_t i = 0; i < shares.size(); ++i)
    shares[i] = covered[i] / static_cast<double>(runs);
  return shares;
}

template <class Process>
void expect_coverage(const Shape& shape) {
  const auto shares = coverage<Process>(shape);
  const std::array<const char*, 4> names = {"mean", "p50", "p90", "p99"};
  for (std::size_t i = 0; i < shares.size(); ++i) {
    ::testing::Test::RecordProperty(names[i], std::to_string(shares[i]));
    std::printf("  %s %.2f %%\n", names[i], 100 * shares[i]);
    EXPECT_GE(shares[i], 0.93) << names[i];
    EXPECT_LE(shares[i], 0.97) << names[i];
  }
}

constexpr Shape one_run{.replications = 1, .slices = 64, .slice_length = 250};

TEST(BatchMeansCover, IndependentValues) {
  expect_coverage<IidExponential>(one_run);
}
TEST(BatchMeansCover, AnAutoregression) {
  expect_coverage<Autoregression>(one_run);
}
TEST(BatchMeansCover, SojournTimesAtHalfLoad) {
  expect_coverage<SojournTime<50>>(one_run);
}
TEST(BatchMeansCover, SojournTimesAtFourFifthsLoad) {
  // 64,000 requests are 1,600 times the autocorrelation time of 41 requests.
  expect_coverage<SojournTime<80>>({.replications = 1, .slices = 64, .slice_length = 1'000});
}
TEST(BatchMeansCover, AFewBatchesOnly) {
  expect_coverage<IidExponential>({.replications = 1, .slices = 12, .slice_length = 500});
}
TEST(BatchMeansCover, AfterTheAutomaticWarmup) {
  expect_coverage<SojournTime<65, true>>(
      {.replications = 1, .slices = 64, .slice_length = 700, .warmup_automatic = true});
}

constexpr Shape ten_runs{.replications = 10, .slices = 1, .slice_length = 2'000};

TEST(FewReplicationsCover, SojournTimesOfTwoRuns) {
  expect_coverage<SojournTime<50>>({.replications = 2, .slices = 64, .slice_length = 125});
}

TEST(ReplicationsCover, IndependentValues) {
  expect_coverage<IidExponential>(ten_runs);
}
TEST(ReplicationsCover, AnAutoregression) {
  expect_coverage<Autoregression>(ten_runs);
}
TEST(ReplicationsCover, SojournTimesAtHalfLoad) {
  expect_coverage<SojournTime<50>>(ten_runs);
}
TEST(ReplicationsCover, SojournTimesAtFourFifthsLoad) {
  expect_coverage<SojournTime<80>>({.replications = 10, .slices = 1, .slice_length = 8'000});
}

}  // namespace
}  // namespace haldane::analysis
