// Zone-aware routing: stay in the own zone as far as its share of the servers allows.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace haldane::models {

/// Where the requests of one zone go. Shares of 10,000, as Envoy counts.
struct ZoneRoute {
  std::uint32_t own = 10'000;         ///< of the zone's requests
  std::vector<std::uint32_t> others;  ///< of the rest, in proportion; one a zone, 0 for the own
};

/// `demand` and `servers` are weights, one a zone. With at least as large a share of the servers
/// as of the demand all stays; else as much as fits, and the rest goes where servers are left over.
/// **Domain** weights >= 0, zone < size; without any demand all stays. **Source** Envoy, "Zone
/// aware routing", and load_balancer_impl.cc (regenerateLocalityRoutingStructures).
inline ZoneRoute zone_route(std::size_t zone, std::span<const double> demand,
                            std::span<const double> servers) {
  const auto percentages = [](std::span<const double> weights) {
    double all = 0;
    for (const double weight : weights) all += weight;
    std::vector<std::uint32_t> result;
    for (const double weight : weights)
      result.push_back(all > 0 ? static_cast<std::uint32_t>(10'000 * weight / all) : 0);
    return result;
  };
  const std::vector<std::uint32_t> asks = percentages(demand);
  const std::vector<std::uint32_t> has = percentages(servers);
  ZoneRoute route;
  route.others.resize(demand.size());
  if (has[zone] >= asks[zone]) return route;
  route.own = has[zone] * 10'000 / asks[zone];
  for (std::size_t other = 0; other < demand.size(); ++other) {
    if (other != zone && has[other] > asks[other]) route.others[other] = has[other] - asks[other];
  }
  return route;
}

}  // namespace haldane::models
