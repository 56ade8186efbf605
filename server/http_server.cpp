#include "server/http_server.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include "server/http_session.h"
#include "server/problem.h"
#include "server/respond.h"

namespace haldane::server {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// When the system has no descriptor left, asking again at once would only burn time.
constexpr std::chrono::milliseconds accept_pause{100};

// A bug or a lack of memory fails one request, not the server.
Response respond_or_fail(const Site& site, const Request& request) {
  try {
    return respond(site, request);
  } catch (const std::exception& error) {
    return problem(500, error.what());
  }
}

}  // namespace

// Everything but `judges_` belongs to the thread in run().
class HttpServer::Core : public SessionHost {
 public:
  Core(const ServerLimits& limits, Site site)
      : limits_(limits), site_(std::move(site)), judges_(limits.threads) {}

  error_code listen(const tcp::endpoint& where) {
    error_code error;
    if (acceptor_.open(where.protocol(), error)) return error;
    if (acceptor_.set_option(tcp::acceptor::reuse_address(true), error)) return error;
    if (acceptor_.bind(where, error)) return error;
    if (acceptor_.listen(tcp::acceptor::max_listen_connections, error)) return error;
    endpoint_ = acceptor_.local_endpoint(error);
    return error;
  }

  [[nodiscard]] const tcp::endpoint& endpoint() const { return endpoint_; }

  void run() {
    accept();
    while (!ran_out()) continue;
    judges_.join();
  }

  void stop() {
    asio::post(context_, [this] { begin_stop(); });
  }

  void handle(Request request, Answer done) override {
    if (is_quick(request)) return done(respond_or_fail(site_, request));
    auto work = asio::make_work_guard(context_);
    asio::post(judges_, [this, work = std::move(work), request = std::move(request),
                         done = std::move(done)]() mutable {
      Response answer = respond_or_fail(site_, request);
      // The session goes along, so that it never ends on this thread.
      asio::post(context_, [done = std::move(done), answer = std::move(answer)]() mutable {
        done(std::move(answer));
      });
    });
  }

  void waits(const void* session, bool waiting) override {
    if (waiting) {
      waiting_.push_back(session);
      if (next_) make_room();
    } else {
      std::erase(waiting_, session);
    }
  }

  void closed(const void* session) override {
    std::erase(waiting_, session);
    std::erase_if(sessions_, [session](const Entry& entry) { return entry.id == session; });
    if (!next_) return;
    tcp::socket socket = std::move(*next_);
    next_.reset();  // before its session waits, which would make room for it again
    begin(std::move(socket));
    accept();
  }

  [[nodiscard]] bool stopping() const override { return stopping_; }

 private:
  struct Entry {
    const void* id = nullptr;
    std::weak_ptr<HttpSession> session;
  };

  // What one connection throws, for lack of memory say, ends that connection.
  bool ran_out() {
    try {
      context_.run();
      return true;
    } catch (const std::exception&) {
      return false;
    }
  }

  void accept() {
    if (stopping_) return;
    acceptor_.async_accept([this](const error_code& error, tcp::socket socket) {
      if (stopping_) return;
      if (error) return pause();
      if (sessions_.size() >= limits_.connections_max) {
        next_ = std::move(socket);  // until closed()
        make_room();
        return;
      }
      begin(std::move(socket));
      accept();
    });
  }

  void pause() {
    pause_.expires_after(accept_pause);
    pause_.async_wait([this](const error_code& error) {
      if (!error) accept();
    });
  }

  void begin(tcp::socket socket) {
    const auto session = std::make_shared<HttpSession>(std::move(socket), limits_, *this);
    sessions_.push_back({session.get(), session});
    session->start();
  }

  [[nodiscard]] std::shared_ptr<HttpSession> find(const void* id) const {
    const auto found = std::find_if(sessions_.begin(), sessions_.end(),
                                    [id](const Entry& entry) { return entry.id == id; });
    return found == sessions_.end() ? nullptr : found->session.lock();
  }

  void make_room() {
    if (waiting_.empty()) return;
    if (const auto oldest = find(waiting_.front())) oldest->close();
  }

  void begin_stop() {
    stopping_ = true;
    error_code error;
    std::ignore = acceptor_.close(error);
    pause_.cancel();
    next_.reset();
    for (const Entry& entry : sessions_) {
      const auto session = entry.session.lock();
      if (session && session->phase() == HttpSession::Phase::header) session->close();
    }
  }

  const ServerLimits limits_;
  const Site site_;
  asio::io_context context_;
  asio::thread_pool judges_;
  tcp::acceptor acceptor_{context_};
  tcp::endpoint endpoint_;
  asio::steady_timer pause_{context_};
  std::vector<Entry> sessions_;
  std::vector<const void*> waiting_;  // the longest first
  std::optional<tcp::socket> next_;   // has no room yet
  bool stopping_ = false;
};

HttpServer::HttpServer(std::unique_ptr<Core> core) : core_(std::move(core)) {}
HttpServer::~HttpServer() = default;

Expected<std::unique_ptr<HttpServer>, std::string> HttpServer::open(const tcp::endpoint& where,
                                                                    const ServerLimits& limits,
                                                                    Site site) {
  auto core = std::make_unique<Core>(limits, std::move(site));
  const error_code error = core->listen(where);
  if (error) return Unexpected{error.message()};
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(core)));
}

tcp::endpoint HttpServer::endpoint() const {
  return core_->endpoint();
}

void HttpServer::run() {
  core_->run();
}

void HttpServer::stop() {
  core_->stop();
}

}  // namespace haldane::server
