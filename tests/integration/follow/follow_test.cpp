// `haldane judge --follow` as a pipeline calls it: a process beside others that write its inputs.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/integration/support/sandbox.h"

namespace haldane::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view policy = R"(schema: haldane.policy/1
metrics:
  - {name: latency_ms, kind: samples, quantiles: [p50], margin: {relative: 5%}}
)";

// Values 1 to 1.5 times `scale`, in an order that looks random.
constexpr std::string_view writer = R"(
rows() { awk -v from=$1 -v count=$2 -v scale=$3 'BEGIN { for (i = from; i < from + count; i++)
  printf "%.6f\n", scale * (1 + ((i * 7919) % 1000) / 2000) }'; }
grow() { for i in 0 1 2 3 4 5 6 7 8 9; do
  rows $((i * 300)) 300 10 >>b.csv; rows $((i * 300 + 57)) 300 $1 >>c.csv
  printf '12.' >>c.csv; sleep 0.05; printf '5\n' >>c.csv; done; }
echo latency_ms >b.csv; echo latency_ms >c.csv
)";

const std::string follow = "haldane judge b.csv c.csv --policy p.yaml --follow --interval 20ms ";

TEST(FollowCommand, StopsAtTheFirstDecisionWhileTheFilesStillGrow) {
  const Sandbox sandbox;
  sandbox.write("p.yaml", policy);
  const Outcome outcome = sandbox.run(std::string(writer) + "grow 14 & " + follow +
                                      "--deadline 30s --format json >looks; code=$?; wait; "
                                      "exit $code");
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  const std::string looks = sandbox.read("looks");
  const json last = json::parse(looks.substr(looks.rfind('\n', looks.size() - 2) + 1));
  EXPECT_EQ(last.at("ended_by"), "decision");
  EXPECT_EQ(last.at("verdict"), "rollback");
  // No half line was judged: all rows but those that were cut are the writer's.
  EXPECT_THAT(last.at("report").at("assumptions").dump(), testing::Not(HasSubstr("malformed")));
  EXPECT_THAT(outcome.err, HasSubstr("haldane: following b.csv and c.csv"));
}

TEST(FollowCommand, ASignalEndsWithTheLastVerdictAndARestartGoesOn) {
  const Sandbox sandbox;
  sandbox.write("p.yaml", policy);
  const std::string start = std::string(writer) + "rows 0 50 10 >>b.csv; rows 9 50 10 >>c.csv; ";
  const std::string until_a_look =
      "for i in $(seq 200); do grep -q 'look 1' out && break; sleep 0.05; done; ";
  const Outcome stopped =
      sandbox.run(start + follow + "--state s >out & " + until_a_look + "kill -TERM $!; wait $!");
  EXPECT_EQ(stopped.exit_code, 143) << stopped.err;
  EXPECT_THAT(sandbox.read("out"), AllOf(HasSubstr("look 1  +"), HasSubstr("INCONCLUSIVE")));
  const Outcome again = sandbox.run(
      "awk 'BEGIN { for (i = 0; i < 3000; i++) print 14 + (i * 7919 "
      "% 1000) / 200 }' >>c.csv; awk 'BEGIN { for (i = 0; i < 3000; "
      "i++) print 10 + (i * 7919 % 1000) / 200 }' >>b.csv; " +
      follow + "--state s --deadline 1m");
  EXPECT_EQ(again.exit_code, 1) << again.err;
  EXPECT_THAT(again.out, AllOf(HasSubstr("look 2  +"), HasSubstr("ROLLBACK")));
  const Outcome remembered = sandbox.run("rm b.csv c.csv; " + follow + "--state s");
  EXPECT_EQ(remembered.exit_code, 1) << remembered.err;
  EXPECT_THAT(remembered.out, HasSubstr("look 2  +"));
}

TEST(FollowCommand, TheStateCarriesItsChecksum) {
  const Sandbox sandbox;
  sandbox.write("p.yaml", policy);
  const Outcome outcome =
      sandbox.run(std::string(writer) + "rows 0 9 10 >>b.csv; rows 3 9 10 >>c.csv; " + follow +
                  "--deadline 0s --state s >out; head -n 1 s | sha256sum | cut -c -64 >there; "
                  "tail -n 1 s | cut -c 8- | diff - there && sed -i 's/looks/Looks/' s; " +
                  follow + "--state s");
  EXPECT_EQ(outcome.exit_code, 65);
  EXPECT_THAT(outcome.err, HasSubstr("s: is damaged or half written"));
  EXPECT_THAT(outcome.out, IsEmpty());
}

TEST(FollowCommand, OptionsThatDoNotFitAreUsageErrors) {
  const Sandbox sandbox;
  sandbox.write("b.csv", "a\n1\n");
  for (const char* options :
       {"--interval 1s", "--state s", "--follow --interval 0s", "--follow --deadline soon",
        "--follow --kayenta b.csv", "--follow --canary -"}) {
    const Outcome outcome = sandbox.run(
        "haldane judge --baseline b.csv " + std::string(options) +
        (std::string(options).find("canary") == std::string::npos ? " --canary b.csv" : ""));
    EXPECT_EQ(outcome.exit_code, 64) << options << outcome.err;
  }
}

}  // namespace
}  // namespace haldane::test
