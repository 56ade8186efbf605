// Any bytes are a request or none; any request gets an answer that says what it is.
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/beast/http.hpp>
#include <nlohmann/json.hpp>

#include "server/respond.h"
#include "sim/base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace http = boost::beast::http;
  namespace server = haldane::server;
  static const server::Site site{"0", {{"/openapi.json", "{}\n"}}, {}, {}};
  http::request_parser<http::string_body> parser;
  parser.eager(true);
  boost::system::error_code error;
  parser.put(boost::asio::buffer(data, size), error);
  if (error || !parser.is_done()) return 0;
  auto message = parser.release();
  const server::Request request{std::string(message.method_string()), std::string(message.target()),
                                std::string(message[http::field::content_type]),
                                std::move(message.body())};
  const server::Response response = server::respond(site, request);
  HALDANE_CHECK(response.status == 200 || (response.status >= 400 && response.status <= 415));
  HALDANE_CHECK(nlohmann::json::accept(response.body));
  return 0;
}
