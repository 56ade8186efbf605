// A cache in front of an API cell, which all sites ask: the second level of a cache hierarchy.
//
// It stands where the cell stands, so it sees requests in the order of the cell, and knows at a
// fetch's admission when its answer will come: who asks for the same object before that waits for
// it, and needs no event. A shield never answers with a stale copy, or edges would take it for new.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "models/cache/bytes/sized_cache.h"
#include "models/plan.h"
#include "models/tiers/edge/copy_lifetimes.h"
#include "models/tiers/edge/written_objects.h"
#include "models/tiers/link/messages.h"
#include "sim/base/hash.h"
#include "sim/kernel/event_queue.h"
#include "sim/random/philox.h"

namespace haldane::models {

/// A copy's `refreshing` says that a result of a job has made it invalid.
/// **Cost** 12 bytes an object of the catalogue beside the policy's, 24 more with coalescing.
/// **Determinism** depends on the requests before and their answers.
class Shield {
 public:
  Shield(const Plan& plan, std::uint64_t seed, std::uint64_t replication);

  /// What the shield knows of a request that has come.
  struct Answer {
    enum class Kind : std::uint8_t { none, hit, collapsed };
    Kind kind = Kind::none;  ///< none: the cell must be asked
    SimTime at;              ///< when the answer leaves; never if no answer ever comes
    bool ok = true;
    std::uint32_t expiry = CacheEntry::never;  ///< of the edge's copy, in ticks
  };
  /// **Domain** requests in order of time.
  Answer look_up(const ApiRequest& request);
  /// Results of jobs, which reach shields when they reach sites. **Domain** later than every
  /// request that was looked up.
  void deliver_results(std::span<const EdgeEvent> results) {
    for (const EdgeEvent& result : results) results_.push(result);
  }

  /// Whether the cell will answer 304 to the shield: it asks about a copy that is no longer fresh,
  /// and that is still good. **Domain** look_up(request) found none.
  [[nodiscard]] bool finds_unmodified(const ApiRequest& request);
  /// The cell has been asked, and answers at `departs`, with an object that expires at `expiry`.
  void fetch(const ApiRequest& request, SimTime departs, bool ok, std::uint32_t expiry);

  /// When a copy expires of which the answer leaves at `departs` and arrives `link` later.
  [[nodiscard]] std::uint32_t expiry_at_edge(const ApiRequest& request, SimTime departs,
                                             Duration link) const {
    return lifetimes_.expiry_of(request.tag.object, spec_.hands_down_age ? departs : departs + link,
                                request.tag.id);
  }

 private:
  // An answer on its way into the cache.
  struct Fill {
    sim::EventOrder order;
    std::uint32_t object = 0;
    std::uint32_t expiry = 0;
    std::uint32_t began = 0;  // tick
    std::uint16_t version = 0;
  };
  // The last fetch of an object, for who may wait for it.
  struct Fetch {
    SimTime departs = SimTime::zero();
    std::uint32_t expiry = 0;
    std::uint32_t began = 0;  // tick
    std::uint16_t version = 0;
    bool ok = true;
  };

  void advance(SimTime now);
  void pass_purges(SimTime now);
  void take_result(const EdgeEvent& result);
  void store(const Fill& fill);
  [[nodiscard]] bool is_outdated(std::uint32_t object, std::uint32_t began) const {
    return written_ && written_->outdates(object, began);
  }
  [[nodiscard]] bool is_fresh(std::uint32_t object, SimTime now);
  [[nodiscard]] Purged purged_since(std::uint32_t object, std::uint16_t version) const;
  [[nodiscard]] std::uint32_t tick(SimTime t) const;

  const Plan* plan_;
  ShieldSpec spec_;
  SizedCache cache_;
  CopyLifetimes lifetimes_;
  sim::StreamKey hit_key_;
  std::vector<sim::StreamKey> modified_keys_;  // [site], as sites have them; empty if nobody asks
  sim::EventQueue<Fill> fills_;
  sim::EventQueue<EdgeEvent> results_;
  std::unique_ptr<WrittenObjects> written_;  // null where no job writes back
  sim::KeyStamp stamp_{0};
  std::vector<Fetch> fetches_;  // [object]; empty without coalescing
  std::uint16_t version_ = 0;   // purges so far
};

/// Null where the plan has none.
[[nodiscard]] std::unique_ptr<Shield> make_shield(const Plan& plan, std::uint64_t seed,
                                                  std::uint64_t replication);

}  // namespace haldane::models
