// What a run remembers of single requests: who is chosen, and where each of them was from when to
// when.
//
// Requests are chosen by a hash of their identity, so that every process of the run knows a chosen
// one without being told, and the choice does not depend on threads or windows. Nobody is chosen
// unless somebody asks: then each process tests one flag a batch of requests or a job, and the edge
// serves hits as it does for arms.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/tiers/record/node_signals.h"
#include "models/tiers/record/request_visit.h"
#include "sim/base/hash.h"
#include "sim/measure/interval_series.h"

namespace haldane::models {

/// Requests whose hash lies in a span of the 2^32 that it can have. Jobs have their request's
/// identity.
struct RequestChoice {
  std::uint32_t first = 0;
  std::uint64_t count = 0;  ///< 0 = nobody

  [[nodiscard]] static std::uint32_t hash(std::uint64_t id) {
    return static_cast<std::uint32_t>(mix(id) >> 32);
  }
  /// A share of all requests, in [0, 1].
  [[nodiscard]] static RequestChoice share(double share) {
    return {0, static_cast<std::uint64_t>(share * 0x1p32)};
  }
  /// One request, and about one in 2^32 of the others.
  [[nodiscard]] static RequestChoice only(std::uint64_t id) { return {hash(id), 1}; }
  [[nodiscard]] bool has(std::uint64_t id) const {
    return count != 0 && static_cast<std::uint32_t>(hash(id) - first) < count;
  }
};

/// One process's memory. Single writer.
class RequestTrace {
 public:
  void choose(const RequestChoice& choice) { choice_ = choice; }
  /// Keeps in mind what each node did, too. **Domain** as NodeSignals.
  void watch_nodes(const sim::BinLocator& bins, bool waits_at_node) {
    nodes_ = std::make_unique<NodeSignals>(bins, waits_at_node);
  }
  [[nodiscard]] bool on() const { return choice_.count != 0 || nodes_; }
  [[nodiscard]] bool has(std::uint64_t id) const { return choice_.has(id) || nodes_; }
  /// **Domain** has(visit.id).
  void note(const RequestVisit& visit) {
    if (nodes_) nodes_->add(visit);
    if (choice_.has(visit.id)) visits_.push_back(visit);
  }
  [[nodiscard]] const std::vector<RequestVisit>& visits() const { return visits_; }
  /// Null unless they are watched.
  [[nodiscard]] const NodeSignals* nodes() const { return nodes_.get(); }

 private:
  RequestChoice choice_;
  std::vector<RequestVisit> visits_;
  std::unique_ptr<NodeSignals> nodes_;
};

}  // namespace haldane::models
