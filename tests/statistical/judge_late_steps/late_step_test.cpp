// A canary that becomes slower minutes after it began, watched for half an hour.
// docs/statistics/dependence.md holds the table, which HALDANE_STUDY_RUNS=200 repeats.
//
// Seeds are fixed. Flake budget when seeds or the judge's numbers change: the bounds on power lie
// well below what was found (in 100 of 100 or nearly); what unchanged releases may be rolled back
// is the upper 99.9 % point of the binomial law at alpha.
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

struct Found {
  int rolled_back = 0;
  int promoted = 0;
  double minutes = 0;  // from the step to the rollbacks, on average
};

// Looks each minute, until a rollback: what was promoted before its step is no error.
Found watch(const Service& baseline, const Service& canary, int releases, double margin) {
  JudgePolicy policy;
  policy.metrics = {latency_policy(margin)};
  Found found;
  for (int i = 0; i < releases; ++i) {
    const std::uint64_t seed = 9'800'000 + 2 * static_cast<std::uint64_t>(i);
    SlowTogether b(baseline, seed);
    SlowTogether c(canary, seed + 1);
    Decision decision = Decision::inconclusive;
    for (int look = 1; look <= 30 && decision == Decision::inconclusive; ++look) {
      b.run(60);
      c.run(60);
      decision = judge(policy, b.table(), c.table()).decision;
      if (decision == Decision::rollback) found.minutes += look - canary.slower_from_s / 60;
    }
    found.rolled_back += decision == Decision::rollback ? 1 : 0;
    found.promoted += decision == Decision::promote ? 1 : 0;
  }
  if (found.rolled_back > 0) found.minutes /= found.rolled_back;
  fmt::print("| {} /s, {} | {} from minute {} | {} | {} | {} | {:.1f} |\n", canary.requests_per_s,
             canary.correlation, canary.factor, canary.slower_from_s / 60, releases,
             found.rolled_back, found.promoted, found.minutes);
  return found;
}

Service service(double correlation, double requests_per_s = 5) {
  Service service;
  service.requests_per_s = requests_per_s;
  service.correlation = correlation;
  if (correlation == 0) service.slowness = 0;
  return service;
}

// Half an hour of canaries that become slower by the factor at that time.
Found watch_slower(double correlation, double factor, double from_s, int releases) {
  Service canary = service(correlation);
  canary.factor = factor;
  canary.slower_from_s = from_s;
  return watch(service(correlation), canary, releases, 0.05);
}

TEST(LateStep, IndependentRequestsTwiceAndThreeTimesAsSlowAreFound) {
  for (const double factor : {2.0, 3.0}) {
    for (const double from_s : {0.0, 300.0, 600.0}) {
      const int releases = runs_or(40);
      const Found found = watch_slower(0, factor, from_s, releases);
      EXPECT_GE(found.rolled_back, releases * 95 / 100) << factor << " from " << from_s;
      EXPECT_LE(found.minutes, 4) << factor << " from " << from_s;
    }
  }
}

TEST(LateStep, RequestsThatAreSlowTogetherAreFoundToo) {
  for (const double factor : {2.0, 3.0}) {
    for (const double from_s : {0.0, 300.0, 600.0}) {
      const int releases = runs_or(40);
      const Found found = watch_slower(0.9, factor, from_s, releases);
      EXPECT_GE(found.rolled_back, releases * 90 / 100) << factor << " from " << from_s;
    }
  }
}

TEST(LateStep, UnchangedReleasesAreRolledBackNoMoreThanAlpha) {
  for (const Service& same : {service(0), service(0.9)}) {
    const int releases = runs_or(100);
    EXPECT_LE(watch(same, same, releases, 0).rolled_back, most_allowed(releases, 0.01));
  }
}

}  // namespace
}  // namespace haldane::analysis
