#include "server/http_session.h"

#include <chrono>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/string.hpp>

#include "server/problem.h"

namespace haldane::server {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;

// For a client that is still sending what was refused, to read why before the connection is reset.
constexpr std::chrono::seconds linger_patience{2};

Response refusal(const boost::system::error_code& error, const ServerLimits& limits) {
  if (error == http::error::body_limit) {
    return problem(413, "a body may have " + std::to_string(limits.body_max) + " bytes");
  }
  if (error == http::error::header_limit) {
    return problem(431, "a header may have " + std::to_string(limits.header_max) + " bytes");
  }
  return problem(400, "is no HTTP/1.1: " + error.message());
}

bool expects_invitation(const http::request<http::string_body>& request) {
  return request.version() >= 11 && beast::iequals(request[http::field::expect], "100-continue");
}

}  // namespace

HttpSession::HttpSession(boost::asio::ip::tcp::socket socket, const ServerLimits& limits,
                         SessionHost& host)
    : limits_(limits), host_(host), stream_(std::move(socket)) {}

HttpSession::~HttpSession() {
  host_.closed(this);
}

void HttpSession::start() {
  host_.waits(this, true);
  read_header();
}

void HttpSession::close() {
  stream_.close();
}

void HttpSession::enter(Phase phase) {
  if ((phase == Phase::answer) != (phase_ == Phase::answer))
    host_.waits(this, phase != Phase::answer);
  phase_ = phase;
}

void HttpSession::read_header() {
  enter(Phase::header);
  head_ = false;
  parser_.emplace();
  parser_->header_limit(limits_.header_max);
  parser_->body_limit(limits_.body_max);
  stream_.expires_after(limits_.header_patience);
  http::async_read_header(stream_, buffer_, *parser_,
                          [self = shared_from_this()](const Error& error, std::size_t /*bytes*/) {
                            self->on_header(error);
                          });
}

void HttpSession::on_header(const Error& error) {
  if (error) return refuse(error);
  const auto& request = parser_->get();
  head_ = request.method() == http::verb::head;
  keep_alive_ = request.keep_alive();
  if (!parser_->is_done() && expects_invitation(request)) return invite_body();
  read_body();
}

// A client that asks first would otherwise wait a second before it sends its body.
void HttpSession::invite_body() {
  static constexpr std::string_view invitation = "HTTP/1.1 100 Continue\r\n\r\n";
  enter(Phase::body);
  stream_.expires_after(limits_.answer_patience);
  boost::asio::async_write(stream_, boost::asio::buffer(invitation),
                           [self = shared_from_this()](const Error& error, std::size_t /*bytes*/) {
                             if (!error) self->read_body();
                           });
}

void HttpSession::read_body() {
  enter(Phase::body);
  stream_.expires_after(limits_.body_patience);
  http::async_read(stream_, buffer_, *parser_,
                   [self = shared_from_this()](const Error& error, std::size_t /*bytes*/) {
                     self->on_body(error);
                   });
}

void HttpSession::on_body(const Error& error) {
  if (error) return refuse(error);
  auto message = parser_->release();
  Request request{std::string(message.method_string()), std::string(message.target()),
                  std::string(message[http::field::content_type]), std::move(message.body())};
  enter(Phase::answer);
  host_.handle(std::move(request),
               [self = shared_from_this()](Response answer) { self->write(std::move(answer)); });
}

// What is no request gets an answer that says so; who left or took too long gets none.
void HttpSession::refuse(const Error& error) {
  if (error.category() != http::make_error_code(http::error::bad_method).category()) return;
  if (error == http::error::end_of_stream || error == http::error::partial_message) return;
  keep_alive_ = false;
  enter(Phase::answer);
  write(refusal(error, limits_));
}

void HttpSession::write(Response answer) {
  keep_alive_ = keep_alive_ && !host_.stopping();
  response_ = http::response<http::string_body>(
      http::int_to_status(static_cast<unsigned>(answer.status)), 11);
  response_.reason(answer.status == 200 ? "OK" : reason_phrase(answer.status));
  response_.set(http::field::server, "haldane");
  response_.set(http::field::content_type, answer.content_type);
  response_.set("X-Content-Type-Options", "nosniff");
  if (!answer.allow.empty()) response_.set(http::field::allow, answer.allow);
  response_.keep_alive(keep_alive_);
  response_.body() = std::move(answer.body);
  response_.prepare_payload();
  serializer_.emplace(response_);
  stream_.expires_after(limits_.answer_patience);
  const auto done = [self = shared_from_this()](const Error& error, std::size_t /*bytes*/) {
    self->on_written(error);
  };
  if (head_) {
    http::async_write_header(stream_, *serializer_, done);
  } else {
    http::async_write(stream_, *serializer_, done);
  }
}

void HttpSession::on_written(const Error& error) {
  serializer_.reset();
  if (error) return;
  if (!keep_alive_ || host_.stopping()) return linger();
  read_header();
}

void HttpSession::linger() {
  Error error;
  std::ignore = stream_.socket().shutdown(boost::asio::socket_base::shutdown_send, error);
  enter(Phase::linger);
  stream_.expires_after(linger_patience);
  discard();
}

void HttpSession::discard() {
  buffer_.clear();
  stream_.async_read_some(buffer_.prepare(std::size_t{16} << 10U),
                          [self = shared_from_this()](const Error& error, std::size_t /*bytes*/) {
                            if (!error) self->discard();
                          });
}

}  // namespace haldane::server
