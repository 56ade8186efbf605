// `haldane judge --format ...` as pipelines call it: exit codes, the files of a GitHub job, the
// same bytes each time.
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/support/sandbox.h"

namespace haldane::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string samples(double median, int stride) {
  std::string text = "\"latency_ms|<x>\"\n";
  for (int i = 1; i <= 2'000; ++i) {
    text += fmt::format("{}\n", median * (1 + 0.1 * (i * stride % 104'729) / 104'729));
  }
  return text;
}

void write_arms(const Sandbox& sandbox) {
  sandbox.write("a.csv", samples(10, 7'919));
  sandbox.write("b.csv", samples(20, 6'007));
}

TEST(ReportFormats, KeepTheExitCodeOfTheVerdict) {
  const Sandbox sandbox;
  write_arms(sandbox);
  for (const char* format : {"text", "json", "junit", "markdown", "github", "openmetrics"}) {
    const std::string command = fmt::format("haldane judge a.csv b.csv --format {}", format);
    const Outcome first = sandbox.run(command);
    EXPECT_EQ(first.exit_code, 1) << format;
    EXPECT_FALSE(first.out.empty());
    EXPECT_EQ(first.err, "") << format;
    EXPECT_EQ(sandbox.run(command).out, first.out) << format;
    const Outcome filed = sandbox.run(command + " --out r --exit-zero");
    EXPECT_EQ(filed.exit_code, 0);
    EXPECT_EQ(sandbox.read("r"), first.out) << format;
  }
  EXPECT_EQ(sandbox.run("haldane judge a.csv b.csv --format xml").exit_code, 64);
}

TEST(ReportFormats, BeginAsTheirReadersExpect) {
  const Sandbox sandbox;
  write_arms(sandbox);
  EXPECT_THAT(sandbox.run("haldane judge a.csv b.csv --format junit").out,
              StartsWith("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites "));
  EXPECT_THAT(sandbox.run("haldane judge a.csv b.csv --format markdown").out,
              StartsWith("## Canary verdict: ROLLBACK"));
  EXPECT_THAT(sandbox.run("haldane judge a.csv b.csv --format github").out,
              StartsWith("::error title=haldane rollback::ROLLBACK"));
  EXPECT_THAT(sandbox.run("haldane judge a.csv b.csv --format openmetrics").out,
              testing::EndsWith("# EOF\n"));
}

TEST(GithubJob, GetsItsSummaryAndOutputsAppended) {
  const Sandbox sandbox;
  write_arms(sandbox);
  sandbox.write("summary", "before\n");
  const std::string job = "GITHUB_STEP_SUMMARY=summary GITHUB_OUTPUT=outputs haldane judge a.csv ";
  EXPECT_EQ(sandbox.run(job + "b.csv --format github").exit_code, 1);
  EXPECT_THAT(sandbox.read("summary"), StartsWith("before\n## Canary verdict: ROLLBACK"));
  EXPECT_THAT(sandbox.read("summary"), HasSubstr("latency_ms\\|&#60;x&#62; p99"));
  EXPECT_THAT(sandbox.read("outputs"), StartsWith("verdict=rollback\nscore=0\npassed=false\n"));
  const std::string before = sandbox.read("summary");
  EXPECT_EQ(sandbox.run(job + "b.csv --format markdown").exit_code, 1);
  EXPECT_EQ(sandbox.read("summary"), before) << "another format leaves them alone";
}

TEST(GithubJob, SaysThatItsFilesCannotBeWritten) {
  const Sandbox sandbox;
  write_arms(sandbox);
  const Outcome absent =
      sandbox.run("GITHUB_OUTPUT=no/such/file haldane judge a.csv b.csv --format github");
  EXPECT_EQ(absent.exit_code, 74);
  EXPECT_THAT(absent.err, HasSubstr("GITHUB_OUTPUT: no/such/file could not be written"));
  EXPECT_EQ(sandbox.run("GITHUB_STEP_SUMMARY=/dev/full haldane judge a.csv b.csv --format github")
                .exit_code,
            74);
}

}  // namespace
}  // namespace haldane::test
