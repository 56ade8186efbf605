// `edge.proxies`: processors that TLS handshakes and the inspection of requests take.
#pragma once

#include <cstdint>
#include <optional>

#include "models/spec/law_spec.h"

namespace haldane::models {

struct ProxiesSpec {
  std::uint32_t cores = 1;           ///< of each site
  std::uint32_t cores_per_node = 0;  ///< instead: of each node, with which they come and go; 0 = no
  struct Tls {
    double new_connections = 1;  ///< share of the requests that open one
    double resumed = 0;          ///< of these, with a session of before
    LawSpec full_handshake;      ///< processor time
    LawSpec resumption;          ///< likewise
  };
  std::optional<Tls> tls;
  std::optional<LawSpec> waf;  ///< processor time a request
};

}  // namespace haldane::models
