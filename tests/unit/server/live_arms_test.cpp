// Arms by queries, of a Prometheus that a test plays.
#include "server/live_arms.h"

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "server/respond.h"

namespace haldane::server {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Json = nlohmann::json;

// Queue depths at every step; the scatter is a hash of the time and the query.
std::string range_of(const RangeQuestion& question, double scale, double born_s) {
  std::string values;
  for (double at = question.start_s; at <= question.end_s; at += question.step_s) {
    if (at < born_s) continue;
    std::uint64_t hash =
        static_cast<std::uint64_t>(at) * 0x9e3779b97f4a7c15U + question.query.size();
    hash = (hash ^ (hash >> 30U)) * 0xbf58476d1ce4e5b9U;
    hash = (hash ^ (hash >> 27U)) * 0x94d049bb133111ebU;
    const double u = static_cast<double>(hash >> 11U) * 0x1p-53;
    values += (values.empty() ? "[" : ",[") + std::to_string(at) + ",\"" +
              std::to_string(scale * (10 + u)) + "\"]";
  }
  const std::string series =
      values.empty() ? "" : R"({"metric":{"__name__":"queue_depth"},"values":[)" + values + "]}";
  return R"({"status":"success","data":{"resultType":"matrix","result":[)" + series + "]}}";
}

class LiveArms : public testing::Test {
 protected:
  LiveArms() {
    site_.version = "1";
    site_.now_s = [this] { return now_s_; };
    site_.ask_range = [this](const RangeQuestion& question) -> Expected<std::string, RangeProblem> {
      asked_.push_back(question);
      if (fails_) return Unexpected{*fails_};
      if (!document_.empty()) return document_;
      const bool canary = question.query == "q{canary}";
      return range_of(question, canary ? slower_ : 1, canary ? born_s_ : 0);
    };
    body_ = {{"policy",
              "schema: haldane.policy/1\nmetrics: [{name: queue_depth, kind: gauge, "
              "margin: {relative: 5%}}]\n"},
             {"baseline", {{"query", "q{old}"}}},
             {"canary", {{"query", "q{canary}"}}}};
  }
  [[nodiscard]] Response ask() const {
    return respond(site_, {"POST", "/verdict", "application/json", body_.dump()});
  }
  [[nodiscard]] Json answer() const {
    const Response response = ask();
    EXPECT_EQ(response.status, 200) << response.body;
    return Json::parse(response.body);
  }

  Site site_;
  Json body_;
  double now_s_ = 1'700'000'007;
  double born_s_ = 1'700'000'000 - 1800;
  double slower_ = 1.3;
  std::string document_;
  std::optional<RangeProblem> fails_;
  std::vector<RangeQuestion> asked_;
};

TEST_F(LiveArms, AreJudgedFromTheCanarysFirstPointOn) {
  const Json json = answer();
  EXPECT_EQ(json.at("verdict"), "rollback") << json.dump();
  ASSERT_THAT(asked_, SizeIs(2));
  EXPECT_EQ(asked_[0].query, "q{canary}");
  EXPECT_EQ(asked_[0].end_s, 1'700'000'000 - 1'700'000'000 % 15 + 0.0);
  EXPECT_EQ(asked_[0].start_s, asked_[0].end_s - 3600);
  EXPECT_GE(asked_[1].start_s, born_s_);
  EXPECT_LT(asked_[1].start_s, born_s_ + 15);
  EXPECT_EQ(asked_[1].end_s, asked_[0].end_s);
  EXPECT_EQ(json.at("n"), 2 * ((asked_[1].end_s - asked_[1].start_s) / 15 + 1));
  EXPECT_THAT(json.at("warnings").dump(), testing::Not(HasSubstr("older than")));
}

TEST_F(LiveArms, AWindowThatSlidesIsWarnedOf) {
  born_s_ = 0;
  body_["since"] = "10m";
  body_["step"] = "30s";
  EXPECT_THAT(answer().at("warnings").dump(), HasSubstr("older than the 10m"));
  EXPECT_EQ(asked_[0].end_s - asked_[0].start_s, 600);
  EXPECT_EQ(asked_[0].step_s, 30);
}

TEST_F(LiveArms, ACanaryWithoutDataIsInconclusive) {
  born_s_ = now_s_ + 1;
  const Json json = answer();
  EXPECT_EQ(json.at("verdict"), "inconclusive");
  EXPECT_THAT(json.at("warnings").dump(), HasSubstr("canary: Prometheus has no such series"));
}

TEST_F(LiveArms, AServerThatIsAwayIsNoVerdict) {
  fails_ = RangeProblem{true, "http://p: Connection refused"};
  const Response response = ask();
  EXPECT_EQ(response.status, 502);
  EXPECT_THAT(response.body, HasSubstr("Connection refused"));
  fails_->unavailable = false;
  EXPECT_THAT(ask().body, HasSubstr(R"("id":"SRV-108","path":"canary.query")"));
  fails_.reset();
  for (const char* document :
       {"<html>",
        R"({"status":"success","data":{"resultType":"matrix","result":[7,{"values":7}]}})",
        R"({"data":{"result":[{"metric":{},"values":[["x"],[]]}]}})", "[]", "null"}) {
    document_ = document;
    EXPECT_EQ(answer().at("verdict"), "inconclusive") << document;
  }
  document_ = R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":)"
              R"({"le":"1"},"values":[[1,"1"]]}]}})";
  EXPECT_EQ(ask().status, 400);
}

TEST_F(LiveArms, OnlyTheOperatorSaysWhoIsAsked) {
  site_.ask_range = nullptr;
  const Response response = ask();
  EXPECT_EQ(response.status, 400);
  EXPECT_THAT(response.body, HasSubstr(R"("id":"SRV-107","path":"baseline.query")"));
  EXPECT_THAT(response.body, HasSubstr(R"("id":"SRV-107","path":"canary.query")"));
  EXPECT_THAT(asked_, IsEmpty());
}

TEST_F(LiveArms, TheWindowIsChecked) {
  body_["since"] = "soon";
  body_["step"] = "10ms";
  body_["baseline"] = {{"query", ""}, {"text", "a\n1\n"}};
  const std::string body = ask().body;
  for (const char* each : {R"("SRV-106","path":"since")", R"("SRV-106","path":"step")",
                           R"("path":"baseline.query","message":"must not be empty")",
                           R"("SRV-104","path":"baseline.text")"})
    EXPECT_THAT(body, HasSubstr(each));
  body_ = {{"baseline", {{"query", "a"}}}, {"canary", {{"query", "b"}}}, {"since", "100h"}};
  EXPECT_THAT(ask().body, HasSubstr("must be at most 11000 steps"));
  EXPECT_THAT(asked_, IsEmpty());
}

}  // namespace
}  // namespace haldane::server
