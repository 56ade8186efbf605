// Results arrive whole or not at all: closed pipes, full disks, folders that are not there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/support/sandbox.h"

namespace haldane::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kScenario = R"(schema: haldane.scenario/1
name: small
duration: 10s
warmup: 1s
traffic:
  arrivals: {process: poisson, rate: 50/s}
  objects: {count: 100, popularity: {zipf: 0.9}}
edge: none
api: {replicas: 2, concurrency: 4, balancer: central_queue, service: {exponential: {mean: 20ms}}}
workers: none
)";

class Output : public testing::Test {
 protected:
  Output() { sandbox_.write("s.yaml", kScenario); }

  Sandbox sandbox_;
};

TEST_F(Output, AClosedPipeIsQuiet) {
  const Outcome outcome = sandbox_.run("haldane simulate s.yaml --format json | head -c 1");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(outcome.out, "{");
  EXPECT_THAT(outcome.err, IsEmpty());
}

TEST_F(Output, APipeThatNobodyReadsIsQuietToo) {
  const Outcome outcome = sandbox_.run("haldane simulate s.yaml | true");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.err, IsEmpty());
}

TEST_F(Output, AFullDiskIsReported) {
  const Outcome to_stdout = sandbox_.run("haldane simulate s.yaml >/dev/full");
  EXPECT_EQ(to_stdout.exit_code, 74);
  EXPECT_THAT(to_stdout.err, HasSubstr("No space left on device"));
  const Outcome to_file = sandbox_.run("haldane simulate s.yaml --out /dev/full");
  EXPECT_EQ(to_file.exit_code, 74);
  EXPECT_THAT(to_file.err, HasSubstr("/dev/full"));
}

TEST_F(Output, AClosedStandardOutputIsReported) {
  EXPECT_EQ(sandbox_.run("haldane simulate s.yaml >&-").exit_code, 74);
}

TEST_F(Output, AFolderThatIsNotThereIsReportedByName) {
  const Outcome outcome = sandbox_.run("haldane simulate s.yaml --out nowhere/r.json");
  EXPECT_EQ(outcome.exit_code, 74);
  EXPECT_THAT(outcome.err, HasSubstr("nowhere/r.json"));
  EXPECT_EQ(sandbox_.run("mkdir d; haldane simulate s.yaml --out d").exit_code, 74);
}

// The limit on file sizes stands in for a disk that fills up in the middle of a result.
TEST_F(Output, NoHalfWrittenFileIsLeft) {
  const Outcome outcome =
      sandbox_.run("ulimit -f 1; haldane simulate s.yaml --format json --out r.json");
  EXPECT_EQ(outcome.exit_code, 74) << outcome.err;
  EXPECT_EQ(sandbox_.entries(), 1U) << "only the scenario stays";
}

TEST_F(Output, AFormerResultSurvivesAFailure) {
  sandbox_.write("r.json", "former");
  const Outcome outcome =
      sandbox_.run("ulimit -f 1; haldane simulate s.yaml --format json --out r.json");
  EXPECT_EQ(outcome.exit_code, 74);
  EXPECT_EQ(sandbox_.read("r.json"), "former");
}

TEST_F(Output, AnInterruptLeavesNothingBehind) {
  const Outcome outcome = sandbox_.run(
      "haldane simulate s.yaml --set duration=1000000s --set traffic.arrivals.rate=1k/s"
      " --out r.json & sleep 0.5; kill -TERM $!; wait $!");
  EXPECT_EQ(outcome.exit_code, 143) << outcome.err;
  EXPECT_EQ(sandbox_.entries(), 1U);
}

TEST_F(Output, OutAndStandardOutputSayTheSame) {
  const Outcome outcome = sandbox_.run(
      "haldane simulate s.yaml --format csv --out r.csv && haldane simulate s.yaml --format csv");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, sandbox_.read("r.csv"));
  EXPECT_FALSE(outcome.out.empty());
}

TEST_F(Output, ThePageNeedsNothingFromTheNetwork) {
  const Outcome outcome = sandbox_.run("haldane simulate s.yaml --html r.html");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  const std::string page = sandbox_.read("r.html");
  EXPECT_THAT(page, HasSubstr("<svg"));
  EXPECT_THAT(page, HasSubstr("</html>"));
  for (const char* loads : {"<script src", "<link", "<img src=\"http", "@import", "url(http"})
    EXPECT_THAT(page, testing::Not(HasSubstr(loads)));
}

// A release that takes half as long again: both forms of its arms say so by one policy.
TEST_F(Output, ArmsAreJudgedAsRowsAndAsMetrics) {
  sandbox_.write("c.yaml", std::string(kScenario) +
                               "canary: {share: 50%, api: {replicas: 2, service_factor: 1.5}}\n");
  sandbox_.write("p.yaml", R"(schema: haldane.policy/1
mode: sequential
alpha: 1%
metrics:
  - {name: latency_ms, kind: samples, quantiles: [p50], worse: higher, margin: {relative: 5%}, role: critical}
  - {name: errors, kind: ratio, of: requests, worse: higher, margin: {absolute: 1%}, role: guardrail}
)");
  const Outcome run = sandbox_.run(
      "haldane simulate c.yaml --set duration=900s --set traffic.arrivals.rate=100/s --arms out");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  for (const char* form : {"csv", "otlp.json"}) {
    const Outcome verdict =
        sandbox_.run(std::string("haldane judge --policy p.yaml --baseline out/baseline.") + form +
                     " --canary out/canary." + form);
    EXPECT_EQ(verdict.exit_code, 1) << form << verdict.out << verdict.err;
    EXPECT_THAT(verdict.out, HasSubstr("latency_ms p50")) << form;
  }
}

TEST_F(Output, MessagesOfProgressStayOutOfAFile) {
  const Outcome outcome = sandbox_.run("haldane simulate s.yaml --format json");
  EXPECT_THAT(outcome.err, IsEmpty()) << "a progress bar is for terminals";
}

}  // namespace
}  // namespace haldane::test
