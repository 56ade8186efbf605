// Weighted least requests: turns by weight, where a replica weighs less the more requests it has.
//
// Everybody has a deadline, and the earliest one is next. Whoever is taken gets a new deadline that
// lies 1 / (its weight just then) ahead, so that a busy replica waits longer for its turn. The
// weight is that of the last turn: a replica that has become idle since is not moved forward.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/base/math.h"

namespace haldane::models {

/// **Determinism** depends on the calls only. **Cost** O(log replicas) a turn.
/// **Source** Envoy, least_request_lb.cc (hostWeight) and edf_scheduler.h: weight / (active
/// requests + 1)^active_request_bias, of equal deadlines the one that was set first. Its random
/// first turn is left out.
class WeightedLeastRequests {
 public:
  WeightedLeastRequests() = default;
  /// **Domain** bias >= 0.
  explicit WeightedLeastRequests(double active_request_bias) : bias_(active_request_bias) {}

  /// Whose turns it is from now on; all begin anew. `weight(r)` is above 0 and may differ from turn
  /// to turn, and `active(r)` the requests that replica r has. **Cost** O(replicas).
  template <class Weight, class Active>
  void build(std::span<const std::uint32_t> replicas, const Weight& weight, const Active& active) {
    turns_.clear();
    now_ = 0;
    alike_ = true;
    for (const std::uint32_t replica : replicas) {
      alike_ = alike_ && weight(replica) == weight(replicas.front());
      add(replica, weight(replica), active(replica));
    }
  }
  /// Whether all weigh the same: turns are then not what Envoy takes.
  [[nodiscard]] bool are_alike() const { return alike_; }
  /// Who is next. **Domain** somebody is there.
  template <class Weight, class Active>
  std::uint32_t pick(const Weight& weight, const Active& active) {
    std::ranges::pop_heap(turns_, Later());
    const Turn turn = turns_.back();
    turns_.pop_back();
    now_ = turn.deadline;
    add(turn.replica, weight(turn.replica), active(turn.replica));
    return turn.replica;
  }

 private:
  struct Turn {
    double deadline;
    std::uint64_t number;
    std::uint32_t replica;
  };
  struct Later {
    bool operator()(const Turn& a, const Turn& b) const {
      return a.deadline != b.deadline ? a.deadline > b.deadline : a.number > b.number;
    }
  };

  void add(std::uint32_t replica, double weight, std::uint64_t active) {
    turns_.push_back({now_ + slowed(active) / weight, number_++, replica});
    std::ranges::push_heap(turns_, Later());
  }
  [[nodiscard]] double slowed(std::uint64_t active) const {
    const double all = static_cast<double>(active) + 1;
    if (bias_ == 1) return all;
    return bias_ == 0 ? 1 : math::pow(all, bias_);
  }

  double bias_ = 1;
  double now_ = 0;
  std::uint64_t number_ = 0;
  std::vector<Turn> turns_;  // a heap
  bool alike_ = true;
};

}  // namespace haldane::models
