#include "tests/style/type_names.h"

#include <gtest/gtest.h>

namespace haldane::style {
namespace {

TEST(TypeNames, AreTakenOnce) {
  const Findings findings = check_type_names(source_tree());
  EXPECT_TRUE(findings.empty()) << to_string(findings);
}

std::size_t problems(std::string_view first, std::string_view second) {
  return check_type_names({make_file("sim/a.h", first), make_file("sim/b.h", second)}).size();
}

TEST(TypeNames, OfOneNamespaceMayNotMeet) {
  EXPECT_EQ(problems("namespace x {\nstruct A {\n", "namespace x {\nclass A {\n"), 1U);
  EXPECT_EQ(problems("namespace x {\nclass alignas(64) A {\n", "namespace x {\nenum class A {\n"),
            1U);
  EXPECT_EQ(problems("namespace x {\nstruct A {\n", "namespace y {\nstruct A {\n"), 0U);
}

TEST(TypeNames, MayBeDeclaredAndSpecialised) {
  EXPECT_EQ(problems("namespace x {\nstruct A {\n", "namespace x {\nstruct A;\n"), 0U);
  EXPECT_EQ(problems("namespace x {\nstruct A {\n", "namespace x {\nstruct A<int> {\n"), 0U);
  EXPECT_EQ(problems("namespace x {\nstruct A {\n", "namespace x {\nclass B {\n  struct A {\n"),
            0U);
}

}  // namespace
}  // namespace haldane::style
