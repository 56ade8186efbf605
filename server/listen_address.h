// Where to listen, as --listen names it.
#pragma once

#include <optional>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>

namespace haldane::server {

/// "127.0.0.1:8080", "[::1]:8080", "localhost:8080"; port 0 lets the system choose. **Returns**
/// empty for anything else: other names are not looked up.
[[nodiscard]] std::optional<boost::asio::ip::tcp::endpoint> parse_listen_address(
    std::string_view text);

}  // namespace haldane::server
