// A client that says exactly what a test wants, byte for byte, and reads what comes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

namespace haldane::test {

class HttpClient {
 public:
  explicit HttpClient(std::uint16_t port) : socket_(context_) {
    socket_.connect({boost::asio::ip::address_v4::loopback(), port});
  }

  /// A server that has refused already may not take everything.
  void send(std::string_view bytes) {
    boost::system::error_code ignored;
    boost::asio::write(socket_, boost::asio::buffer(bytes), ignored);
  }

  /// Everything until the server closes the connection.
  [[nodiscard]] std::string read_all() {
    boost::system::error_code ignored;
    boost::asio::read(socket_, boost::asio::dynamic_buffer(received_), ignored);
    return std::move(received_);
  }

  /// One answer with its body (by Content-Length), or what came before the connection ended.
  [[nodiscard]] std::string read_answer() {
    boost::system::error_code error;
    const std::size_t header =
        boost::asio::read_until(socket_, boost::asio::dynamic_buffer(received_), "\r\n\r\n", error);
    std::size_t size = header;
    const std::size_t field = received_.substr(0, header).find("Content-Length: ");
    if (field != std::string::npos) size += std::stoul(received_.substr(field + 16));
    if (!error && received_.size() < size) {
      boost::asio::read(socket_, boost::asio::dynamic_buffer(received_),
                        boost::asio::transfer_exactly(size - received_.size()), error);
    }
    std::string answer = received_.substr(0, size);
    received_.erase(0, size);
    return answer;
  }

 private:
  boost::asio::io_context context_;
  boost::asio::ip::tcp::socket socket_;
  std::string received_;
};

/// A POST of JSON. `more` are header lines, each with its end.
[[nodiscard]] inline std::string post(std::string_view target, std::string_view body,
                                      std::string_view more = "") {
  return "POST " + std::string(target) +
         " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" + std::string(more) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

/// What follows the header.
[[nodiscard]] inline std::string body_of(const std::string& answer) {
  const std::size_t end = answer.find("\r\n\r\n");
  return end == std::string::npos ? "" : answer.substr(end + 4);
}

}  // namespace haldane::test
