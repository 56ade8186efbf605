// Requests of one second that are slow together, second after second: unchanged releases that a
// judge looks at each minute from the first on. docs/statistics/dependence.md holds the table,
// which HALDANE_STUDY_RUNS=1000 repeats.
//
// Seeds are fixed. Flake budget when seeds or the judge's numbers change: bounds are the upper
// 99.9 % point of the binomial law at alpha, so a judge that just keeps alpha fails one test in
// 1,000; the bounds on power are 99 % where all were found.
#include <cstdint>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "analysis/judge/judge.h"
#include "tests/statistical/judge/slow_together.h"
#include "tests/statistical/judge/synthetic_arms.h"
#include "tests/support/study.h"

namespace haldane::analysis {
namespace {

using test::most_allowed;
using test::runs_or;

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
