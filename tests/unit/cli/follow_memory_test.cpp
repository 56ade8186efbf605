// A watch of more rows than are kept: it decides, goes on after a restart, and says what it did.
#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <malloc.h>

#include "cli/judge/follow.h"
#include "tests/unit/cli/follow_world.h"

namespace haldane::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// A watch that may be begun anew, as often as it is wanted.
class RepeatedWatch : public FollowWorldTest {
 protected:
  virtual void start_anew() = 0;

  // Stopped at that wait and gone on with from its state, it says what the whole one said.
  void expect_the_same_if_stopped(int at, ExitCode ended, const std::vector<std::string>& whole) {
    options_.follow.state = path("state");
    std::filesystem::remove(path("state"));
    start_anew();
    stop_after_ = at;
    ASSERT_EQ(run(), ExitCode::interrupted);
    std::vector<std::string> both(printed_.begin(), printed_.end() - 1);
    stop_after_ = -1;
    ASSERT_EQ(run(), ended) << messages_;
    both.insert(both.end(), printed_.begin(), printed_.end());
    EXPECT_EQ(both, whole) << at;
  }
};

// 60,000 rows an arm at each wait, so that the second look is the last of rows that are all kept.
class ManyRows : public RepeatedWatch {
 protected:
  ManyRows() {
    write("p.yaml",
          "schema: haldane.policy/1\nmetrics:\n  - {name: latency_ms, kind: samples, "
          "quantiles: [p50, p99], margin: {relative: 0.2%}}\n");
  }

  void start_anew() override {
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
  for (const int at : {1, 2, 3}) expect_the_same_if_stopped(at, ended, whole);
}

// 50,000 rows an arm at each wait, a hundred a second, of a policy that cuts them by time.
class ManyRowsInSteps : public RepeatedWatch {
 protected:
  static constexpr int rows_a_wait = 50'000;

  void judge_by(const std::string& cuts) {
    write("p.yaml", "schema: haldane.policy/1\n" + cuts +
                        "metrics:\n  - {name: latency_ms, kind: samples, quantiles: [p50], "
                        "margin: {relative: 0.01%}}\n");
    options_.follow.deadline = Duration::seconds(80);
  }

  // Rows of every 64th number come three seconds late, and so before the first one.
  [[nodiscard]] static std::string timed_rows(int from, int shift) {
    std::string text;
    for (int i = from; i < from + rows_a_wait; ++i) {
      const double u = std::fmod((i + shift + 1) * 0.6180339887498949, 1.0);
      const double late_s = i % 64 == 1 ? 3 : 0;
      text += fmt::format("{:.2f},{:.4g}\n", 1.7e9 + 0.01 * i - late_s, 20 * std::exp(u));
    }
    return text;
  }

  void start_anew() override {
    grown_ = waits_ = 0;
    now_s_ = 1.7e9;
    bytes_in_use_.clear();
    write("b.csv", "timestamp,latency_ms\n");
    write("c.csv", "timestamp,latency_ms\n");
    meanwhile_ = [this] {
      bytes_in_use_.push_back(static_cast<double>(::mallinfo2().uordblks + ::mallinfo2().hblkhd));
      append("b.csv", timed_rows(grown_, 0));
      append("c.csv", timed_rows(grown_, 7));
      grown_ += rows_a_wait;
    };
  }

  std::vector<double> bytes_in_use_;  // at each wait; none is counted under a sanitizer
};

const char* const steps =
    "steps: [{after: 0s, canary_share: 50%}, {after: 700s, canary_share: 50%}]\n";
const char* const pre_period = "pre_period: 700s\n";

// Rows that stay would take 1.6 MB a wait, those of the last four together 6.4 MB.
TEST_F(ManyRowsInSteps, MemoryDoesNotGrowWithTheRows) {
  for (const char* cuts : {steps, pre_period}) {
    judge_by(cuts);
    start_anew();
    ASSERT_EQ(run(), ExitCode::inconclusive) << messages_;
    ASSERT_EQ(bytes_in_use_.size(), 8U);
    EXPECT_THAT(printed_.back(), HasSubstr("is kept as bins"));
    EXPECT_LT(bytes_in_use_[7] - bytes_in_use_[3], 1.5e6) << cuts;
  }
}

TEST_F(ManyRowsInSteps, ARestartGivesTheLooksOfAnUninterruptedWatch) {
  for (const char* cuts : {steps, pre_period}) {
    judge_by(cuts);
    options_.follow.deadline = Duration::seconds(50);
    options_.follow.state = "";
    start_anew();
    const ExitCode ended = run();
    const std::vector<std::string> whole = printed_;
    ASSERT_EQ(whole.size(), 6U) << messages_;
    EXPECT_THAT(whole[2], Not(HasSubstr("is kept as bins")));
    EXPECT_THAT(whole[3], HasSubstr("is kept as bins"));
    for (const int at : {2, 4}) expect_the_same_if_stopped(at, ended, whole);
  }
}

}  // namespace
}  // namespace haldane::cli
