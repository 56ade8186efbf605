// The proxies in front of a site's cache: what TLS and the inspection of requests cost.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

#include "models/plan.h"
#include "models/tiers/link/messages.h"
#include "sim/measure/interval_series.h"
#include "sim/measure/measurements.h"
#include "sim/random/philox.h"

namespace haldane::models {

/// Cores that serve requests first come, first served. **Domain** requests come in their order.
/// **Cost** O(log cores) a request. **Source** Kiefer & Wolfowitz (1955).
class Proxies {
 public:
  Proxies(const Plan& plan, std::uint32_t site, std::uint64_t seed, std::uint64_t replication,
          const sim::BinLocator& bins);

  /// **Returns** when a core has shaken hands and inspected the request.
  SimTime admit(SimTime now, const RequestTag& tag);

  void report(sim::Measurements& m);

 private:
  [[nodiscard]] Duration work_of(const RequestTag& tag) const;

  const Plan* plan_;
  const sim::BinLocator* bins_;
  const ProxiesPlan* rules_;
  sim::StreamKey tls_key_;
  sim::StreamKey waf_key_;
  std::priority_queue<SimTime, std::vector<SimTime>, std::greater<>> free_at_;  // one a core
  sim::IntervalSeries busy_;
  sim::IntervalSeries waiting_;
};

}  // namespace haldane::models
