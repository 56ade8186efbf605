// The length of a window is a matter of speed only: any window up to the shortest way back gives
// the same run.
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/property/random_system.h"
#include "tests/support/trial.h"

namespace haldane::models {
namespace {

TEST(Windows, OfAnyLegalLengthGiveTheSameRun) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const std::string text = test::random_system(seed, test::Breadth::everything);
    Plan plan = compile_plan(test::scenario(text));
    const std::uint64_t expected = run_replication(plan, {seed, 0, 0}).measurements.digest;
    const Duration longest = plan.window;
    for (const std::int64_t parts : {2, 7, 100}) {
      plan.window =
          std::max(Duration::nanoseconds(1), Duration::nanoseconds(longest.count_ns() / parts));
      EXPECT_EQ(run_replication(plan, {seed, 0, 0}).measurements.digest, expected)
          << "seed " << seed << ", a window in " << parts << " parts\n"
          << text;
    }
  }
}

}  // namespace
}  // namespace haldane::models
