// The remote-judge body from text to result: what is read, what is refused and how it is said, and
// what stands beside Kayenta's answer.
#include <cmath>
#include <initializer_list>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "analysis/kayenta/remote/judge_request.h"
#include "analysis/kayenta/remote/request.h"

namespace haldane::analysis::kayenta {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Json = nlohmann::json;

Json metric(const std::string& name, Json canary = Json::object()) {
  return {{"name", name},
          {"groups", {"g"}},
          {"unknown", 1},
          {"analysisConfigurations", {{"canary", std::move(canary)}}}};
}

using Values = std::vector<Json>;

Json pair(const std::string& name, const Values& control, const Values& experiment) {
  return {{"name", name},
          {"id", "id-" + name},
          {"tags", {{"zone", "a"}}},
          {"values", {{"control", control}, {"experiment", experiment}}}};
}

// Lists come as initializer lists: to a parameter of type Json, {x} is a list of x for gcc and x
// itself for clang.
Json request(std::initializer_list<Json> metrics, std::initializer_list<Json> pairs) {
  return {{"canaryConfig", {{"name", "c"}, {"metrics", std::vector<Json>(metrics)}}},
          {"scoreThresholds", {{"pass", 95}, {"marginal", 75}}},
          {"metricSetPairList", std::vector<Json>(pairs)}};
}

Values series(double level, int n) {
  Values values;
  for (int i = 0; i < n; ++i) values.push_back(level * (1 + 0.01 * (i * 7 % 13)));
  return values;
}

std::string problems_of(const std::string& text) {
  const auto parsed = read_judge_request(text, "r.json");
  return parsed ? "" : to_string(parsed.error());
}

Json answer_to(const Json& body) {
  const auto parsed = read_judge_request(body.dump(), "r.json");
  EXPECT_TRUE(parsed) << problems_of(body.dump());
  return Json::parse(judge_result_json(*parsed, judge_request(*parsed)));
}

TEST(KayentaRequest, IsReadWithItsDefaults) {
  const auto parsed =
      read_judge_request(request({metric("a"), metric("b", {{"effectSize", {{"measure", "cles"}}},
                                                            {"direction", "sideways"},
                                                            {"critical", nullptr}})},
                                 {pair("b", {1, "NaN", 2.5}, {})})
                             .dump(),
                         "r.json");
  ASSERT_TRUE(parsed);
  const MetricRule& a = parsed->metrics[0].rule;
  EXPECT_EQ(a.limits.allowed_increase, 1);
  EXPECT_EQ(a.tolerance, 0.25);
  EXPECT_EQ(a.confidence, 0.98);
  EXPECT_FALSE(a.critical || a.muted || a.must_have_data || a.remove_outliers);
  const MetricRule& b = parsed->metrics[1].rule;
  EXPECT_EQ(b.limits.critical_decrease, 0.5);
  EXPECT_EQ(b.direction, Direction::either);
  ASSERT_THAT(parsed->pairs, SizeIs(1));
  EXPECT_TRUE(std::isnan(parsed->pairs[0].control.values[1]));
  EXPECT_EQ(parsed->pairs[0].config, 1U);
}

TEST(KayentaRequest, NamesEveryProblemWithItsPath) {
  Json body = request({metric("a", {{"critical", "yes"}}), metric("a"),
                       metric("c", {{"outliers", {{"strategy", "remove"}, {"outlierFactor", 0}}},
                                    {"effectSize", {{"allowedIncrease", "10%"}}}})},
                      {pair("nobody", {1, "x"}, {nullptr})});
  body["scoreThresholds"].erase("marginal");
  const std::string problems = problems_of(body.dump());
  EXPECT_THAT(problems, HasSubstr("KAY-102 canaryConfig.metrics[0].analysisConfigurations.canary"
                                  ".critical must be true or false, but was \"yes\""));
  EXPECT_THAT(problems, HasSubstr("KAY-201 canaryConfig.metrics[1] a is configured twice"));
  EXPECT_THAT(problems, HasSubstr("outliers.outlierFactor must be > 0, but was 0"));
  EXPECT_THAT(problems, HasSubstr("allowedIncrease must be a number, but was \"10%\""));
  EXPECT_THAT(problems, HasSubstr("KAY-202 metricSetPairList[0].name"));
  EXPECT_THAT(problems, HasSubstr("metricSetPairList[0].values.control[1] must be a finite number "
                                  "or \"NaN\", but was \"x\""));
  EXPECT_THAT(problems, HasSubstr("values.experiment[0]"));
  EXPECT_THAT(problems, HasSubstr("KAY-101 scoreThresholds.marginal is required, but is missing"));
}

TEST(KayentaRequest, ListsABoundedNumberOfProblems) {
  const Values bad(10'000, "Infinity");
  const auto parsed =
      read_judge_request(request({metric("a")}, {pair("a", bad, {1})}).dump(), "r.json");
  ASSERT_FALSE(parsed);
  EXPECT_THAT(parsed.error(), SizeIs(51));
  EXPECT_THAT(to_string(parsed.error()), HasSubstr("9950 more problems"));
}

TEST(KayentaRequest, WhatIsNoJsonIsNamedByItsPlace) {
  EXPECT_THAT(problems_of(""), HasSubstr("KAY-001"));
  EXPECT_THAT(problems_of("{\n  \"canaryConfig\": }"), HasSubstr("r.json:2:19 KAY-001"));
  EXPECT_THAT(problems_of("{\"a\": 1e999}"), HasSubstr("KAY-001"));
  EXPECT_THAT(problems_of(std::string("\xff\xfe\0{", 4)), HasSubstr("KAY-001"));
  EXPECT_THAT(problems_of(std::string(100'000, '[')), HasSubstr("KAY-002"));
  for (const char* text : {"null", "[]", "7", "{}", "{\"canaryConfig\": 1}"}) {
    EXPECT_THAT(problems_of(text), HasSubstr("KAY-1")) << text;
  }
}

// An identifier is handed back as it came, and copying or printing one recurses.
TEST(KayentaRequest, WhatIsHandedBackMayNotBeDeep) {
  const auto with_id = [](std::size_t depth) {
    return R"({"canaryConfig":{"metrics":[{"name":"a"}]},"scoreThresholds":{"pass":9,"marginal":7},)"
           R"("metricSetPairList":[{"name":"a","values":{"control":[],"experiment":[]},"id":)" +
           std::string(depth, '[') + std::string(depth, ']') + "}]}";
  };
  EXPECT_EQ(problems_of(with_id(50)), "");
  EXPECT_THAT(problems_of(with_id(2'000'000)), HasSubstr("KAY-002"));
}

TEST(KayentaResult, HasTheNamesAndNumbersOfKayenta) {
  const Json result =
      answer_to(request({metric("up", {{"critical", true}}), metric("same"), metric("gone"),
                         metric("one"), metric("quiet", {{"muted", true}})},
                        {pair("up", {1, 2.2, 1.1, 2.5, 3}, {20, 22, 21, 25, 30}),
                         pair("same", {1, 2}, {2, 1}), pair("gone", {1, 2}, {"NaN"}),
                         pair("one", {1}, {2}), pair("quiet", {0, 0, 0, 0, 0}, {1, 4, 2, 3, 1})}));
  EXPECT_EQ(result["judgeName"], "NetflixACAJudge-v1.0");
  const Json& up = result["results"][0];
  EXPECT_EQ(up["id"], "id-up");
  EXPECT_EQ(up["tags"]["zone"], "a");
  EXPECT_EQ(up["classification"], "High");
  EXPECT_EQ(up["classificationReason"], "The metric up was classified as High (Critical)");
  EXPECT_EQ(up["critical"], true);
  EXPECT_EQ(up["muted"], false);
  EXPECT_EQ(up["experimentMetadata"]["stats"]["count"], 5);
  EXPECT_NEAR(up["resultMetadata"]["ratio"].get<double>(), 12.040816, 1e-6);
  EXPECT_EQ(result["results"][2]["classificationReason"], "Missing data for gone");
  EXPECT_EQ(result["results"][3]["classification"], "Error");
  EXPECT_FALSE(result["results"][3].contains("resultMetadata"));
  EXPECT_EQ(result["results"][4]["resultMetadata"]["ratio"], "NaN");
  EXPECT_EQ(result["score"]["score"], 0.0);
  EXPECT_EQ(result["score"]["classification"], "Fail");
  EXPECT_EQ(result["score"]["classificationReason"],
            "Canary Failed: The metric up was classified as High (Critical)");
  ASSERT_THAT(result["groupScores"], SizeIs(1));
  EXPECT_EQ(result["groupScores"][0]["score"], 50.0) << "High and Pass; Nodata, Error, muted out";
}

TEST(KayentaResult, SaysWhereOurJudgeDiffersAndWhy) {
  const Json result = answer_to(
      request({metric("few"), metric("same"), metric("double", {{"direction", "increase"}})},
              {pair("few", series(10, 5), series(10.2, 5)), pair("same", {1, 2}, {2, 1}),
               pair("double", series(10, 400), series(30, 400))}));
  const Json& own = result["haldane"]["metrics"];
  ASSERT_THAT(own, SizeIs(3));
  EXPECT_EQ(own[0]["classification"], "Pass");
  EXPECT_EQ(own[0]["decision"], "inconclusive");
  EXPECT_EQ(own[0]["differs"], true);
  EXPECT_THAT(own[0]["why"].get<std::string>(), HasSubstr("cannot show to differ"));
  EXPECT_EQ(own[1]["decision"], "inconclusive");
  EXPECT_EQ(own[1]["differs"], true);
  EXPECT_EQ(own[2]["classification"], "High");
  EXPECT_EQ(own[2]["decision"], "rollback") << own[2].dump();
  EXPECT_EQ(own[2]["differs"], false);
}

TEST(KayentaResult, RemarksOnWhatKayentaAcceptsSilently) {
  Json body = request({metric("a")}, {pair("a", {1}, {2})});
  body["scoreThresholds"] = {{"pass", 50}, {"marginal", 75}};
  body["canaryConfig"]["classifier"] = {{"groupWeights", {{"g", 40}, {"absent", 60}}}};
  const std::string remarks = answer_to(body)["haldane"]["remarks"].dump();
  EXPECT_THAT(remarks, HasSubstr("below the marginal one 75"));
  EXPECT_THAT(remarks, HasSubstr("group absent has weight 60 but no metric"));
  EXPECT_THAT(remarks, HasSubstr("counts them as healthy"));
}

TEST(KayentaResult, AnEmptyListFails) {
  const Json result = answer_to(request({}, {}));
  EXPECT_EQ(result["score"]["classification"], "Fail");
  EXPECT_THAT(result["results"], IsEmpty());
}

}  // namespace
}  // namespace haldane::analysis::kayenta
