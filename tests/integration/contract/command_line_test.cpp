// What a person or a script meets first: help, version, completion, schemas.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/integration/support/sandbox.h"

namespace haldane::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

TEST(Help, GoesToStandardOutputAndSucceeds) {
  const Sandbox sandbox;
  for (const char* words :
       {"--help", "simulate --help", "judge --help", "cache --help", "serve --help"}) {
    const Outcome outcome = sandbox.run(std::string("haldane ") + words);
    EXPECT_EQ(outcome.exit_code, 0) << words;
    EXPECT_THAT(outcome.out, HasSubstr("Usage")) << words;
    EXPECT_THAT(outcome.err, IsEmpty()) << words;
  }
}

TEST(Help, NamesEveryCommand) {
  const Sandbox sandbox;
  const Outcome outcome = sandbox.run("haldane --help");
  for (const char* command : {"simulate", "judge", "cache", "serve", "schema", "completion"})
    EXPECT_THAT(outcome.out, HasSubstr(command));
}

TEST(Version, IsOneLine) {
  const Sandbox sandbox;
  const Outcome outcome = sandbox.run("haldane --version");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, testing::ContainsRegex("^haldane [0-9]+\\.[0-9]+\\.[0-9]+"));
  EXPECT_EQ(outcome.out.find('\n'), outcome.out.size() - 1);
}

TEST(Completion, IsValidForItsShell) {
  const Sandbox sandbox;
  const Outcome bash = sandbox.run("haldane completion bash >c && bash -n c && grep -c simulate c");
  EXPECT_EQ(bash.exit_code, 0) << bash.err;
  for (const char* shell : {"zsh", "fish"}) {
    const Outcome outcome = sandbox.run(std::string("haldane completion ") + shell);
    EXPECT_EQ(outcome.exit_code, 0) << shell;
    EXPECT_THAT(outcome.out, HasSubstr("simulate")) << shell;
  }
  EXPECT_EQ(sandbox.run("haldane completion tcsh").exit_code, 64);
}

TEST(Schema, IsJsonForEveryNameItLists) {
  const Sandbox sandbox;
  for (const char* name :
       {"scenario", "policy", "run", "verdict", "cache", "kayenta", "look", "power"}) {
    const Outcome outcome = sandbox.run(std::string("haldane schema ") + name);
    ASSERT_EQ(outcome.exit_code, 0) << name << outcome.err;
    const auto schema = nlohmann::json::parse(outcome.out, nullptr, false);
    EXPECT_TRUE(schema.is_object()) << name;
    EXPECT_TRUE(schema.contains("$schema")) << name;
  }
  EXPECT_EQ(sandbox.run("haldane schema nonsense").exit_code, 64);
}

}  // namespace
}  // namespace haldane::test
