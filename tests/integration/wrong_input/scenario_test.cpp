// Whatever is handed to `haldane simulate` ends in a clear message and the right exit code.
#include <ostream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/support/sandbox.h"

namespace haldane::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

// A small valid scenario; each case below damages it.
constexpr std::string_view kGood = R"(schema: haldane.scenario/1
name: small
duration: 10s
warmup: 1s
traffic:
  arrivals: {process: poisson, rate: 50/s}
  objects: {count: 100, popularity: {zipf: 0.9}}
edge: none
api:
  replicas: 2
  concurrency: 4
  balancer: central_queue
  service: {exponential: {mean: 20ms}}
workers: none
)";

std::string with(std::string_view from, std::string_view to) {
  std::string text(kGood);
  text.replace(text.find(from), from.size(), to);
  return text;
}

TEST(ScenarioInput, TheUndamagedOneRuns) {
  const Sandbox sandbox;
  sandbox.write("s.yaml", kGood);
  const Outcome outcome = sandbox.run("haldane simulate s.yaml");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("latency p99"));
}

struct Damage {
  std::string_view name;
  std::string text;
  std::string_view says;  // a part of the message
};

void PrintTo(const Damage& damage, std::ostream* stream) {
  *stream << damage.name;
}

class DamagedScenario : public testing::TestWithParam<Damage> {};

TEST_P(DamagedScenario, IsBadInputAndNothingIsPrinted) {
  const Sandbox sandbox;
  sandbox.write("s.yaml", GetParam().text);
  const Outcome outcome = sandbox.run("haldane simulate s.yaml --format json");
  EXPECT_EQ(outcome.exit_code, 65) << outcome.err;
  EXPECT_THAT(outcome.out, IsEmpty());
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("s.yaml"), HasSubstr(GetParam().says)));
}

INSTANTIATE_TEST_SUITE_P(
    All, DamagedScenario,
    testing::Values(
        Damage{"unknown_key", with("replicas: 2", "replica: 2"), "replicas"},
        Damage{"unknown_key_has_its_line", with("replicas: 2", "replica: 2"), "s.yaml:10:"},
        Damage{"duration_without_unit", with("duration: 10s", "duration: 10"), "duration"},
        Damage{"duration_in_bytes", with("duration: 10s", "duration: 10MiB"), "duration"},
        Damage{"rate_in_seconds", with("rate: 50/s", "rate: 50s"), "rate"},
        Damage{"negative_time", with("mean: 20ms", "mean: -20ms"), "mean"},
        Damage{"not_a_number", with("rate: 50/s", "rate: .nan"), "rate"},
        Damage{"endless_rate", with("rate: 50/s", "rate: 1e400/s"), "rate"},
        Damage{"wrong_shape", with("api:\n", "api: 7\nx:\n"), "api"},
        Damage{"no_schema", with("schema: haldane.scenario/1\n", ""), "schema"},
        Damage{"future_schema", with("scenario/1", "scenario/9"), "schema"},
        Damage{"doubled_key", with("name: small", "name: small\nname: smaller"), "name"},
        Damage{"empty", "", ""}, Damage{"only_a_comment", "# nothing\n", ""},
        Damage{"truncated", std::string(kGood.substr(0, kGood.find("zipf") + 4)), ""},
        Damage{"a_list", "- 1\n- 2\n", ""},
        Damage{"binary", std::string("\x7f\x45LF\x00\x01\xff\xfe\x80 {[", 12), ""},
        Damage{"null_bytes", std::string(4096, '\0'), ""},
        Damage{"deep", std::string(100'000, '['), ""},
        Damage{"alias_bomb",
               "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
               "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
               "e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n"
               "g: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f]\nh: [*g,*g,*g,*g,*g,*g,*g,*g,*g]\n",
               ""}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(ScenarioInput, AllMistakesComeAtOnce) {
  const Sandbox sandbox;
  std::string text = with("replicas: 2", "replica: 2");
  text.replace(text.find("20ms"), 4, "20kg");
  text.replace(text.find("50/s"), 4, "fast");
  sandbox.write("s.yaml", text);
  const Outcome outcome = sandbox.run("haldane simulate s.yaml");
  EXPECT_EQ(outcome.exit_code, 65);
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("replica"), HasSubstr("20kg"), HasSubstr("fast")));
}

TEST(ScenarioInput, AMistakenOverrideIsNamed) {
  const Sandbox sandbox;
  sandbox.write("s.yaml", kGood);
  const Outcome outcome = sandbox.run("haldane simulate s.yaml --set api.replicsa=3");
  EXPECT_THAT(outcome.exit_code, testing::AnyOf(64, 65));
  EXPECT_THAT(outcome.err, AllOf(HasSubstr("--set"), HasSubstr("replicas")));
}

TEST(ScenarioInput, WhatIsNotThereIsNotFound) {
  const Sandbox sandbox;
  EXPECT_EQ(sandbox.run("haldane simulate nowhere.yaml").exit_code, 66);
  EXPECT_EQ(sandbox.run("haldane simulate no-such-slug").exit_code, 66);
  EXPECT_EQ(sandbox.run("mkdir d && haldane simulate d").exit_code, 66);
}

TEST(ScenarioInput, AFileThatMayNotBeReadIsNotFound) {
  const Sandbox sandbox;
  sandbox.write("s.yaml", kGood);
  const Outcome outcome =
      sandbox.run_unprivileged("cp s.yaml t.yaml; chmod 000 t.yaml; haldane simulate t.yaml");
  EXPECT_EQ(outcome.exit_code, 66) << outcome.err;
  EXPECT_THAT(outcome.err, HasSubstr("t.yaml"));
}

TEST(CommandLine, MisuseEndsAsUsage) {
  const Sandbox sandbox;
  for (const char* words :
       {"simulate", "nonsense", "simulate x --frobnicate", "judge", "simulate x --threads 0",
        "simulate x --threads many", "simulate x --format yaml", "simulate x --seed -1",
        "simulate x --seed 18446744073709551616"}) {
    const Outcome outcome = sandbox.run(std::string("haldane ") + words);
    EXPECT_EQ(outcome.exit_code, 64) << words << "\n" << outcome.err;
    EXPECT_THAT(outcome.out, IsEmpty()) << words;
    EXPECT_FALSE(outcome.err.empty()) << words;
  }
}

}  // namespace
}  // namespace haldane::test
