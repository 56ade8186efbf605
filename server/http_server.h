// Answers HTTP/1.1 within limits: one thread moves bytes, a few judge, and no client can hold up
// the others.
//
// Connections are bounded. When one more comes, that which has waited longest for its client (for a
// header or the rest of a body) makes room; where all are being judged or answered, it waits
// itself.
#pragma once

#include <memory>
#include <string>

#include <boost/asio/ip/tcp.hpp>

#include "server/limits.h"
#include "server/site.h"
#include "sim/base/expected.h"

namespace haldane::server {

class HttpServer {
 public:
  /// Binds and listens. **Errors** the system's words: the address is in use, or not this
  /// machine's, ...
  [[nodiscard]] static Expected<std::unique_ptr<HttpServer>, std::string> open(
      const boost::asio::ip::tcp::endpoint& where, const ServerLimits& limits, Site site);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Where it listens, with the port that was chosen for 0.
  [[nodiscard]] boost::asio::ip::tcp::endpoint endpoint() const;

  /// Serves until stop(), then until the last request that has begun is answered. Call once.
  void run();

  /// No connection and no request is taken any more; those that wait for a request are closed. From
  /// any thread.
  void stop();

 private:
  class Core;
  explicit HttpServer(std::unique_ptr<Core> core);
  std::unique_ptr<Core> core_;
};

}  // namespace haldane::server
