// The nodes of one site as its autoscaler has them: which there are, and since when.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/plan.h"
#include "models/tiers/scaling/replica_scaler.h"
#include "models/tiers/scaling/scalable_pool.h"
#include "sim/measure/interval_series.h"
#include "sim/measure/measurements.h"

namespace haldane::models {

/// Numbers 0 to nodes() - 1. Nodes that leave have nothing to finish: what they fetch goes on, and
/// so does what their processors have been given (Proxies). **Determinism** depends on the calls
/// only. **Cost** as ReplicaScaler; nothing where no autoscaler is.
class NodeScaler final : private ScalablePool {
 public:
  /// **Domain** the plan's edge has an autoscaler; the plan and the bins outlive this.
  NodeScaler(const Plan& plan, std::uint32_t site, const sim::BinLocator& bins,
             sim::StreamKey startup_key);
  NodeScaler(const NodeScaler&) = delete;
  NodeScaler& operator=(const NodeScaler&) = delete;

  /// When something happens next; never after the end of the run.
  [[nodiscard]] SimTime next_time() const { return scaler_.next_time(); }
  /// Lets everything happen that is due by `now`. **Domain** signals() know all requests before
  /// `now`, which never decreases.
  void advance(SimTime now) {
    kept_ = nodes_;
    scaler_.advance(*this, now);
  }
  [[nodiscard]] std::uint32_t nodes() const { return nodes_; }
  /// Of these, the first so many have been there without a break since the last advance() began.
  [[nodiscard]] std::uint32_t kept() const { return kept_; }
  /// Where requests are told of.
  ScaleSignals& signals() { return scaler_.signals(); }
  [[nodiscard]] const ScaleLog& log() const { return scaler_.log(); }

  /// Adds capacity and cost; **Domain** once, after the run.
  void report(sim::Measurements& m) { scaler_.report(m, *this); }

 private:
  // The newest node is the first to leave, so that numbers have no gaps.
  void start(std::uint32_t /*server*/, SimTime /*now*/) override { ++nodes_; }
  SimTime stop(std::uint32_t server, SimTime now) override;
  std::size_t serving(SimTime now) override;
  [[nodiscard]] bool serves(std::uint32_t server) const override {
    return !lost_ && server < nodes_;
  }
  [[nodiscard]] SimTime next_change() const override { return next_change_; }

  const std::vector<Outage>* site_outages_;
  std::vector<std::vector<Outage>> outages_;  // [node]: those of the site
  std::uint32_t nodes_;
  std::uint32_t kept_;
  bool lost_ = false;  // the site
  SimTime next_change_ = SimTime::never();
  ReplicaScaler scaler_;
};

}  // namespace haldane::models
