// The rooms of the house lean on each other in one direction only.
#include "tests/style/include_order.h"

#include <gtest/gtest.h>

namespace haldane::style {
namespace {

TEST(IncludeOrder, EveryFileKeepsIt) {
  Findings findings;
  for (const SourceFile& file : source_tree()) {
    const Findings found = check_include_order(file);
    findings.insert(findings.end(), found.begin(), found.end());
  }
  EXPECT_TRUE(findings.empty()) << to_string(findings);
}

std::size_t problems(std::string path, std::string_view text) {
  return check_include_order(make_file(std::move(path), text)).size();
}

TEST(IncludeOrder, ModelsAndAnalysisNeverMeet) {
  EXPECT_EQ(problems("models/tiers/api/a.cpp", "#include \"analysis/judge/verdict.h\"\n"), 1U);
  EXPECT_EQ(problems("analysis/judge/a.cpp", "#include \"models/spec/scenario.h\"\n"), 1U);
  EXPECT_EQ(problems("cli/a.cpp", "#include \"models/spec/scenario.h\"\n"), 0U);
}

TEST(IncludeOrder, TheEngineKnowsNothingAboveIt) {
  EXPECT_EQ(problems("sim/kernel/a.h", "#include \"sim/base/time.h\"\n"), 0U);
  EXPECT_EQ(problems("sim/kernel/a.h", "#include \"sim/parallel/pool.h\"\n"), 1U);
  EXPECT_EQ(problems("sim/base/a.h", "#include \"config/yaml.h\"\n"), 1U);
}

TEST(IncludeOrder, ATierKnowsOnlyTheTiersBeforeIt) {
  EXPECT_EQ(problems("models/tiers/api/a.h", "#include \"models/tiers/edge/shield.h\"\n"), 0U);
  EXPECT_EQ(problems("models/tiers/edge/a.h", "#include \"models/tiers/api/api_cell.h\"\n"), 1U);
}

TEST(IncludeOrder, NobodyIncludesTests) {
  EXPECT_EQ(problems("sim/base/a.cpp", "#include \"tests/style/source_tree.h\"\n"), 1U);
}

TEST(IncludeOrder, OwnIncludesStartAtTheRoot) {
  EXPECT_EQ(problems("sim/base/a.cpp", "#include \"time.h\"\n"), 1U);
  EXPECT_EQ(problems("sim/base/a.cpp", "#include <vector>\n"), 0U);
}

TEST(IncludeOrder, AFileOutsideEveryRoomIsReported) {
  EXPECT_EQ(problems("misc/a.cpp", ""), 1U);
}

}  // namespace
}  // namespace haldane::style
