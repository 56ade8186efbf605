// Requests of one second that are slow together, second after second: unchanged releases that a
// judge looks at each minute from the first on. docs/statistics/dependence.md holds the table,
// which HALDANE_STUDY_RUNS=1000 repeats.
//
// Seeds are fixed. Flake budget when seeds or the judge's numbers change: bounds are the upper
// 99.9 % point of the binomial law at alpha, so a judge that just keeps alpha fails one test in
// 1,000; the bounds on power are 99 % where all were found.
#include <cmath>
#include <cstdint>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "analysis/judge/judge.h"
#include "tests/statistical/judge/synthetic_arms.h"
#include "tests/support/study.h"

namespace haldane::analysis {
namespace {

using test::most_allowed;
using test::runs_or;

struct Service {
  double requests_per_s = 5;
  double correlation = 0.9;  // of the slow component from second to second
  double slowness = 0.25;    // its standard deviation, as a share of the latency
  double factor = 1;         // of all latencies
};

// Latencies alone, in time order of their seconds.
class SlowTogether {
 public:
  SlowTogether(const Service& service, std::uint64_t seed) : service_(service), random_(seed) {
    table_.path = "synthetic";
    table_.has_timestamps = true;
    table_.columns.push_back({"latency_ms", {}, {}, 0, 0});
    state_ = normal_(random_);
  }

  void run(int seconds) {
    for (int i = 0; i < seconds; ++i) second();
  }
  [[nodiscard]] const ObservationTable& table() const { return table_; }

 private:
  void second() {
    const double phi = service_.correlation;
    state_ = phi * state_ + std::sqrt(1 - phi * phi) * normal_(random_);
    const double level = 20 * service_.factor * std::abs(1 + service_.slowness * state_);
    const int requests = std::poisson_distribution<int>(service_.requests_per_s)(random_);
    for (int i = 0; i < requests; ++i) {
      table_.columns[0].times_s.push_back(clock_s_ + uniform_(random_));
      table_.columns[0].values.push_back(level * std::exp(0.6 * normal_(random_)));
      ++table_.rows;
    }
    ++clock_s_;
  }

  Service service_;
  std::mt19937_64 random_;
  std::normal_distribution<double> normal_;
  std::uniform_real_distribution<double> uniform_;
  ObservationTable table_;
  double clock_s_ = 0;
  double state_ = 0;
};

struct Watched {
  int releases = 0;
  int rolled_back = 0;
  int promoted = 0;
  int looks = 0;  // until the rollbacks, together
};

// Looks each minute, until the first decision.
Watched watch(const Service& baseline, const Service& canary, int releases, int minutes,
              double margin) {
  JudgePolicy policy;
  policy.metrics = {latency_policy(margin)};
  Watched watched{releases};
  for (int i = 0; i < releases; ++i) {
    const std::uint64_t seed = 9'740'000 + 2 * static_cast<std::uint64_t>(i);
    SlowTogether b(baseline, seed);
    SlowTogether c(canary, seed + 1);
    Decision decision = Decision::inconclusive;
    for (int look = 1; look <= minutes && decision == Decision::inconclusive; ++look) {
      b.run(60);
      c.run(60);
      decision = judge(policy, b.table(), c.table()).decision;
      if (decision == Decision::rollback) watched.looks += look;
    }
    watched.rolled_back += decision == Decision::rollback ? 1 : 0;
    watched.promoted += decision == Decision::promote ? 1 : 0;
  }
  fmt::print("| {} /s, {}, factor {}, margin {} | {} | {} | {} | {:.1f} |\n", canary.requests_per_s,
             canary.correlation, canary.factor, margin, releases, watched.rolled_back,
             watched.promoted,
             watched.rolled_back == 0 ? 0.0 : 1.0 * watched.looks / watched.rolled_back);
  return watched;
}

Service busy() {
  Service service;
  service.requests_per_s = 20;
  return service;
}

Service independent(double factor) {
  Service service;
  service.correlation = 0;
  service.slowness = 0;
  service.factor = factor;
  return service;
}

TEST(SharedSlowness, RollsBackNoMoreUnchangedReleasesThanAlpha) {
  for (const Service& service : {Service{}, busy()}) {
    const Watched watched = watch(service, service, runs_or(300), 10, 0);
    EXPECT_LE(watched.rolled_back, most_allowed(watched.releases, 0.01));
    EXPECT_LE(watched.promoted, most_allowed(watched.releases, 0.05));
  }
}

TEST(SharedSlowness, IndependentRequestsAThirdSlowerAreFoundWithinTenMinutes) {
  const Watched watched = watch(independent(1), independent(1.33), runs_or(200), 10, 0.05);
  EXPECT_GE(watched.rolled_back, watched.releases * 99 / 100);
}

TEST(SharedSlowness, RequestsHalfAgainAsSlowAreFoundWithinHalfAnHour) {
  Service slow;
  slow.factor = 1.5;
  const Watched watched = watch({}, slow, runs_or(100), 30, 0.05);
  EXPECT_GE(watched.rolled_back, watched.releases * 95 / 100);
}

}  // namespace
}  // namespace haldane::analysis
