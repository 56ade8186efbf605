// `edge.rate_limit`: how many requests a client may send.
#pragma once

#include <cstdint>
#include <vector>

namespace haldane::models {

struct RateLimitSpec {
  enum class Kind : std::uint8_t {
    leaky_bucket,  ///< nginx: a burst may be held back instead of turned away
    token_bucket,
  };
  Kind kind = Kind::leaky_bucket;
  /// Clients who are treated alike.
  struct Tier {
    double share = 1;           ///< of the requests of a site
    std::uint32_t clients = 1;  ///< of each site; a tier's requests are spread evenly over them
    double rate_per_s = 1;      ///< of each client
    std::uint32_t burst = 0;    ///< requests; token_bucket: at least 1
    std::uint32_t delay = 0;    ///< leaky_bucket: requests of the burst that need not wait
  };
  std::vector<Tier> tiers;  ///< shares add up to about 1
};

}  // namespace haldane::models
