// How much of everything a server gives: to one client, and to all together.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace haldane::server {

/// **Domain** all above 0. Memory is at most connections_max bodies, and some 25 times a body for
/// each thread that reads one.
struct ServerLimits {
  std::uint64_t body_max = std::uint64_t{16} << 20U;    ///< bytes; beyond it 413
  std::uint32_t header_max = std::uint32_t{16} << 10U;  ///< bytes; beyond it 431
  std::size_t connections_max = 64;                     ///< see HttpServer
  unsigned threads = 2;                                 ///< that judge
  std::chrono::milliseconds header_patience{30'000};    ///< for a header, or the next request
  std::chrono::milliseconds body_patience{60'000};      ///< for a whole body
  std::chrono::milliseconds answer_patience{60'000};    ///< until a client took its answer
};

}  // namespace haldane::server
