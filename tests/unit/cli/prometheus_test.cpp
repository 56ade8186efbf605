// A live Prometheus instead of files, against a server of our own.
#include "cli/judge/prometheus.h"

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <map>

#include <gmock/gmock.h>

#include "tests/unit/cli/follow_world.h"
#include "tests/unit/cli/http_server.h"

namespace haldane::cli {
namespace {

using test::HttpServer;
using ::testing::HasSubstr;

// Queue depths every `step` seconds; the scatter is a hash of the time and the arm.
std::string range_of(double start_s, double end_s, double step_s, double scale) {
  std::string values;
  for (double at = start_s; at <= end_s; at += step_s) {
    const auto tick = static_cast<std::uint64_t>(at / step_s);
    std::uint64_t hash = (2 * tick + (scale == 1 ? 0 : 1)) * 0x9e3779b97f4a7c15U;
    hash = (hash ^ (hash >> 30U)) * 0xbf58476d1ce4e5b9U;
    hash = (hash ^ (hash >> 27U)) * 0x94d049bb133111ebU;
    const double u = static_cast<double>(hash >> 11U) * 0x1p-53;
    values += (values.empty() ? "" : ",") + std::string("[") + std::to_string(at) + ",\"" +
              std::to_string(scale * (10 + u)) + "\"]";
  }
  return R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":)"
         R"({"__name__":"queue_depth"},"values":[)" +
         values + "]}]}}";
}

double number_in(const std::string& form, const std::string& name) {
  return std::stod(form.substr(form.find(name + "=") + name.size() + 1));
}

// What a Prometheus with these two arms would say.
HttpServer::Answer answer(const std::string& form, double slower) {
  const bool canary = form.find("canary") != std::string::npos;
  return {200, range_of(number_in(form, "start"), number_in(form, "end"), number_in(form, "step"),
                        canary ? slower : 1)};
}

class Prometheus : public FollowWorldTest {
 protected:
  Prometheus() {
    write("p.yaml",
          "schema: haldane.policy/1\nmetrics:\n  - {name: queue_depth, kind: gauge, "
          "margin: {relative: 5%}}\n");
    options_.baseline = "queue_depth{arm=\"baseline\"}";
    options_.canary = "queue_depth{arm=\"canary\"}";
    options_.out = path("verdict.json");
  }
  void ask(const HttpServer& server) { options_.prometheus.server = server.url() + "/prom/"; }
};

TEST_F(Prometheus, IsAskedForBothArms) {
  std::string target;
  std::string form;
  const HttpServer server([&](const std::string& to, const std::string& body) {
    target = to;
    form = body;
    return answer(body, 1.2);
  });
  ask(server);
  EXPECT_EQ(judge(options_), ExitCode::rollback);
  EXPECT_EQ(target, "/prom/api/v1/query_range");
  EXPECT_THAT(form, HasSubstr("query=queue%5Fdepth%7Barm%3D%22canary%22%7D&start="));
  EXPECT_EQ(number_in(form, "end") - number_in(form, "start"), 1800);
  const std::string verdict = read("verdict.json");
  EXPECT_THAT(verdict, HasSubstr(R"("n":121)"));
  EXPECT_THAT(verdict, HasSubstr("queue_depth{arm=\\\"baseline\\\"}"));
}

TEST_F(Prometheus, IsFollowedUntilItDecides) {
  std::atomic<int> questions = 0;
  const HttpServer server([&](const std::string&, const std::string& body) {
    // The server restarts once.
    return ++questions == 6 ? HttpServer::Answer{503, "starting"} : answer(body, 1.2);
  });
  ask(server);
  options_.format = "json";
  options_.out = "";
  options_.follow.interval = Duration::seconds(60);
  options_.follow.deadline = Duration::seconds(7200);
  options_.follow.state = path("state");
  EXPECT_EQ(run(), ExitCode::rollback) << messages_;
  EXPECT_GE(printed_.size(), 5U);
  EXPECT_LT(printed_.size(), 60U);
  // The decision stands, whatever the server says now.
  options_.prometheus.server = "http://127.0.0.1:1";
  EXPECT_EQ(run(), ExitCode::rollback) << messages_;
}

// Fifty hours at a step of 15 s, which no server would give in one answer.
class LongPrometheusWatch : public Prometheus {
 protected:
  LongPrometheusWatch() {
    ask(server_);
    write("p.yaml",
          "schema: haldane.policy/1\nmetrics:\n  - {name: queue_depth, kind: gauge, "
          "margin: {relative: 0.01%}}\n");
    options_.format = "json";
    options_.out = "";
    options_.follow.interval = Duration::seconds(7200);
    options_.follow.deadline = Duration::seconds(50 * 3600);
    options_.follow.state = path("state");
  }
  [[nodiscard]] nlohmann::json last_metric() const {
    return look(printed_.size() - 1)["report"]["metrics"][0];
  }

  std::map<double, int> asked_;  // for pieces of the canary, by their start
  double longest_s_ = 0;
  HttpServer server_{[this](const std::string&, const std::string& body) {
    const double start_s = number_in(body, "start");
    longest_s_ = std::max(longest_s_, number_in(body, "end") - start_s);
    if (body.find("canary") != std::string::npos) ++asked_[start_s];
    return answer(body, 1.0);
  }};
};

TEST_F(LongPrometheusWatch, AsksForEachHourOnceAndJudgesAllOfThem) {
  EXPECT_EQ(run(), ExitCode::inconclusive) << messages_;
  EXPECT_EQ(last_metric()["canary"]["n"], 50 * 240 + 1);
  EXPECT_LE(longest_s_, 3600 + 300);
  EXPECT_GE(asked_.size(), 49U);
  for (const auto& [start_s, times] : asked_) EXPECT_LE(times, 2) << start_s;
  // A restart asks for the same pieces.
  const nlohmann::json last = last_metric();
  EXPECT_EQ(run(), ExitCode::inconclusive) << messages_;
  EXPECT_EQ(last_metric(), last);
}

TEST_F(Prometheus, WhatItRefusesIsSaid) {
  const HttpServer server([](const std::string&, const std::string&) {
    return HttpServer::Answer{400, R"({"status":"error","error":"parse error"})"};
  });
  ask(server);
  EXPECT_EQ(judge(options_), ExitCode::bad_input);
  const auto refused = query_range({server.url(), "x{", 0, 60, 15});
  ASSERT_FALSE(refused.has_value());
  EXPECT_THAT(refused.error().text, HasSubstr("answered 400 to x{"));
  EXPECT_THAT(refused.error().text, HasSubstr("parse error"));
}

TEST_F(Prometheus, NoServerAndNoSeriesAreErrors) {
  options_.prometheus.server = "http://127.0.0.1:1";
  EXPECT_EQ(judge(options_), ExitCode::unavailable);
  const HttpServer empty([](const std::string&, const std::string&) {
    return HttpServer::Answer{200,
                              R"({"status":"success","data":{"resultType":"matrix","result":[]}})"};
  });
  ask(empty);
  EXPECT_EQ(judge(options_), ExitCode::bad_input);
  const HttpServer garbage(
      [](const std::string&, const std::string&) { return HttpServer::Answer{200, "<html>"}; });
  ask(garbage);
  EXPECT_EQ(judge(options_), ExitCode::bad_input);
}

TEST(PrometheusServer, MustBeAnHttpUrl) {
  for (const char* good : {"http://p", "http://p:9090", "http://[::1]:9090/prefix/"}) {
    EXPECT_EQ(refused_server(good), "") << good;
  }
  for (const char* bad : {"", "p:9090", "https://p", "http://", "http://:9090", "http://p:"}) {
    EXPECT_NE(refused_server(bad), "") << bad;
  }
}

}  // namespace
}  // namespace haldane::cli
