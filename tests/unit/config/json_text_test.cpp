// JSON of a stranger: what is refused before it can cost more than its length suggests.
#include "config/json_text.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/json_field.h"

namespace haldane::config {
namespace {

using testing::HasSubstr;

std::string problems_of(const std::string& text) {
  const auto parsed = parse_json(text, "body", "SRV");
  return parsed ? "" : to_string(parsed.error());
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

std::string object_of(int members) {
  std::string text;
  for (int i = 0; i < members; ++i)
    text += (i == 0 ? "{\"" : ",\"") + std::to_string(i) + "\":" + std::to_string(i);
  return text + "}";
}

TEST(JsonText, KeepsTheOrderOfMembers) {
  const auto parsed = parse_json(R"({"b": [1, "x", null, true, 1e3], "a": {}})", "body", "SRV");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->dump(), R"({"b":[1,"x",null,true,1000.0],"a":{}})");
}

TEST(JsonText, WhatIsNoJsonIsNamedByItsPlace) {
  EXPECT_EQ(problems_of("{\n  \"a\": }"), "body:2:8 SRV-001 is not JSON from here on\n");
  EXPECT_THAT(problems_of(""), HasSubstr("SRV-001 is empty"));
  EXPECT_THAT(problems_of("[1e999]"), HasSubstr("SRV-001 holds a number that is too large"));
  EXPECT_THAT(problems_of(std::string("\xff\xfe\0{", 4)), HasSubstr("SRV-001"));
}

TEST(JsonText, DepthIsBounded) {
  EXPECT_EQ(problems_of(nested(json_depth_max)), "");
  EXPECT_THAT(problems_of(nested(json_depth_max + 1)), HasSubstr("SRV-002"));
  EXPECT_THAT(problems_of(std::string(1'000'000, '[')), HasSubstr("SRV-002"));
}

TEST(JsonText, MembersAreBoundedByWhatTheyCostTogether) {
  EXPECT_EQ(problems_of(object_of(10'000)), "");
  EXPECT_THAT(problems_of(object_of(30'000)), HasSubstr("SRV-003"));
  std::string several = "[" + object_of(10'000);
  for (int i = 0; i < 4; ++i) several += "," + object_of(10'000);
  EXPECT_THAT(problems_of(several + "]"), HasSubstr("SRV-003"));
}

TEST(JsonField, UnknownMembersAreReportedWithTheNearestName) {
  const auto parsed = parse_json(R"({"basline": 1, "canary": 2})", "body", "SRV");
  ASSERT_TRUE(parsed);
  JsonProblems problems("body", "SRV");
  JsonField(&*parsed, "", &problems).only({"baseline", "canary"});
  EXPECT_EQ(to_string(problems.take()),
            "body SRV-104 basline is not known (did you mean \"baseline\"?)\n");
}

}  // namespace
}  // namespace haldane::config
