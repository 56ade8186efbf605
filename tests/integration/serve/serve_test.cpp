// `haldane serve` as a container runs it: a port that is printed, answers that are those of the
// command line, a stop by signal.
#include <chrono>
#include <cmath>
#include <csignal>
#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/integration/support/sandbox.h"
#include "tests/support/http_client.h"

namespace haldane::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

const std::string kayenta =
    R"({"canaryConfig":{"metrics":[{"name":"a","groups":["g"]}]},)"
    R"("scoreThresholds":{"pass":95,"marginal":75},"metricSetPairList":[{"name":"a","id":"1",)"
    R"("values":{"control":[1,2.2,1.1,2.5,3],"experiment":[20,22,21,25,30]}}]})";

std::string csv(int rows, double scale) {
  std::string text = "latency_ms\n";
  for (int i = 0; i < rows; ++i)
    text +=
        std::to_string(scale * 20 * std::exp(std::fmod((i + 1) * 0.6180339887498949, 1.0))) + "\n";
  return text;
}

// The server in a shell of its own, from its first line on standard error to its end.
class Serve : public testing::Test {
 protected:
  ~Serve() override {
    if (shell_.joinable()) stop(SIGKILL);
  }

  void start(const std::string& options = "") {
    shell_ = std::thread([this, options] {
      // The shell becomes the server: it reads its script as it goes, and the next run() writes
      // another one there.
      outcome_ = sandbox_.run("echo $$ >id; exec haldane serve --listen 127.0.0.1:0 " + options +
                              " 2>messages");
    });
    for (int i = 0; i < 3000 && port_ == 0; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      const std::string said = sandbox_.exists("messages") ? sandbox_.read("messages") : "";
      const std::size_t colon = said.rfind(':');
      if (said.ends_with('\n'))
        port_ = static_cast<std::uint16_t>(std::stoi(said.substr(colon + 1)));
    }
    ASSERT_NE(port_, 0) << "it never listened";
  }
  /// **Returns** the exit code of the server.
  int stop(int signal) {
    ::kill(std::stoi(sandbox_.read("id")), signal);
    shell_.join();
    return outcome_.exit_code;
  }
  [[nodiscard]] std::string ask(const std::string& bytes) const {
    HttpClient client(port_);
    client.send(bytes);
    return client.read_answer();
  }

  Sandbox sandbox_;
  std::uint16_t port_ = 0;

 private:
  std::thread shell_;
  Outcome outcome_;
};

TEST_F(Serve, JudgesAsTheCommandLineDoes) {
  start();
  EXPECT_THAT(sandbox_.read("messages"), StartsWith("haldane: listening on http://127.0.0.1:"));
  sandbox_.write("r.json", kayenta);
  EXPECT_EQ(body_of(ask(post("/judge", kayenta))),
            sandbox_.run("haldane judge --kayenta r.json").out);
  sandbox_.write("b.csv", csv(300, 1));
  sandbox_.write("c.csv", csv(300, 1.5));
  const json body = {{"baseline", {{"text", csv(300, 1)}, {"name", "b.csv"}}},
                     {"canary", {{"text", csv(300, 1.5)}, {"name", "c.csv"}}},
                     {"answer", "full"}};
  EXPECT_EQ(body_of(ask(post("/verdict", body.dump()))),
            sandbox_.run("haldane judge b.csv c.csv --format json").out);
  EXPECT_EQ(stop(SIGTERM), 143);
}

TEST_F(Serve, ServesItsContracts) {
  start();
  for (const char* name : {"kayenta", "openapi", "verdict"}) {
    const std::string path =
        std::string(name) == "openapi" ? "/openapi.json" : "/schema/" + std::string(name) + ".json";
    EXPECT_EQ(body_of(ask("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n")),
              sandbox_.run(std::string("haldane schema ") + name).out);
  }
  EXPECT_EQ(stop(SIGINT), 130);
}

// A body that is long to judge and clients that say nothing hold up nobody.
TEST_F(Serve, NobodyHoldsUpTheOthers) {
  start("--threads 1");
  HttpClient silent(port_);
  HttpClient slow(port_);
  slow.send("POST /judge HTTP/1.1\r\nContent-Length: 1000\r\n\r\n");
  HttpClient busy(port_);
  const json body = {{"baseline", csv(300'000, 1)}, {"canary", csv(300'000, 1.5)}};
  busy.send(post("/verdict", body.dump()));
  EXPECT_THAT(ask("GET /health HTTP/1.1\r\nHost: x\r\n\r\n"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(busy.read_answer(), HasSubstr("\"verdict\": \"rollback\""));
  EXPECT_THAT(ask(post("/judge", kayenta)), HasSubstr("\"High\""));
}

TEST_F(Serve, AStopFinishesWhatRuns) {
  start();
  HttpClient busy(port_);
  const json body = {{"baseline", csv(300'000, 1)}, {"canary", csv(300'000, 1.5)}};
  busy.send(post("/verdict", body.dump(), "Expect: 100-continue\r\n"));
  EXPECT_THAT(busy.read_answer(), StartsWith("HTTP/1.1 100"));
  EXPECT_EQ(stop(SIGTERM), 143);
  const std::string answer = busy.read_all();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(answer, HasSubstr("\"verdict\": \"rollback\""));
}

TEST_F(Serve, AsksThePrometheusOfItsOperatorAlone) {
  const json body = {{"baseline", {{"query", "a"}}}, {"canary", {{"query", "b"}}}};
  start("--prometheus http://127.0.0.1:1");
  const std::string answer = ask(post("/verdict", body.dump()));
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 502 Bad Gateway"));
  EXPECT_THAT(answer, HasSubstr("http://127.0.0.1:1: Connection refused"));
  EXPECT_EQ(sandbox_.run("haldane serve --prometheus https://p").exit_code, 64);
}

TEST_F(Serve, RefusesABodyBeyondItsLimit) {
  start("--body-max 1KiB");
  EXPECT_THAT(ask(post("/judge", std::string(1025, ' '))), StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(ask(post("/judge", std::string(1024, ' '))), StartsWith("HTTP/1.1 400"));
}

TEST_F(Serve, EndsAsTheContractSays) {
  start();
  const Outcome taken = sandbox_.run("haldane serve --listen 127.0.0.1:" + std::to_string(port_));
  EXPECT_EQ(taken.exit_code, 69);
  EXPECT_THAT(taken.err, HasSubstr("cannot listen on 127.0.0.1:"));
  EXPECT_THAT(taken.err, HasSubstr("in use"));
  EXPECT_THAT(taken.out, IsEmpty());
  for (const char* bad : {"--listen nowhere", "--listen 127.0.0.1:99999", "--threads 0",
                          "--body-max 1B", "--body-max much", "now"})
    EXPECT_EQ(sandbox_.run(std::string("haldane serve ") + bad).exit_code, 64) << bad;
}

}  // namespace
}  // namespace haldane::test
