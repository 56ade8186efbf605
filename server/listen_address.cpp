#include "server/listen_address.h"

#include <charconv>
#include <cstdint>
#include <string>

#include <boost/asio/ip/address.hpp>

namespace haldane::server {
namespace {

namespace ip = boost::asio::ip;

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return port;
}

std::optional<ip::address> parse_host(std::string_view text) {
  if (text == "localhost") return ip::address(ip::address_v4::loopback());
  const bool bracketed = text.starts_with('[') && text.ends_with(']');
  if (bracketed) text = text.substr(1, text.size() - 2);
  boost::system::error_code error;
  ip::address address = ip::make_address(std::string(text), error);
  if (error || address.is_v6() != bracketed) return std::nullopt;
  return address;
}

}  // namespace

std::optional<ip::tcp::endpoint> parse_listen_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto port = parse_port(text.substr(colon + 1));
  const auto host = parse_host(text.substr(0, colon));
  if (!port || !host) return std::nullopt;
  return ip::tcp::endpoint(*host, *port);
}

}  // namespace haldane::server
