// The judge's promises over a thousand looks. docs/statistics/error-rates.md holds the tables of
// long runs, which HALDANE_STUDY_RUNS=2000 with --gtest_filter repeats.
//
// Seeds are fixed. Flake budget when seeds or the judge's numbers change: each bound is the upper
// 99.9 % point of the binomial law at the promised rate.
#include <ctime>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/statistical/judge_looks/watch.h"
#include "tests/support/study.h"

namespace haldane::analysis {
namespace {

using test::most_allowed;
using test::runs_or;

class ThousandLooks : public testing::TestWithParam<Scenario> {};

TEST_P(ThousandLooks, KeepAlphaAndBeta) {
  const Scenario& scenario = GetParam();
  const int runs = runs_or(scenario.runs);
  int rollbacks = 0;
  int promotions = 0;
  int early = 0;
  const std::clock_t begin = std::clock();
  for (int run = 0; run < runs; ++run) {
    const Outcome outcome = watch(scenario.release(5'000'000 + static_cast<std::uint64_t>(run)));
    rollbacks += outcome.rolled_back_at > 0 ? 1 : 0;
    promotions += outcome.promoted_at > 0 ? 1 : 0;
    early += outcome.rolled_back_at > 0 && outcome.rolled_back_at <= 100 ? 1 : 0;
  }
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  fmt::print("| {} | {} | {} | {} | {} | {} | {} | {:.0f} s |\n", scenario.name, runs, rollbacks,
             most_allowed(runs, watch_alpha), promotions, most_allowed(runs, watch_beta), early,
             seconds);
  std::fflush(stdout);
  EXPECT_LE(rollbacks, most_allowed(runs, watch_alpha));
  EXPECT_LE(promotions, most_allowed(runs, watch_beta));
}

INSTANTIATE_TEST_SUITE_P(Releases, ThousandLooks, testing::ValuesIn(scenarios()),
                         [](const auto& each) {
                           std::string name = each.param.name;
                           for (char& c : name) c = c == '.' ? '_' : c;
                           return name;
                         });

}  // namespace
}  // namespace haldane::analysis
