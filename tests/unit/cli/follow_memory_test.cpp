// A watch of more rows than are kept: it decides, goes on after a restart, and says what it did.
#include <gmock/gmock.h>

#include "cli/judge/follow.h"
#include "tests/unit/cli/follow_world.h"

namespace haldane::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// 60,000 rows an arm at each wait, so that the second look is the last of rows that are all kept.
class ManyRows : public FollowWorldTest {
 protected:
  ManyRows() {
    write("p.yaml",
          "schema: haldane.policy/1\nmetrics:\n  - {name: latency_ms, kind: samples, "
          "quantiles: [p50, p99], margin: {relative: 0.2%}}\n");
  }

  void start_anew() {
    grown_ = waits_ = 0;
    now_s_ = 1.7e9;
    grow_by(60'000, 1.0005);
  }
};

TEST_F(ManyRows, ARestartGivesTheLooksOfAnUninterruptedWatch) {
  options_.follow.deadline = Duration::seconds(40);
  start_anew();
  const ExitCode ended = run();
  const std::vector<std::string> whole = printed_;
  ASSERT_EQ(whole.size(), 5U) << messages_;
  EXPECT_THAT(whole[1], Not(HasSubstr("is kept as bins")));
  EXPECT_THAT(whole[2], HasSubstr("is kept as bins"));
  options_.follow.state = path("state");
  for (const int interrupted_at : {1, 2, 3}) {
    std::filesystem::remove(path("state"));
    start_anew();
    stop_after_ = interrupted_at;
    ASSERT_EQ(run(), ExitCode::interrupted);
    std::vector<std::string> both(printed_.begin(), printed_.end() - 1);
    stop_after_ = -1;
    ASSERT_EQ(run(), ended) << messages_;
    both.insert(both.end(), printed_.begin(), printed_.end());
    EXPECT_EQ(both, whole) << interrupted_at;
  }
}

}  // namespace
}  // namespace haldane::cli
