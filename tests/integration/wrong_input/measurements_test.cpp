// Whatever is handed to `haldane judge` ends in a verdict or in a clear message, never in a pass by
// accident.
#include <ostream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/support/sandbox.h"

namespace haldane::test {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kPolicy = R"(schema: haldane.policy/1
metrics:
  - {name: latency_ms, kind: samples, worse: higher, quantiles: [p50], margin: {relative: 5%},
     role: critical}
)";

// Values spread evenly over 7 % above `value`; another `stride` gives other values of the same law.
std::string column(std::size_t rows, double value, std::size_t stride = 7'919) {
  std::string text = "latency_ms\n";
  for (std::size_t i = 1; i <= rows; ++i) {
    const double share = static_cast<double>(i * stride % 104'729) / 104'729;
    text += std::to_string(value * (1 + 0.07 * share)) + "\n";
  }
  return text;
}

TEST(MeasurementInput, AClearCaseIsDecidedEitherWay) {
  const Sandbox sandbox;
  sandbox.write("p.yaml", kPolicy);
  sandbox.write("a.csv", column(3'000, 10.0));
  sandbox.write("b.csv", column(3'000, 10.0, 6'007));
  sandbox.write("c.csv", column(3'000, 20.0));
  const char* judge = "haldane judge --policy p.yaml --baseline a.csv --canary ";
  EXPECT_EQ(sandbox.run(judge + std::string("b.csv")).exit_code, 0);
  EXPECT_EQ(sandbox.run(judge + std::string("c.csv")).exit_code, 1);
}

struct Damage {
  std::string_view name;
  std::string text;
};

void PrintTo(const Damage& damage, std::ostream* stream) {
  *stream << damage.name;
}

// Too little or unusable data may be refused (65) or found inconclusive (2); both stop a release.
class DamagedCanary : public testing::TestWithParam<Damage> {};

TEST_P(DamagedCanary, NeverPasses) {
  const Sandbox sandbox;
  sandbox.write("p.yaml", kPolicy);
  sandbox.write("a.csv", column(3'000, 10.0));
  sandbox.write("c.csv", GetParam().text);
  const Outcome outcome =
      sandbox.run("haldane judge --policy p.yaml --baseline a.csv --canary c.csv");
  EXPECT_THAT(outcome.exit_code, AnyOf(2, 65)) << outcome.out << outcome.err;
  if (outcome.exit_code == 65) {
    EXPECT_THAT(outcome.out, IsEmpty());
    EXPECT_THAT(outcome.err, HasSubstr("c.csv"));
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, DamagedCanary,
    testing::Values(Damage{"empty", ""}, Damage{"header_only", "latency_ms\n"},
                    Damage{"one_point", "latency_ms\n10\n"},
                    Damage{"not_a_number", "latency_ms\nnan\nNaN\nnan\n"},
                    Damage{"infinite", "latency_ms\ninf\ninf\n"},
                    Damage{"words", "latency_ms\nfast\nslow\n"},
                    Damage{"other_column", "duration\n10\n10\n"},
                    Damage{"too_many_cells", "latency_ms\n10,11\n"},
                    Damage{"open_quote", "latency_ms\n\"10\n"},
                    Damage{"binary", std::string("\x7f\x45LF\x00\x01\xff\xfe\x80,,\n", 13)},
                    Damage{"null_bytes", std::string(4096, '\0')},
                    Damage{"one_endless_line", std::string(1'000'000, '1')}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(MeasurementInput, WhatIsNotThereIsNotFound) {
  const Sandbox sandbox;
  sandbox.write("a.csv", column(10, 10.0));
  EXPECT_EQ(sandbox.run("haldane judge --baseline a.csv --canary nowhere.csv").exit_code, 66);
  EXPECT_EQ(sandbox.run("mkdir d; haldane judge --baseline a.csv --canary d").exit_code, 66);
  EXPECT_EQ(sandbox.run("haldane judge --baseline a.csv --canary a.csv --policy no").exit_code, 66);
}

TEST(MeasurementInput, AFileThatMayNotBeReadIsNotFound) {
  const Sandbox sandbox;
  sandbox.write("a.csv", column(10, 10.0));
  const Outcome outcome = sandbox.run_unprivileged(
      "cp a.csv b.csv; chmod 000 b.csv; haldane judge --baseline a.csv --canary b.csv");
  EXPECT_EQ(outcome.exit_code, 66) << outcome.err;
}

TEST(MeasurementInput, AMistakenPolicyIsBadInput) {
  const Sandbox sandbox;
  sandbox.write("a.csv", column(10, 10.0));
  sandbox.write("p.yaml", "schema: haldane.policy/1\nmetric:\n  - {name: latency_ms}\n");
  const Outcome outcome =
      sandbox.run("haldane judge --baseline a.csv --canary a.csv --policy p.yaml");
  EXPECT_EQ(outcome.exit_code, 65);
  EXPECT_THAT(outcome.err, HasSubstr("metrics"));
}

}  // namespace
}  // namespace haldane::test
