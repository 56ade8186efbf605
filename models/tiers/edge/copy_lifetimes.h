// How long a fetched copy stays fresh: the time to live with its jitter, drawn by request.
//
// A pure function of request and run, so whoever knows first when an answer will arrive can say
// when the copy expires: an API cell does it for a batch of answers in SIMD lanes, a site does it
// alone where it fills its cache without asking.
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/cache/entry.h"
#include "models/plan.h"
#include "sim/base/hash.h"
#include "sim/random/philox.h"

namespace haldane::models {

/// **Determinism** depends on (seed, replication, request) only.
class CopyLifetimes {
 public:
  CopyLifetimes(const Plan& plan, std::uint64_t seed, std::uint64_t replication)
      : key_(mix(mix(seed) ^ mix(replication + 0x9e3779b97f4a7c15ULL))),
        tick_shift_(plan.tick_shift) {
    if (!plan.scenario.edge) return;
    for_ever_ = true;
    for (const FreshnessSpec& rules : plan.freshness)
      for_ever_ = for_ever_ && rules.ttl == Duration::max();
    if (plan.freshness.size() > 1) by_class_ = &plan;
    rule_ = Rule(plan.freshness[0]);
  }

  /// Whether no copy ever expires.
  [[nodiscard]] bool for_ever() const { return for_ever_; }
  /// Whether classes of objects have lifetimes of their own.
  [[nodiscard]] bool by_class() const { return by_class_ != nullptr; }

  /// When the copy fetched by request `id` and filled in at `filled` expires. **Units** ticks of
  /// the plan. **Domain** copies that do not live for ever, of one lifetime for all classes.
  [[nodiscard]] std::uint32_t expiry(SimTime filled, std::uint64_t id) const {
    return expiry(rule_, filled, id);
  }
  /// Likewise of any object, whatever its class.
  [[nodiscard]] std::uint32_t expiry_of(std::uint32_t object, SimTime filled,
                                        std::uint64_t id) const {
    if (!by_class()) return for_ever_ ? CacheEntry::never : expiry(filled, id);
    const FreshnessSpec& rules = by_class_->freshness_of(object);
    return rules.ttl == Duration::max() ? CacheEntry::never : expiry(Rule(rules), filled, id);
  }

 private:
  struct Rule {
    Rule() = default;
    explicit Rule(const FreshnessSpec& rules)
        : ttl_ns(static_cast<double>(rules.ttl.count_ns())), jitter(rules.ttl_jitter) {}
    double ttl_ns = 0;
    double jitter = 0;
  };
  [[nodiscard]] std::uint32_t expiry(const Rule& rule, SimTime filled, std::uint64_t id) const {
    const double u = sim::to_unit(mix(id ^ key_));
    const double ns = rule.ttl_ns * (1 + rule.jitter * (2 * u - 1));
    const std::int64_t expires = filled.count_ns() + static_cast<std::int64_t>(ns);
    return static_cast<std::uint32_t>(
        std::min<std::int64_t>(expires >> tick_shift_, CacheEntry::never));
  }

  std::uint64_t key_;
  int tick_shift_;
  bool for_ever_ = true;
  Rule rule_;
  const Plan* by_class_ = nullptr;
};

}  // namespace haldane::models
