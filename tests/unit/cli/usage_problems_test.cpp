// A wrong command line: all that is wrong with it, and the page that would have helped.
#include "cli/usage_problems.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/common_options.h"
#include "cli/help_page.h"

namespace haldane::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

/// A command with one of each kind of option.
class UsageProblems : public ::testing::Test {
 protected:
  UsageProblems() {
    command_->add_option("FILE", file_, "What is read")->required();
    add_format(*command_, format_, "text or json", {"text", "json"});
    add_seed(*command_, seed_, "Seed of all random streams");
    CLI::Option* follow = command_->add_flag("--follow", follow_, "Look again");
    command_->add_option("--state", state_, "What a restart needs")->needs(follow);
    command_->add_option("--html", html_, "A page")->excludes(follow);
  }

  std::vector<std::string> problems(std::vector<std::string> arguments) {
    try {
      app_.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::ParseError& error) {
      return usage_problems(app_, error);
    }
    return {};
  }

  CLI::App app_;
  CLI::App* command_ = app_.add_subcommand("look", "Looks");
  std::string file_, format_, state_, html_;
  std::uint64_t seed_ = 0;
  bool follow_ = false;
};

TEST_F(UsageProblems, AreNoneWhereNothingIsWrong) {
  EXPECT_THAT(problems({"look", "a.csv", "--seed", "7", "--follow", "--state", "s"}),
              ElementsAre());
  EXPECT_EQ(seed_, 7U);
}

TEST_F(UsageProblems, AreNamedAllAtOnce) {
  EXPECT_THAT(problems({"look", "--fromat", "--format", "xml", "--seed", "-1", "--state", "s"}),
              ElementsAre("unknown option --fromat; did you mean --format?",
                          HasSubstr("--format: xml"), HasSubstr("--seed: must be a whole number"),
                          "FILE is required", "--state needs --follow"));
}

TEST_F(UsageProblems, NameWhatNobodyTakes) {
  EXPECT_THAT(
      problems({"look", "a.csv", "b.csv", "--zzz", "3", "-x"}),
      ElementsAre("unexpected argument 'b.csv'", "unknown option --zzz", "unknown option -x"));
}

TEST_F(UsageProblems, NameEachPairThatExcludesItselfOnce) {
  EXPECT_THAT(problems({"look", "a.csv", "--follow", "--html", "x"}),
              ElementsAre("--follow excludes --html"));
}

TEST_F(UsageProblems, StopWhereAValueIsMissing) {
  EXPECT_THAT(problems({"look", "--format"}), ElementsAre(HasSubstr("--format")));
}

TEST(WholeNumber, IsNeverTurnedIntoAnother) {
  EXPECT_EQ(whole_number_problem("18446744073709551615"), "");
  for (const char* text : {"", "-1", "1.5", "1e3", "18446744073709551616", "0x10", " 1"})
    EXPECT_NE(whole_number_problem(text), "") << text;
}

std::string help_page(int width) {
  CLI::App app("Says what it does, in a sentence that is a little longer than a narrow terminal.");
  std::string file;
  app.add_option("FILE", file, "What is read")->required();
  app.add_option("--with-a-rather-long-name", file, "Named on a line of its own")
      ->type_name("NAME");
  app.add_option("--format", file, "One of several words that are listed here, one after another")
      ->check(CLI::IsMember({"text", "json"}));
  app.formatter(std::make_shared<HelpPage>(width));
  return app.help();
}

TEST(HelpPage, FitsTheTerminal) {
  for (const int width : {40, 59, 60, 80, 200}) {
    const std::string page = help_page(width);
    std::istringstream lines(page);
    for (std::string line; std::getline(lines, line);)
      EXPECT_LE(line.size(), static_cast<std::size_t>(std::min(width, 100))) << line;
    EXPECT_THAT(page, HasSubstr("FILE (required)"));
    EXPECT_THAT(page, HasSubstr("--with-a-rather-long-name NAME"));
    EXPECT_THAT(page, Not(HasSubstr("{text,json}")));
    EXPECT_THAT(page, Not(HasSubstr("\n\n\n")));
  }
}

}  // namespace
}  // namespace haldane::cli
