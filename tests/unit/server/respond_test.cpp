// Requests to answers, without a socket.
#include "server/respond.h"

#include <cmath>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "server/listen_address.h"

namespace haldane::server {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Json = nlohmann::json;

const Site site{"1.2.3", {{"/openapi.json", "{\"openapi\": 1}\n"}}, {}, {}};

Response ask(const std::string& method, const std::string& target, const std::string& body = "",
             const std::string& type = "application/json") {
  return respond(site, {method, target, type, body});
}

// Latencies that spread evenly over their logarithm, `scale` times the same in both arms.
std::string csv(int rows, double scale, int from = 0) {
  std::string text = "latency_ms\n";
  for (int i = from; i < from + rows; ++i) {
    const double u = std::fmod((i + 1) * 0.6180339887498949, 1.0);
    text += std::to_string(scale * 20 * std::exp(u)) + "\n";
  }
  return text;
}

const std::string policy =
    "schema: haldane.policy/1\nmetrics:\n  - {name: latency_ms, kind: samples, quantiles: [p50], "
    "margin: {relative: 5%}}\n";

std::vector<std::string> problems_of(const Response& response) {
  EXPECT_EQ(response.status, 400);
  std::vector<std::string> all;
  const Json json = Json::parse(response.body);
  for (const Json& p : json.at("problems"))
    all.push_back(p.at("id").get<std::string>() + " " + p.value("path", "") + " " +
                  p.at("message").get<std::string>());
  return all;
}

TEST(Respond, KnowsItsPathsAndMethods) {
  EXPECT_EQ(Json::parse(ask("GET", "/health").body).at("version"), "1.2.3");
  EXPECT_EQ(ask("GET", "/health?x=1").status, 200);
  EXPECT_EQ(ask("HEAD", "/openapi.json").body, site.documents[0].text);
  const Response wrong = ask("GET", "/judge");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.allow, "POST");
  EXPECT_EQ(ask("DELETE", "/health").allow, "GET, HEAD");
  for (const char* path : {"/", "", "/judge/", "/Judge", "/openapi.json/..", "*"})
    EXPECT_EQ(ask("GET", path).status, 404) << path;
  EXPECT_THAT(ask("GET", "/").body, HasSubstr("POST /verdict"));
}

TEST(Respond, TakesNothingButJson) {
  EXPECT_EQ(ask("POST", "/judge", "{}", "").status, 415);
  EXPECT_EQ(ask("POST", "/judge", "{}", "text/plain").status, 415);
  EXPECT_EQ(ask("POST", "/judge", "{}", "Application/JSON ; charset=UTF-8").status, 400);
}

TEST(Respond, OnlyJudgingTakesTime) {
  EXPECT_TRUE(is_quick({"GET", "/judge", "", ""}));
  EXPECT_FALSE(is_quick({"POST", "/judge", "", ""}));
}

TEST(JudgePath, AnswersAsARemoteJudge) {
  const Response response =
      ask("POST", "/judge",
          R"({"canaryConfig":{"metrics":[{"name":"a","groups":["g"]}]},)"
          R"("scoreThresholds":{"pass":95,"marginal":75},"metricSetPairList":[{"name":"a",)"
          R"("values":{"control":[1,2.2,1.1,2.5,3],"experiment":[20,22,21,25,30]}}]})");
  EXPECT_EQ(response.status, 200);
  const Json json = Json::parse(response.body);
  EXPECT_EQ(json.at("results")[0].at("classification"), "High");
  EXPECT_EQ(json.at("score").at("classification"), "Fail");
}

TEST(JudgePath, NamesEveryProblem) {
  EXPECT_THAT(problems_of(ask("POST", "/judge", R"({"scoreThresholds":{"pass":"x"}})")),
              testing::SizeIs(4));
  EXPECT_THAT(problems_of(ask("POST", "/judge", "{")),
              ElementsAre("KAY-001  is not JSON from here on"));
}

TEST(VerdictPath, AnswersShortly) {
  for (const Json& p : {Json(policy), Json(nullptr)}) {
    const Json body = {{"policy", p}, {"baseline", csv(4000, 1)}, {"canary", csv(4000, 1.3, 1000)}};
    const Response response = ask("POST", "/verdict", body.dump());
    ASSERT_EQ(response.status, 200) << response.body;
    const Json json = Json::parse(response.body);
    EXPECT_EQ(json.at("verdict"), "rollback");
    EXPECT_EQ(json.at("passed"), false);
    EXPECT_EQ(json.at("failed"), true);
    EXPECT_EQ(json.at("n"), 8000);
    EXPECT_THAT(json.at("reasons")[0].get<std::string>(), HasSubstr("beyond the margin of 5 %"));
    EXPECT_EQ(response.body, ask("POST", "/verdict", body.dump()).body);
  }
}

TEST(VerdictPath, FewRowsAreInconclusive) {
  const Json body = {{"policy", policy}, {"baseline", csv(3, 1)}, {"canary", "latency_ms\n"}};
  const Json json = Json::parse(ask("POST", "/verdict", body.dump()).body);
  EXPECT_EQ(json.at("verdict"), "inconclusive");
  EXPECT_EQ(json.at("passed"), false);
  EXPECT_EQ(json.at("failed"), false);
}

TEST(VerdictPath, GivesTheWholeVerdictWhereItIsAskedFor) {
  const Json as_json = {{"schema", "haldane.policy/1"},
                        {"metrics", Json::array({{{"name", "latency_ms"},
                                                  {"kind", "samples"},
                                                  {"quantiles", Json::array({"p50"})},
                                                  {"margin", {{"relative", "5%"}}}}})}};
  Json body = {{"policy", as_json},
               {"baseline", {{"text", csv(500, 1)}, {"name", "old.csv"}, {"format", "csv"}}},
               {"canary", csv(500, 1)},
               {"answer", "full"}};
  const Response response = ask("POST", "/verdict", body.dump());
  ASSERT_EQ(response.status, 200) << response.body;
  const Json json = Json::parse(response.body);
  EXPECT_EQ(json.at("schema"), "haldane.verdict/1");
  EXPECT_EQ(json.at("inputs")[0].at("path"), "old.csv");
  EXPECT_EQ(json.at("inputs")[1].at("path"), "canary");
  body["policy"] = policy;
  EXPECT_EQ(response.body, ask("POST", "/verdict", body.dump()).body) << "YAML says the same";
}

TEST(VerdictPath, WarnsOfRowsThatAreLeftOut) {
  const Json body = {{"baseline", csv(10, 1) + "slow\n"}, {"canary", csv(10, 1)}};
  const Json json = Json::parse(ask("POST", "/verdict", body.dump()).body);
  EXPECT_EQ(json.at("warnings")[0], "baseline: 1 of 11 rows could not be read and are left out");
}

TEST(VerdictPath, NamesEveryProblemAtOnce) {
  const Json body = {{"policy", "schema: haldane.policy/1\nalpha: 2\nmetrics: []\n"},
                     {"baseline", "1,2\n3,4\n"},
                     {"canary", {{"text", 7}, {"format", "cvs"}, {"txt", ""}}},
                     {"answer", "long"},
                     {"polcy", 1}};
  const auto problems = problems_of(ask("POST", "/verdict", body.dump()));
  const std::string all = Json(problems).dump();
  for (const char* each :
       {"SRV-104 polcy is not known", "CFG-107 policy.alpha must be", "CSV-005 baseline the first",
        "SRV-104 canary.txt is not known", "SRV-105 canary.format is no format",
        "SRV-102 canary.text must be text, but was 7", "SRV-105 answer must be short or full"})
    EXPECT_THAT(all, HasSubstr(each));
}

TEST(VerdictPath, SaysInWhichLineOfATextItIs) {
  const Json body = {{"policy", "schema: haldane.policy/1\nalpha: 2\n"}, {"baseline", "a\n1\n"}};
  const Json json = Json::parse(ask("POST", "/verdict", body.dump()).body);
  EXPECT_EQ(json.at("problems")[1].at("path"), "policy.alpha") << json.dump();
  EXPECT_EQ(json.at("problems")[1].at("line"), 2);
  EXPECT_THAT(json.dump(), HasSubstr(R"("path":"canary")"));
}

TEST(VerdictPath, RefusesWhatIsNoObject) {
  EXPECT_THAT(problems_of(ask("POST", "/verdict", "[]")),
              ElementsAre("SRV-102  must be an object, but was a list"));
  EXPECT_THAT(problems_of(ask("POST", "/verdict", "null")),
              ElementsAre("SRV-102  must be an object, but was null"));
  EXPECT_THAT(problems_of(ask("POST", "/verdict", std::string(100'000, '['))),
              ElementsAre("SRV-002  is nested deeper than 64 levels"));
}

TEST(ListenAddress, IsAnAddressAndAPort) {
  for (const char* good : {"127.0.0.1:0", "0.0.0.0:65535", "[::1]:8080", "localhost:80"})
    EXPECT_TRUE(parse_listen_address(good)) << good;
  for (const char* bad : {"", ":", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
                          "127.0.0.1:-1", "127.0.0.1:8o", "::1:80", "[127.0.0.1]:80", "host:80"})
    EXPECT_FALSE(parse_listen_address(bad)) << bad;
}

}  // namespace
}  // namespace haldane::server
