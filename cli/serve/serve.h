// What `haldane serve` does once its command line is understood.
#pragma once

#include <cstdint>
#include <string>

#include "cli/exit_code.h"

namespace haldane::cli {

struct ServeOptions {
  std::string listen = "127.0.0.1:8080";            ///< as server::parse_listen_address reads it
  std::string prometheus;                           ///< the server that queries go to; empty = none
  unsigned threads = 2;                             ///< that judge
  std::int64_t body_max = std::int64_t{16} << 20U;  ///< bytes
};

/// Serves until SIGINT or SIGTERM, then until what has begun is answered; a second signal ends it
/// at once. **Returns** interrupted or terminated. **Errors** unavailable: the address cannot be
/// listened on; after a message.
[[nodiscard]] ExitCode serve(const ServeOptions& options);

}  // namespace haldane::cli
