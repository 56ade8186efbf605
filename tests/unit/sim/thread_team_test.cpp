#include "sim/parallel/thread_team.h"

#include <atomic>
#include <vector>

#include <gtest/gtest.h>

namespace haldane::sim {
namespace {

TEST(ThreadTeam, DoesEachPieceOfWorkOnceInEachPhase) {
  for (const unsigned threads : {1U, 2U, 5U}) {
    ThreadTeam team(threads);
    EXPECT_EQ(team.size(), threads);
    for (const std::size_t count : {0U, 1U, 2U, 100U}) {
      std::vector<std::atomic<int>> done(count);
      team.run(count, [&](std::size_t i) { ++done[i]; });
      for (std::size_t i = 0; i < count; ++i) EXPECT_EQ(done[i], 1) << threads << " threads, " << i;
    }
  }
}

TEST(ThreadTeam, APhaseSeesAllThatTheOneBeforeWrote) {
  ThreadTeam team(3);
  std::vector<std::int64_t> values(16, 1);
  for (int phase = 0; phase < 500; ++phase) {
    std::vector<std::int64_t> next(values.size());
    team.run(values.size(), [&](std::size_t i) {
      next[i] = (values[i] + values[(i + 1) % values.size()]) % 1'000'003;
    });
    values.swap(next);
  }
  std::vector<std::int64_t> expected(16, 1);
  for (int phase = 0; phase < 500; ++phase) {
    for (std::int64_t& value : expected) value = 2 * value % 1'000'003;
  }
  EXPECT_EQ(values, expected);
}

TEST(ThreadTeam, EndsWithoutAnyWork) {
  const ThreadTeam team(4);
}

}  // namespace
}  // namespace haldane::sim
