// The proxies in front of a site's cache: what TLS and the inspection of requests cost.
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "models/plan.h"
#include "models/tiers/link/messages.h"
#include "models/tiers/scaling/scale_signals.h"
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
  /// From now on there are so many nodes, of which the first `kept` have been there before. Cores
  /// of the others finish what they were given. **Domain** cores are of nodes.
  void change_nodes(SimTime now, std::uint32_t kept, std::uint32_t nodes);
  /// Tells an autoscaler of every request.
  void tell(ScaleSignals& signals) { signals_ = &signals; }
  [[nodiscard]] bool of_nodes() const { return rules_->of_nodes; }

  void report(sim::Measurements& m);

 private:
  [[nodiscard]] Duration work_of(const RequestTag& tag) const;

  const Plan* plan_;
  const sim::BinLocator* bins_;
  const ProxiesPlan* rules_;
  sim::StreamKey tls_key_;
  sim::StreamKey waf_key_;
  struct Core {
    SimTime free_at;
    std::uint32_t node;
    friend auto operator<=>(const Core&, const Core&) = default;
  };
  void add_cores(SimTime now, std::uint32_t node);

  std::vector<Core> cores_;  // a heap: who is free first is in front
  ScaleSignals* signals_ = nullptr;
  sim::IntervalSeries busy_;
  sim::IntervalSeries waiting_;
};

}  // namespace haldane::models
