// A server on this machine that answers every request with what a test wants, on a thread of its
// own, until it is destroyed.
#pragma once

#include <functional>
#include <string>
#include <thread>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace haldane::test {

class HttpServer {
 public:
  struct Answer {
    unsigned status = 200;
    std::string body;
  };
  /// Called on the server's thread, one request at a time.
  using Handler = std::function<Answer(const std::string& target, const std::string& body)>;

  explicit HttpServer(Handler handler)
      : handler_(std::move(handler)),
        acceptor_(context_, {boost::asio::ip::address_v4::loopback(), 0}) {
    url_ = "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
    accept();
    thread_ = std::thread([this] { context_.run(); });
  }
  ~HttpServer() {
    context_.stop();
    thread_.join();
  }
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] const std::string& url() const { return url_; }

 private:
  using Socket = boost::asio::ip::tcp::socket;

  void accept() {
    acceptor_.async_accept([this](boost::system::error_code error, Socket socket) {
      if (!error) serve(std::move(socket));
      accept();
    });
  }

  void serve(Socket socket) const {
    namespace http = boost::beast::http;
    boost::beast::flat_buffer buffer;
    http::request<http::string_body> request;
    boost::system::error_code error;
    http::read(socket, buffer, request, error);
    if (error) return;
    const Answer answer = handler_(std::string(request.target()), request.body());
    http::response<http::string_body> response(http::int_to_status(answer.status), 11);
    response.body() = answer.body;
    response.prepare_payload();
    http::write(socket, response, error);
    socket.shutdown(Socket::shutdown_both, error);
  }

  Handler handler_;
  boost::asio::io_context context_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::string url_;
  std::thread thread_;
};

}  // namespace haldane::test
