// What each node of a tier did over time; of replicas and workers made of the visits that they
// served.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <vector>

#include "models/tiers/record/request_visit.h"
#include "sim/measure/interval_series.h"

namespace haldane::models {

/// Which replica, worker, or node of the edge.
struct NodeName {
  enum class Tier : std::uint8_t { api, workers, edge };
  Tier tier = Tier::api;
  std::uint32_t cell = 0;  ///< of a replica; the site of a node of the edge
  bool canary = false;     ///< one of the canary's own
  std::uint32_t number = 0;

  friend auto operator<=>(const NodeName&, const NodeName&) = default;
};

/// What one of them did in each time bin.
struct NodeSeries {
  NodeName name;
  std::vector<std::int64_t> busy_ns;    ///< of all its slots; empty at the edge
  std::vector<std::int64_t> inside_ns;  ///< of requests that it had, waiting there too; likewise
  std::vector<std::int64_t> served;     ///< that it was done with then, well; at the edge: hits
  std::vector<std::int64_t> looked_up;  ///< requests that asked its cache; empty but at the edge
};

/// Of one cell, or of the workers. Visits without a server are nobody's. **Cost** O(log nodes) a
/// visit; four numbers a node and time bin.
class NodeSignals {
 public:
  /// `waits_at_node`: what waits does so at the node that will serve it.
  NodeSignals(const sim::BinLocator& bins, bool waits_at_node)
      : bins_(&bins), waits_at_node_(waits_at_node) {}

  void add(const RequestVisit& visit);
  /// Of those that served anybody, in order.
  [[nodiscard]] std::vector<NodeSeries> series() const;

 private:
  struct Node {
    explicit Node(const sim::BinLocator& bins)
        : busy(bins), inside(bins), served(bins.bounds().size() - 1) {}
    sim::IntervalSeries busy;
    sim::IntervalSeries inside;
    std::vector<std::int64_t> served;
  };

  const sim::BinLocator* bins_;
  bool waits_at_node_;
  std::map<NodeName, Node> nodes_;
};

}  // namespace haldane::models
