// The server on a port of this machine: its limits, its patience, and how it stops.
#include "server/http_server.h"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/http_client.h"

namespace haldane::server {
namespace {

using std::chrono::milliseconds;
using test::body_of;
using test::HttpClient;
using test::post;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

const std::string health = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n";
const std::string last_health = "GET /health HTTP/1.0\r\n\r\n";
const std::string verdict = R"({"baseline":"latency_ms\n1\n2\n","canary":"latency_ms\n1\n2\n"})";

class HttpServerTest : public testing::Test {
 protected:
  ~HttpServerTest() override { stop(); }

  void start() {
    auto opened = HttpServer::open({boost::asio::ip::address_v4::loopback(), 0}, limits_,
                                   Site{"1", {{"/d", "{}\n"}}, {}, {}});
    ASSERT_TRUE(opened) << opened.error();
    server_ = std::move(opened).value();
    thread_ = std::thread([this] { server_->run(); });
  }
  void stop() {
    if (!thread_.joinable()) return;
    server_->stop();
    thread_.join();
  }
  [[nodiscard]] std::uint16_t port() const { return server_->endpoint().port(); }
  [[nodiscard]] std::string ask(const std::string& bytes) const {
    HttpClient client(port());
    client.send(bytes);
    return client.read_answer();
  }

  ServerLimits limits_;
  std::unique_ptr<HttpServer> server_;
  std::thread thread_;
};

TEST_F(HttpServerTest, KeepsAConnection) {
  start();
  HttpClient client(port());
  for (int i = 0; i < 3; ++i) {
    client.send(health);
    EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 200 OK\r\n"));
  }
  client.send(health + post("/verdict", verdict) + health);
  EXPECT_THAT(client.read_answer(), HasSubstr("\"status\": \"ok\""));
  EXPECT_THAT(client.read_answer(), HasSubstr("\"verdict\": \"inconclusive\""));
  EXPECT_THAT(client.read_answer(), HasSubstr("\"status\": \"ok\""));
  client.send(last_health);
  EXPECT_THAT(client.read_all(), HasSubstr("Connection: close"));
}

TEST_F(HttpServerTest, AnswersHeadWithoutABody) {
  start();
  HttpClient client(port());
  client.send("HEAD /d HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string answer = client.read_all();
  EXPECT_THAT(answer, HasSubstr("Content-Length: 3\r\n"));
  EXPECT_THAT(body_of(answer), IsEmpty());
}

TEST_F(HttpServerTest, InvitesABodyThatWaits) {
  start();
  HttpClient client(port());
  const std::string request = post("/verdict", verdict, "Expect: 100-continue\r\n");
  const std::size_t header = request.find("\r\n\r\n") + 4;
  client.send(request.substr(0, header));
  EXPECT_EQ(client.read_answer(), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send(request.substr(header));
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 200"));
}

TEST_F(HttpServerTest, RefusesWhatIsTooLargeAndSaysSo) {
  limits_.body_max = 1000;
  limits_.header_max = 1000;
  start();
  HttpClient large(port());
  large.send(post("/verdict", std::string(1'000'000, ' ')));
  const std::string answer = large.read_all();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(answer, HasSubstr("a body may have 1000 bytes"));
  HttpClient chunked(port());
  chunked.send("POST /judge HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n800\r\n" +
               std::string(0x800, ' ') + "\r\n0\r\n\r\n");
  EXPECT_THAT(chunked.read_all(), StartsWith("HTTP/1.1 413"));
  HttpClient wordy(port());
  wordy.send("GET /health HTTP/1.1\r\nX: " + std::string(2000, 'x') + "\r\n\r\n");
  EXPECT_THAT(wordy.read_all(), StartsWith("HTTP/1.1 431"));
}

TEST_F(HttpServerTest, SaysWhatIsNoHttp) {
  start();
  for (const char* bytes : {"hello\r\n\r\n", "GET / HTTP/3\r\n\r\n", "\x16\x03\x01\x02\r\n\r\n",
                            "POST /judge HTTP/1.1\r\nContent-Length: -1\r\n\r\n"}) {
    HttpClient client(port());
    client.send(bytes);
    EXPECT_THAT(client.read_all(), StartsWith("HTTP/1.1 400")) << bytes;
  }
}

TEST_F(HttpServerTest, LosesPatience) {
  limits_.header_patience = milliseconds(50);
  limits_.body_patience = milliseconds(50);
  start();
  HttpClient silent(port());
  HttpClient slow(port());
  slow.send("POST /judge HTTP/1.1\r\nContent-Length: 10\r\n\r\n{");
  EXPECT_THAT(silent.read_all(), IsEmpty());
  EXPECT_THAT(slow.read_all(), IsEmpty());
  EXPECT_THAT(ask(health), StartsWith("HTTP/1.1 200"));
}

TEST_F(HttpServerTest, WhoHasWaitedLongestMakesRoom) {
  limits_.connections_max = 2;
  start();
  HttpClient first(port());
  HttpClient second(port());
  for (HttpClient* client : {&first, &second}) {
    client->send(health);
    EXPECT_THAT(client->read_answer(), StartsWith("HTTP/1.1 200"));
  }
  EXPECT_THAT(ask(health), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(first.read_all(), IsEmpty());
  second.send(health);
  EXPECT_THAT(second.read_answer(), StartsWith("HTTP/1.1 200"));
  // More than there is room for, all at once: each is answered or makes room.
  std::vector<std::unique_ptr<HttpClient>> crowd;
  for (int i = 0; i < 20; ++i) crowd.push_back(std::make_unique<HttpClient>(port()));
  EXPECT_THAT(ask(health), StartsWith("HTTP/1.1 200"));
}

TEST_F(HttpServerTest, AnswersManyAtOnceAlike) {
  start();
  const std::string one = body_of(ask(post("/verdict", verdict)));
  std::vector<std::string> answers(8);
  std::vector<std::thread> clients;
  for (std::string& answer : answers) {
    clients.emplace_back([this, &answer] { answer = body_of(ask(post("/verdict", verdict))); });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_THAT(answers, testing::Each(one));
}

TEST_F(HttpServerTest, FinishesWhatHasBegunWhenItStops) {
  start();
  HttpClient idle(port());
  idle.send(health);
  EXPECT_THAT(idle.read_answer(), StartsWith("HTTP/1.1 200"));
  std::optional<HttpClient> begun(std::in_place, port());
  const std::string request = post("/verdict", verdict, "Expect: 100-continue\r\n");
  const std::size_t header = request.find("\r\n\r\n") + 4;
  begun->send(request.substr(0, header));
  EXPECT_THAT(begun->read_answer(), StartsWith("HTTP/1.1 100"));
  server_->stop();
  EXPECT_THAT(idle.read_all(), IsEmpty());
  begun->send(request.substr(header));
  const std::string answer = begun->read_all();
  begun.reset();
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(answer, HasSubstr("Connection: close"));
  thread_.join();
}

TEST_F(HttpServerTest, AnAddressInUseIsRefused) {
  start();
  const auto second = HttpServer::open(server_->endpoint(), limits_, Site{});
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error(), HasSubstr("in use"));
}

}  // namespace
}  // namespace haldane::server
