// `haldane judge --kayenta` as a pipeline calls it: exit codes, output, and requests that are
// wrong.
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/integration/support/sandbox.h"

namespace haldane::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::string request(const std::string& marginal, const std::string& experiment) {
  return R"({"canaryConfig":{"metrics":[{"name":"a","groups":["g"]},{"name":"b","groups":["g"]}]},)"
         R"("scoreThresholds":{"pass":95,"marginal":)" +
         marginal +
         R"(},"metricSetPairList":[{"name":"a","id":"1","values":{"control":[1,2.2,1.1,2.5,3],)"
         R"("experiment":)" +
         experiment + R"(}},{"name":"b","id":"2","values":{"control":[1,2],"experiment":[2,1]}}]})";
}

TEST(KayentaCommand, EndsAsTheScoreIsLabelled) {
  const Sandbox sandbox;
  sandbox.write("pass.json", request("75", "[3,1,2.2,1.1,2.5]"));
  sandbox.write("marginal.json", request("50", "[20,22,21,25,30]"));
  sandbox.write("fail.json", request("75", "[20,22,21,25,30]"));
  EXPECT_EQ(sandbox.run("haldane judge --kayenta pass.json").exit_code, 0);
  EXPECT_EQ(sandbox.run("haldane judge --kayenta marginal.json").exit_code, 2);
  EXPECT_EQ(sandbox.run("haldane judge --kayenta marginal.json --on-inconclusive fail").exit_code,
            1);
  EXPECT_EQ(sandbox.run("haldane judge --kayenta fail.json --exit-zero").exit_code, 0);
  const Outcome fail = sandbox.run("haldane judge --kayenta fail.json");
  EXPECT_EQ(fail.exit_code, 1);
  EXPECT_THAT(fail.out, HasSubstr("\"a was classified as High\""));
  EXPECT_THAT(fail.out, HasSubstr("\"haldane\""));
  EXPECT_EQ(fail.out, sandbox.run("haldane judge --kayenta fail.json").out);
}

TEST(KayentaCommand, RefusesWhatItCannotUse) {
  const Sandbox sandbox;
  sandbox.write("bad.json", request("\"x\"", "[1,null]"));
  sandbox.write("cut.json", request("75", "[1]").substr(0, 100));
  sandbox.write("empty.json", "");
  const Outcome bad = sandbox.run("haldane judge --kayenta bad.json");
  EXPECT_EQ(bad.exit_code, 65);
  EXPECT_THAT(bad.out, IsEmpty());
  EXPECT_THAT(bad.err, HasSubstr("scoreThresholds.marginal must be a number, but was \"x\""));
  EXPECT_THAT(bad.err, HasSubstr("metricSetPairList[0].values.experiment[1]"));
  EXPECT_EQ(sandbox.run("haldane judge --kayenta cut.json").exit_code, 65);
  EXPECT_EQ(sandbox.run("haldane judge --kayenta empty.json").exit_code, 65);
  EXPECT_EQ(sandbox.run("haldane judge --kayenta absent.json").exit_code, 66);
}

TEST(KayentaCommand, StandsAlone) {
  const Sandbox sandbox;
  sandbox.write("r.json", request("75", "[1]"));
  EXPECT_EQ(sandbox.run("haldane judge --kayenta r.json --policy p.yaml").exit_code, 64);
  EXPECT_EQ(sandbox.run("haldane judge --canary c.csv").exit_code, 64);
  EXPECT_EQ(sandbox.run("haldane judge").exit_code, 64);
}

}  // namespace
}  // namespace haldane::test
