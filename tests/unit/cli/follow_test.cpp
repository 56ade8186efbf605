// The follow loop: when it looks, when it ends, and what a restart gives back.
#include "cli/judge/follow.h"

#include <algorithm>

#include <gmock/gmock.h>

#include "analysis/ingest/formats/read_observations.h"
#include "analysis/judge/judge.h"
#include "analysis/judge/read_policy.h"
#include "analysis/report/verdict_report.h"
#include "tests/unit/cli/follow_world.h"

namespace haldane::cli {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

using Follow = FollowWorldTest;

TEST_F(Follow, EndsAtTheFirstRollback) {
  grow_by(30, 1.3);
  EXPECT_EQ(run(), ExitCode::rollback);
  ASSERT_GE(printed_.size(), 3U);
  for (std::size_t i = 0; i < printed_.size(); ++i) {
    const bool last = i + 1 == printed_.size();
    EXPECT_EQ(look(i).at("look"), i + 1);
    EXPECT_EQ(look(i).at("elapsed_s"), 10.0 * static_cast<double>(i));
    EXPECT_EQ(look(i).at("final"), last);
    EXPECT_EQ(look(i).at("verdict"), last ? "rollback" : "inconclusive");
    EXPECT_EQ(look(i).at("inputs").at(1).at("rows"), 30 * i);
  }
  EXPECT_EQ(look(printed_.size() - 1).at("ended_by"), "decision");
}

TEST_F(Follow, EndsAtTheFirstPromotion) {
  grow_by(1000, 1.0);
  EXPECT_EQ(run(), ExitCode::success) << messages_;
  EXPECT_EQ(look(printed_.size() - 1).at("verdict"), "promote");
}

TEST_F(Follow, EveryLookIsWhatTheJudgeSaysOfTheSameBytes) {
  grow_by(30, 1.3);
  const auto policy = analysis::read_policy(read("p.yaml"), "p.yaml");
  ASSERT_TRUE(policy.has_value());
  const auto grow = meanwhile_;
  int compared = 0;
  meanwhile_ = [&] {
    const auto b = analysis::read_observations(path("b.csv"));
    const auto c = analysis::read_observations(path("c.csv"));
    const auto verdict = analysis::judge(*policy, *b, *c);
    EXPECT_EQ(look(printed_.size() - 1).at("report"), json::parse(analysis::verdict_json(verdict)));
    ++compared;
    grow();
  };
  EXPECT_EQ(run(), ExitCode::rollback);
  EXPECT_GE(compared, 3);
}

TEST_F(Follow, ALineIsReadOnceItsEndHasCome) {
  write("b.csv", "latency_ms\n1\n2\n");
  write("c.csv", "latency_ms\n1\n12");
  options_.follow.deadline = Duration::seconds(40);
  meanwhile_ = [this] {
    if (waits_ == 1) append("c.csv", ".5");
    if (waits_ == 2) append("c.csv", "\n3");
  };
  EXPECT_EQ(run(), ExitCode::inconclusive);
  ASSERT_THAT(printed_, SizeIs(3)) << "a look where a line was complete, and the last verdict";
  EXPECT_EQ(look(0).at("inputs").at(1).at("rows"), 1);
  EXPECT_EQ(look(1).at("inputs").at(1).at("rows"), 2);
  EXPECT_EQ(look(1).at("inputs").at(1).at("bytes"), 18);
  EXPECT_EQ(look(1).at("elapsed_s"), 20);
  EXPECT_EQ(look(2).at("ended_by"), "deadline");
  EXPECT_EQ(look(2).at("look"), 2);
  EXPECT_EQ(look(2).at("elapsed_s"), 40);
}

TEST_F(Follow, TheLastVerdictAtTheDeadlineIsBentAsAnyOther) {
  grow_by(5, 1.3);
  options_.follow.deadline = Duration::seconds(25);
  options_.on_inconclusive = "fail";
  EXPECT_EQ(run(), ExitCode::rollback);
  EXPECT_EQ(waits_, 3) << "10 s, 10 s and the 5 s that are left";
  EXPECT_EQ(look(printed_.size() - 1).at("elapsed_s"), 25);
  EXPECT_EQ(look(printed_.size() - 1).at("verdict"), "inconclusive");
}

TEST_F(Follow, TextIsALineALookAndTheWholeVerdictInTheEnd) {
  grow_by(200, 1.3);
  options_.format = "text";
  options_.out = path("verdict.txt");
  EXPECT_EQ(run(), ExitCode::rollback);
  EXPECT_THAT(printed_.front(), AllOf(StartsWith("look 1  +0 s  inconclusive"), HasSubstr("\n")));
  EXPECT_THAT(printed_.back(), HasSubstr("rollback  score 0  rows"));
  EXPECT_THAT(read("verdict.txt"), StartsWith("ROLLBACK"));
}

TEST_F(Follow, ASignalEndsWithTheLastVerdict) {
  grow_by(10, 1.3);
  stop_after_ = 2;
  EXPECT_EQ(run(), ExitCode::interrupted);
  ASSERT_THAT(printed_, SizeIs(3));
  EXPECT_EQ(look(2).at("ended_by"), "signal");
  EXPECT_EQ(look(2).at("look"), 2);
}

TEST_F(Follow, ARestartInTheMiddleGivesTheLooksOfAnUninterruptedWatch) {
  grow_by(30, 1.25);
  ASSERT_EQ(run(), ExitCode::rollback);
  const std::vector<std::string> whole = printed_;
  ASSERT_GE(whole.size(), 6U);
  const double began = 1.7e9;
  options_.follow.state = path("state");
  for (int interrupted_at = 1; interrupted_at <= 4; ++interrupted_at) {
    std::filesystem::remove(path("state"));
    grown_ = waits_ = 0;
    now_s_ = began;
    grow_by(30, 1.25);
    stop_after_ = interrupted_at;
    ASSERT_EQ(run(), ExitCode::interrupted);
    std::vector<std::string> both(printed_.begin(), printed_.end() - 1);
    stop_after_ = -1;
    ASSERT_EQ(run(), ExitCode::rollback) << messages_;
    both.insert(both.end(), printed_.begin(), printed_.end());
    EXPECT_EQ(both, whole) << interrupted_at;
  }
}

// How far the horizon is over is told by the rows alone, so a restart knows it as well.
TEST_F(Follow, ARestartKnowsHowMuchOfTheHorizonIsOver) {
  write("p.yaml",
        "schema: haldane.policy/1\nhorizon: 1h\nmetrics:\n  - {name: depth, kind: gauge, "
        "margin: {relative: 2%}}\n");
  for (const char* arm : {"b.csv", "c.csv"}) write(arm, "timestamp,depth\n");
  options_.follow.state = path("state");
  meanwhile_ = [this] {
    for (; grown_ < std::min(10 * waits_, 30); ++grown_) {
      const std::string time = std::to_string(1'700'000'000 + 60 * grown_) + ",";
      append("b.csv", time + rows(grown_, 1, 1));
      append("c.csv", time + rows(grown_ + 7, 1, 1.1));
    }
  };
  stop_after_ = 5;
  ASSERT_EQ(run(), ExitCode::interrupted) << messages_;
  const json before = look(printed_.size() - 1).at("report");
  EXPECT_THAT(before.at("assumptions").dump(), HasSubstr("60 minutes, of which 30 have passed"));
  EXPECT_EQ(before.at("policy").at("horizon"), "3600s");
  meanwhile_ = nullptr;
  options_.follow.deadline = Duration::seconds(0);
  run();
  EXPECT_EQ(look(0).at("report"), before);
  write("p.yaml", "horizon: 2h\n" + read("p.yaml").erase(read("p.yaml").find("horizon"), 12));
  EXPECT_EQ(run(), ExitCode::bad_input) << "a horizon chosen after looking";
}

TEST_F(Follow, TheDeadlineCountsFromTheFirstStart) {
  grow_by(5, 1.3);
  options_.follow.state = path("state");
  options_.follow.deadline = Duration::seconds(60);
  stop_after_ = 2;
  EXPECT_EQ(run(), ExitCode::interrupted);
  now_s_ += 30;
  EXPECT_EQ(run(), ExitCode::inconclusive);
  EXPECT_EQ(waits_, 3);
  EXPECT_EQ(look(printed_.size() - 1).at("elapsed_s"), 60);
}

TEST_F(Follow, ADecisionIsRememberedWhateverComesLater) {
  grow_by(200, 1.3);
  options_.follow.state = path("state");
  ASSERT_EQ(run(), ExitCode::rollback);
  const json decided = look(printed_.size() - 1);
  append("c.csv", rows(0, 20'000, 0.5));
  EXPECT_EQ(run(), ExitCode::rollback);
  ASSERT_THAT(printed_, SizeIs(1));
  EXPECT_EQ(look(0).at("report"), decided.at("report"));
  EXPECT_EQ(look(0).at("look"), decided.at("look"));
  std::filesystem::remove(path("b.csv"));
  EXPECT_EQ(run(), ExitCode::rollback);
  ASSERT_THAT(printed_, SizeIs(1));
  EXPECT_EQ(look(0).at("report"), decided.at("report"));
  EXPECT_THAT(messages_, HasSubstr("only what was decided then is repeated"));
}

TEST_F(Follow, AStateOfAnotherPolicyIsRefused) {
  grow_by(5, 1.3);
  options_.follow.state = path("state");
  stop_after_ = 1;
  ASSERT_EQ(run(), ExitCode::interrupted);
  const std::string state = read("state");
  write("p.yaml", "# the same in other words\n" + read("p.yaml"));
  stop_after_ = 2;
  EXPECT_EQ(run(), ExitCode::interrupted) << "a comment is no other policy";
  write("p.yaml", "alpha: 5%\n" + read("p.yaml"));
  EXPECT_EQ(run(), ExitCode::bad_input);
  EXPECT_THAT(messages_, HasSubstr("another policy"));
  options_.policy.clear();
  EXPECT_EQ(run(), ExitCode::bad_input);
  EXPECT_THAT(printed_, IsEmpty());
}

TEST_F(Follow, AStateOfOtherInputsIsRefused) {
  grow_by(5, 1.3);
  options_.follow.state = path("state");
  stop_after_ = 2;
  ASSERT_EQ(run(), ExitCode::interrupted);
  std::swap(options_.baseline, options_.canary);
  EXPECT_EQ(run(), ExitCode::bad_input);
  EXPECT_THAT(messages_, HasSubstr("is not the input that the state is of"));
  std::swap(options_.baseline, options_.canary);
  write("b.csv", "latency_ms\n");
  EXPECT_EQ(run(), ExitCode::bad_input);
  EXPECT_THAT(messages_, HasSubstr("it has 11 bytes"));
}

TEST_F(Follow, ADamagedStateIsRefusedAndKept) {
  grow_by(5, 1.3);
  options_.follow.state = path("state");
  stop_after_ = 1;
  ASSERT_EQ(run(), ExitCode::interrupted);
  std::string state = read("state");
  state[state.size() / 2] = static_cast<char>(state[state.size() / 2] ^ 1);
  write("state", state);
  EXPECT_EQ(run(), ExitCode::bad_input);
  EXPECT_THAT(messages_, HasSubstr("is damaged"));
  EXPECT_EQ(read("state"), state);
  options_.follow.state = path("p.yaml");
  EXPECT_EQ(run(), ExitCode::bad_input);
  EXPECT_THAT(messages_, HasSubstr("is no state"));
}

TEST_F(Follow, DataThatWereJudgedMustStay) {
  const std::string text = "latency_ms\n" + rows(0, 20, 1);
  const auto ends_with = [&](const std::string& later) {
    write("b.csv", text);
    write("c.csv", text + "7\n");
    meanwhile_ = [&, later] { write("c.csv", later); };
    const ExitCode code = run();
    EXPECT_EQ(code, ExitCode::bad_input) << later;
    return messages_;
  };
  EXPECT_THAT(ends_with("latency_ms\n"), HasSubstr("shrank to 11 bytes"));
  std::string changed = text + "8\n9\n";
  EXPECT_THAT(ends_with(changed), HasSubstr("no longer begins with"));
  write("c.csv", text);
  meanwhile_ = [&] { std::filesystem::remove(path("c.csv")); };
  EXPECT_EQ(run(), ExitCode::bad_input);
  EXPECT_THAT(messages_, HasSubstr("was removed after"));
}

TEST_F(Follow, AFileThatIsReplacedByALongerOneGoesOn) {
  write("b.csv", "latency_ms\n1\n");
  write("c.csv", "latency_ms\n2\n");
  options_.follow.deadline = Duration::seconds(20);
  meanwhile_ = [this] {
    write("new", waits_ == 1 ? "latency_ms\n2\n3\n" : "latency_ms\n4\n3\n5\n");
    std::filesystem::rename(path("new"), path("c.csv"));
  };
  EXPECT_EQ(run(), ExitCode::bad_input);
  ASSERT_THAT(printed_, SizeIs(2));
  EXPECT_EQ(look(1).at("inputs").at(1).at("rows"), 2);
  EXPECT_THAT(messages_, HasSubstr("no longer begins with"));
}

// Each turn the canary's file is rotated, with lines in it that no look has seen yet.
class RotatedFollow : public Follow, public testing::WithParamInterface<bool> {
 protected:
  void rotate_at_every_turn() {
    write("b.csv", "latency_ms\n" + rows(0, 60, 1));
    write("c.csv", "latency_ms\n" + rows(0, 20, 1));
    options_.follow.deadline = Duration::seconds(25);
    meanwhile_ = [this] {
      append("c.csv", rows(20 * waits_, 10, 1));
      const std::string old = "c.csv." + std::to_string(waits_);
      if (GetParam()) {
        std::filesystem::rename(path("c.csv"), path(old));
      } else {
        std::filesystem::copy_file(path("c.csv"), path(old));
      }
      write("c.csv", "latency_ms\n" + rows(20 * waits_ + 10, 10, 1));
    };
  }
};

TEST_P(RotatedFollow, GoesOnInTheNewFileAndMissesNoLine) {
  rotate_at_every_turn();
  EXPECT_EQ(run(), ExitCode::inconclusive) << messages_;
  ASSERT_THAT(printed_, SizeIs(4));
  const auto last = look(3).at("inputs").at(1);
  EXPECT_EQ(last.at("rows"), 20 + 3 * 20);
  EXPECT_EQ(last.at("bytes"), read("c.csv.1").size() + read("c.csv.2").size() +
                                  read("c.csv.3").size() + read("c.csv").size());
  EXPECT_EQ(look(3).at("report").at("assumptions").size(), 0U);
}

TEST_P(RotatedFollow, ARestartFindsTheRotatedFiles) {
  rotate_at_every_turn();
  options_.follow.state = path("state");
  options_.follow.deadline = Duration::seconds(15);
  EXPECT_EQ(run(), ExitCode::inconclusive) << messages_;
  const std::string before = look(2).at("report").dump();
  meanwhile_ = nullptr;
  EXPECT_EQ(run(), ExitCode::inconclusive) << messages_;
  EXPECT_EQ(look(0).at("report").dump(), before);
  std::filesystem::remove(path("c.csv.1"));
  EXPECT_EQ(run(), ExitCode::bad_input);
  EXPECT_THAT(messages_, HasSubstr("is not the input that the state is of"));
}

INSTANTIATE_TEST_SUITE_P(ByRenamingOrByCopyingAndCutting, RotatedFollow, testing::Bool());

TEST_F(Follow, NothingIsDecidedOnDataThatChangedBetweenTheirEnds) {
  grow_by(2000, 1.04);
  const auto grow = meanwhile_;
  meanwhile_ = [&] {
    if (waits_ == 2) {  // far from both ends, and as long as before
      std::string text = read("c.csv");
      const std::size_t digit = text.find_first_of("0123456789", text.size() / 2);
      text[digit] = text[digit] == '1' ? '2' : '1';
      std::fstream(path("c.csv"), std::ios::in | std::ios::out | std::ios::binary) << text;
      meanwhile_ = [&] {
        append("b.csv", rows(4000, 9000, 1));
        append("c.csv", rows(4000, 9000, 2));
      };
    } else {
      grow();
    }
  };
  const ExitCode code = run();
  EXPECT_EQ(code, ExitCode::bad_input);
  EXPECT_EQ(look(printed_.size() - 1).at("verdict"), "inconclusive");
}

TEST_F(Follow, WaitsForFilesAndSaysAtTheDeadlineThatTheyNeverCame) {
  options_.follow.deadline = Duration::seconds(30);
  meanwhile_ = [this] {
    if (waits_ == 1) write("b.csv", "latency_ms\n1\n");
  };
  EXPECT_EQ(run(), ExitCode::input_not_found);
  EXPECT_THAT(messages_, AllOf(HasSubstr("waiting for " + path("b.csv")),
                               HasSubstr(path("c.csv") + ": was not found before the deadline")));
}

TEST_F(Follow, ClassicalTestsAreForOneLook) {
  grow_by(5, 1.3);
  write("p.yaml", "mode: fixed\n" + read("p.yaml"));
  EXPECT_EQ(run(), ExitCode::bad_input);
  EXPECT_THAT(messages_, HasSubstr("only mode sequential"));
}

TEST_F(Follow, APolicyIsGuessedOnceAndRemembered) {
  grow_by(60, 1.3);
  options_.policy.clear();
  options_.follow.state = path("state");
  stop_after_ = 3;
  EXPECT_EQ(run(), ExitCode::interrupted);
  ASSERT_THAT(printed_, SizeIs(2)) << "the look with 120 rows, and the last verdict";
  const json policy = look(0).at("report").at("policy");
  EXPECT_EQ(policy.at("metrics").at(0).at("name"), "latency_ms");
  EXPECT_THAT(look(0).at("report").at("assumptions").dump(), HasSubstr("no policy was given"));
  stop_after_ = -1;
  EXPECT_EQ(run(), ExitCode::rollback) << messages_;
  EXPECT_EQ(look(0).at("look"), 2);
  EXPECT_EQ(look(0).at("report").at("policy"), policy);
}

TEST_F(Follow, DocumentsAndPipesAreRefused) {
  write("b.csv", "{\"status\":\"success\",\"data\":{\"resultType\":\"matrix\",\"result\":[]}}\n");
  write("c.csv", "latency_ms\n1\n");
  EXPECT_EQ(run(), ExitCode::bad_input);
  EXPECT_THAT(messages_, HasSubstr("read as prometheus"));
  options_.baseline = folder_.string();
  EXPECT_EQ(run(), ExitCode::bad_input);
  EXPECT_THAT(messages_, HasSubstr("no regular file"));
  options_.baseline = "-";
  EXPECT_EQ(run(), ExitCode::usage);
}

TEST_F(Follow, AHeaderThatIsWrongEndsTheWatch) {
  write("b.csv", "latency_ms\n1\n");
  write("c.csv", "1,2,3\n");
  EXPECT_EQ(run(), ExitCode::bad_input);
  EXPECT_THAT(messages_, HasSubstr("CSV-005"));
}

}  // namespace
}  // namespace haldane::cli
