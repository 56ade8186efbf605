#include "cli/judge/prometheus.h"

#include <chrono>
#include <optional>
#include <utility>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <fmt/format.h>

#include "analysis/ingest/formats/record_feed.h"
#include "cli/sha256.h"

namespace haldane::cli {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;

constexpr std::string_view scheme = "http://";
constexpr std::chrono::seconds patience{30};
constexpr std::uint64_t body_max = std::uint64_t{64} << 20U;

struct Address {
  std::string authority;  // as the server is to be called
  std::string host;
  std::string port = "80";
  std::string prefix;
};

std::optional<Address> parse_address(std::string_view url) {
  if (!url.starts_with(scheme)) return std::nullopt;
  url.remove_prefix(scheme.size());
  Address address;
  const std::size_t slash = url.find('/');
  if (slash != std::string_view::npos) {
    address.prefix = url.substr(slash);
    while (address.prefix.ends_with('/')) address.prefix.pop_back();
    url = url.substr(0, slash);
  }
  address.authority = url;
  const std::size_t colon = url.rfind(':');
  const bool has_port = colon != std::string_view::npos && url.find(']', colon) == url.npos;
  if (has_port) address.port = url.substr(colon + 1);
  address.host = has_port ? url.substr(0, colon) : url;
  if (address.host.starts_with('[') && address.host.ends_with(']'))
    address.host = address.host.substr(1, address.host.size() - 2);
  if (address.host.empty() || address.port.empty()) return std::nullopt;
  return address;
}

std::string form_encoded(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (plain) {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

// One request over one connection; each step has its part of the same patience.
class Exchange {
 public:
  error_code run(const Address& address, const http::request<http::string_body>& request) {
    asio::ip::tcp::resolver resolver(context_);
    asio::ip::tcp::resolver::results_type found;
    stream_.expires_after(patience);
    error_code error = wait([&](auto done) {
      resolver.async_resolve(address.host, address.port,
                             [&found, done](error_code e, auto results) {
                               found = std::move(results);
                               done(e);
                             });
    });
    if (!error)
      error = wait([&](auto done) {
        stream_.async_connect(found, [done](error_code e, const auto& /*endpoint*/) { done(e); });
      });
    if (!error)
      error = wait([&](auto done) {
        http::async_write(stream_, request, [done](error_code e, std::size_t) { done(e); });
      });
    parser_.body_limit(body_max);
    if (!error)
      error = wait([&](auto done) {
        http::async_read(stream_, buffer_, parser_, [done](error_code e, std::size_t) { done(e); });
      });
    return error;
  }
  [[nodiscard]] const http::response<http::string_body>& response() const { return parser_.get(); }

 private:
  template <class Start>
  error_code wait(const Start& start) {
    error_code result = asio::error::timed_out;
    start([&result](error_code error) { result = error; });
    context_.restart();
    context_.run_for(patience);
    return result;
  }

  asio::io_context context_;
  beast::tcp_stream stream_{context_};
  beast::flat_buffer buffer_;
  http::response_parser<http::string_body> parser_;
};

FollowProblem unavailable(const PrometheusRange& range, const std::string& why) {
  return {ExitCode::unavailable, fmt::format("{}: {}", range.server, why)};
}

// The beginning of what a server says is wrong.
std::string said(const std::string& body) {
  std::string text = body.substr(0, 200);
  for (char& c : text) {
    if (c >= 0 && c < ' ') c = ' ';
  }
  return text;
}

http::request<http::string_body> question(const Address& address, const PrometheusRange& range) {
  http::request<http::string_body> request(http::verb::post, address.prefix + "/api/v1/query_range",
                                           11);
  request.set(http::field::host, address.authority);
  request.set(http::field::user_agent, "haldane");
  request.set(http::field::content_type, "application/x-www-form-urlencoded");
  request.set(http::field::connection, "close");
  request.body() = fmt::format("query={}&start={:.3f}&end={:.3f}&step={:.3f}",
                               form_encoded(range.query), range.start_s, range.end_s, range.step_s);
  request.prepare_payload();
  return request;
}

FollowProblem failed(const PrometheusRange& range, const error_code& error) {
  if (error != http::error::body_limit) return unavailable(range, error.message());
  return {ExitCode::bad_input,
          fmt::format("{}: the answer is longer than {} MiB; query fewer series or a shorter time",
                      range.server, body_max >> 20U)};
}

FollowProblem refused(const PrometheusRange& range,
                      const http::response<http::string_body>& response) {
  const unsigned status = response.result_int();
  const std::string words = said(response.body());
  if (status >= 500) return unavailable(range, fmt::format("answered {}: {}", status, words));
  return {ExitCode::bad_input,
          fmt::format("{}: answered {} to {}: {}", range.server, status, range.query, words)};
}

}  // namespace

std::string refused_server(const std::string& server) {
  if (parse_address(server)) return {};
  return "must be http://host[:port][/prefix]; for https, ask through a local proxy";
}

Expected<analysis::ObservationTable, FollowProblem> table_of_range(const std::string& query,
                                                                   const std::string& document) {
  analysis::RecordFeed feed(query, analysis::InputFormat::prometheus);
  feed.add(document, true);
  auto [table, useless] = feed.finish();
  if (!useless.empty()) {
    return Unexpected{
        FollowProblem{ExitCode::bad_input, fmt::format("{}: the answer {}", query, useless)}};
  }
  Sha256 hash;
  hash.add(document);
  table.sha256 = hexadecimal(hash.value());
  return std::move(table);
}

Expected<std::string, FollowProblem> query_range(const PrometheusRange& range) {
  const std::optional<Address> address = parse_address(range.server);
  if (!address) {
    return Unexpected{FollowProblem{ExitCode::usage, range.server + ": " + refused_server("")}};
  }
  Exchange exchange;
  const error_code error = exchange.run(*address, question(*address, range));
  if (error) return Unexpected{failed(range, error)};
  const auto& response = exchange.response();
  if (response.result() != http::status::ok) return Unexpected{refused(range, response)};
  return response.body();
}

}  // namespace haldane::cli
