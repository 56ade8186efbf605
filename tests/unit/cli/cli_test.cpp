#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <source_folder.h>

#include "cli/completion/completion_scripts.h"
#include "cli/judge/judge.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/scenario_lookup.h"
#include "cli/schema/schemas.h"
#include "cli/simulate/objectives.h"
#include "cli/simulate/simulate_options.h"
#include "cli/simulate/timeline_marks.h"

namespace haldane::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class TemporaryFolder : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "haldane_cli_XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string read(const std::string& name) const {
    std::ifstream file(folder_ / name);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }
  std::size_t entries() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), {}));
  }

  fs::path folder_;
};

using OutputFileTest = TemporaryFolder;

TEST_F(OutputFileTest, AppearsUnderItsNameOnlyWhenComplete) {
  OutputFile file;
  ASSERT_FALSE(file.open((folder_ / "result").string()));
  EXPECT_FALSE(fs::exists(folder_ / "result"));
  EXPECT_FALSE(file.commit("hello"));
  EXPECT_EQ(read("result"), "hello");
  EXPECT_EQ(entries(), 1U);
}

TEST_F(OutputFileTest, LeavesTheOldFileWhenNothingIsCommitted) {
  std::ofstream(folder_ / "result") << "old";
  {
    OutputFile file;
    ASSERT_FALSE(file.open((folder_ / "result").string()));
  }
  EXPECT_EQ(read("result"), "old");
  EXPECT_EQ(entries(), 1U);
}

TEST_F(OutputFileTest, KeepsTheModeOfTheFileItReplaces) {
  std::ofstream(folder_ / "result") << "old";
  fs::permissions(folder_ / "result", fs::perms::owner_read | fs::perms::owner_write);
  OutputFile file;
  ASSERT_FALSE(file.open((folder_ / "result").string()));
  ASSERT_FALSE(file.commit("new"));
  EXPECT_EQ(fs::status(folder_ / "result").permissions(),
            fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(OutputFileTest, WritesThroughASymbolicLink) {
  std::ofstream(folder_ / "target") << "old";
  fs::create_symlink(folder_ / "target", folder_ / "link");
  OutputFile file;
  ASSERT_FALSE(file.open((folder_ / "link").string()));
  ASSERT_FALSE(file.commit("new"));
  EXPECT_EQ(read("target"), "new");
  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
}

TEST_F(OutputFileTest, SaysWhyAPathCannotBeWritten) {
  OutputFile directory;
  EXPECT_THAT(directory.open(folder_.string()).value_or(""), HasSubstr("directory"));
  OutputFile missing;
  EXPECT_TRUE(missing.open((folder_ / "no" / "such" / "folder").string()).has_value());
}

TEST_F(OutputFileTest, ReportsAFullDisk) {
  OutputFile file;
  ASSERT_FALSE(file.open("/dev/full"));
  EXPECT_THAT(file.commit("x").value_or(""), HasSubstr("space"));
  EXPECT_TRUE(fs::exists("/dev/full"));
}

using ScenarioLookupTest = TemporaryFolder;

TEST_F(ScenarioLookupTest, FindsFilesFoldersAndNames) {
  fs::create_directories(folder_ / "shop" / "what-if");
  std::ofstream(folder_ / "shop" / "scenario.yaml") << "x";
  std::ofstream(folder_ / "shop" / "what-if" / "surge.yaml") << "x";
  const std::string file = (folder_ / "shop" / "scenario.yaml").string();
  EXPECT_EQ(find_scenario(file, {}).value(), file);
  EXPECT_EQ(find_scenario((folder_ / "shop").string(), {}).value(), file);
  EXPECT_EQ(find_scenario("shop", {"/nowhere", folder_}).value(), file);
  EXPECT_EQ(find_scenario("shop/what-if/surge", {folder_}).value(),
            (folder_ / "shop" / "what-if" / "surge.yaml").string());
}

TEST_F(ScenarioLookupTest, SuggestsTheNearestName) {
  fs::create_directories(folder_ / "checkout");
  std::ofstream(folder_ / "checkout" / "scenario.yaml") << "x";
  EXPECT_THAT(find_scenario("chekcout", {folder_}).error(), HasSubstr("checkout"));
  EXPECT_THAT(find_scenario("./chekcout.yaml", {folder_}).error(), HasSubstr("no such file"));
  fs::create_directories(folder_ / "empty");
  EXPECT_THAT(find_scenario((folder_ / "empty").string(), {}).error(), HasSubstr("scenario.yaml"));
}

TEST(ParsePrecision, ReadsPercentAndFractions) {
  EXPECT_EQ(parse_precision("a.b=1%").value().metric, "a.b");
  EXPECT_DOUBLE_EQ(parse_precision("a.b=1%").value().relative, 0.01);
  EXPECT_DOUBLE_EQ(parse_precision("a.b=0.05").value().relative, 0.05);
}

TEST(ParsePrecision, RefusesWhatIsNoShare) {
  for (const char* text : {"a", "=1%", "a=", "a=0", "a=-1%", "a=100%", "a=nan", "a=1x", "a=1%%"}) {
    EXPECT_FALSE(parse_precision(text).has_value()) << text;
  }
}

TEST(ExitCodeOf, FollowsTheContract) {
  using analysis::Decision;
  JudgeOptions options;
  EXPECT_EQ(exit_code_of(Decision::promote, options), ExitCode::success);
  EXPECT_EQ(exit_code_of(Decision::rollback, options), ExitCode::rollback);
  EXPECT_EQ(exit_code_of(Decision::inconclusive, options), ExitCode::inconclusive);
  options.on_inconclusive = "pass";
  EXPECT_EQ(exit_code_of(Decision::inconclusive, options), ExitCode::success);
  EXPECT_EQ(exit_code_of(Decision::rollback, options), ExitCode::rollback);
  options.on_inconclusive = "fail";
  EXPECT_EQ(exit_code_of(Decision::inconclusive, options), ExitCode::rollback);
  options.exit_zero = true;
  EXPECT_EQ(exit_code_of(Decision::rollback, options), ExitCode::success);
}

TEST(CheckObjectives, ComparesTheValueAndLeavesTheUnknownOpen) {
  using Relation = models::ObjectiveSpec::Relation;
  const std::vector<analysis::MetricEstimate> metrics = {{"a", "ms", 5.0, {}, {}, 0.95},
                                                         {"b", "ms", {}, {}, {}, 0.95}};
  const auto results = check_objectives({{"a < 5", "a", Relation::less, 5},
                                         {"a <= 5", "a", Relation::less_equal, 5},
                                         {"a > 4", "a", Relation::greater, 4},
                                         {"a >= 6", "a", Relation::greater_equal, 6},
                                         {"b < 1", "b", Relation::less, 1}},
                                        metrics);
  EXPECT_EQ(results[0].met, false);
  EXPECT_EQ(results[1].met, true);
  EXPECT_EQ(results[2].met, true);
  EXPECT_EQ(results[3].met, false);
  EXPECT_FALSE(results[4].met.has_value());
  EXPECT_TRUE(any_missed(results));
  EXPECT_FALSE(any_missed({results[1], results[4]}));
}

Progress half_done() {
  Progress progress;
  progress.done_s = 300;
  progress.total_s = 600;
  progress.replications_done = 1;
  progress.replications = 2;
  progress.events = 12'300'000;
  return progress;
}

TEST(ProgressLine, ShowsShareTimeLeftAmountAndSpeed) {
  EXPECT_EQ(progress_line(half_done(), 10, 120),
            " 50 %  10 s left  5 min of 10 min  1 of 2 runs  1.23 M events/s  30x real time  "
            "[##########          ]");
}

TEST(ProgressLine, LeavesOutWholePartsOnANarrowTerminal) {
  EXPECT_EQ(progress_line(half_done(), 10, 40), " 50 %  10 s left  5 min of 10 min");
  EXPECT_EQ(progress_line(half_done(), 10, 20), " 50 %  10 s left");
  EXPECT_EQ(progress_line(half_done(), 10, 0), "");
}

TEST(ProgressLine, SurvivesTheStart) {
  EXPECT_EQ(progress_line({}, 0, 80), "  0 %  [                    ]");
}

TEST(ProgressLine, CountsNoTimeForWhatACheckpointHeld) {
  Progress progress = half_done();
  progress.restored_s = 200;
  EXPECT_THAT(progress_line(progress, 10, 120), HasSubstr("30 s left"));
  EXPECT_THAT(progress_line(progress, 10, 120), HasSubstr("10x real time"));
}

TEST(TimelineMarks, SayWhatHappensFromWhenToWhen) {
  models::Scenario scenario;
  scenario.duration = Duration::seconds(100);
  models::TimelineEvent surge;
  surge.kind = models::TimelineEvent::Kind::surge;
  surge.at = SimTime::zero() + Duration::seconds(10);
  surge.factor = 3;
  scenario.timeline = {surge};
  EXPECT_EQ(timeline_marks(scenario)[0].label, "surge x3");
  EXPECT_EQ(timeline_marks(scenario)[0].to_s, 100);
  scenario.timeline[0].lasting = Duration::seconds(5);
  EXPECT_EQ(timeline_marks(scenario)[0].to_s, 15);
}

TEST(CompletionScripts, NameEveryCommandAndOption) {
  const std::vector<CommandOutline> commands = {
      {"simulate", "Predict it's load", {"--seed", "--out"}}};
  for (const std::string& script :
       {bash_completion(commands), zsh_completion(commands), fish_completion(commands)}) {
    EXPECT_THAT(script, HasSubstr("simulate"));
    EXPECT_THAT(script, HasSubstr("seed"));
  }
  EXPECT_THAT(fish_completion(commands), HasSubstr(R"('Predict it'\''s load')"));
}

TEST(Schemas, AreEmbeddedByteForByte) {
  const fs::directory_iterator published(fs::path(HALDANE_SOURCE_DIR) / "schema");
  ASSERT_EQ(static_cast<std::ptrdiff_t>(schemas().size()),
            std::distance(begin(published), end(published)));
  for (const Schema& schema : schemas()) {
    const std::string kind = schema.name == "openapi" ? ".json" : ".schema.json";
    std::ifstream file(fs::path(HALDANE_SOURCE_DIR) / "schema" / (std::string(schema.name) + kind));
    std::ostringstream text;
    text << file.rdbuf();
    EXPECT_EQ(schema.text, text.str()) << schema.name;
  }
}

}  // namespace
}  // namespace haldane::cli
