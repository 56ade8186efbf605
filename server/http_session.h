// One connection: requests in, answers out, one after the other.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include "server/limits.h"
#include "server/message.h"

namespace haldane::server {

/// What a session needs of its server; all of it is called on the thread that moves bytes.
class SessionHost {
 public:
  using Answer = std::function<void(Response)>;

  virtual ~SessionHost() = default;
  /// Finds the answer on whatever thread and calls `done` on the thread that moves bytes.
  virtual void handle(Request request, Answer done) = 0;
  /// The session waits for its client (again), or does no longer.
  virtual void waits(const void* session, bool waiting) = 0;
  virtual void closed(const void* session) = 0;
  [[nodiscard]] virtual bool stopping() const = 0;
};

class HttpSession : public std::enable_shared_from_this<HttpSession> {
 public:
  enum class Phase : std::uint8_t { header, body, answer, linger };

  HttpSession(boost::asio::ip::tcp::socket socket, const ServerLimits& limits, SessionHost& host);
  ~HttpSession();
  HttpSession(const HttpSession&) = delete;
  HttpSession& operator=(const HttpSession&) = delete;

  void start();
  /// Ends it without an answer; its object goes once what is under way has failed.
  void close();
  [[nodiscard]] Phase phase() const { return phase_; }

 private:
  using Error = boost::system::error_code;

  void read_header();
  void on_header(const Error& error);
  void invite_body();
  void read_body();
  void on_body(const Error& error);
  void refuse(const Error& error);
  void write(Response answer);
  void on_written(const Error& error);
  void linger();
  void discard();
  void enter(Phase phase);

  const ServerLimits& limits_;
  SessionHost& host_;
  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer buffer_;
  std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
  boost::beast::http::response<boost::beast::http::string_body> response_;
  std::optional<boost::beast::http::response_serializer<boost::beast::http::string_body>>
      serializer_;
  Phase phase_ = Phase::header;
  bool head_ = false;        // the request wants no body
  bool keep_alive_ = false;  // the client does
};

}  // namespace haldane::server
