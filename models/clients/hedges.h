// Hedged calls: what takes long is asked for a second time, and the first good answer counts.
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>

#include "models/clients/finagle_budget.h"
#include "sim/base/time.h"

namespace haldane::models {

/// `traffic.client.hedge`.
struct HedgeRules {
  Duration delay;  ///< without an answer until then, the second copy goes out
  /// How many may: a share of the calls and a reserve. Absent: all.
  std::optional<FinagleBudgetRules> budget = FinagleBudgetRules{0.05, 10, Duration::seconds(10)};
};

/// The calls of one site whose callers wait, and how many copies of each are out. Nothing is called
/// back: the copy that loses is served to its end.
/// **Domain** times never decrease; a call begins once. **Cost** O(log calls out). **Determinism**
/// depends on the calls only.
/// **Source** Dean & Barroso, "The Tail at Scale", CACM 56(2), 2013: hedged requests. The budget is
/// that of Finagle's BackupRequestFilter.scala.
class Hedges {
 public:
  struct Call {
    std::uint64_t id = 0;
    std::uint8_t attempt = 1;
    auto operator<=>(const Call&) const = default;
  };

  explicit Hedges(const HedgeRules& rules) : rules_(rules) {
    if (rules.budget) budget_.emplace(*rules.budget);
  }

  [[nodiscard]] Duration delay() const { return rules_.delay; }
  void begin(SimTime now, const Call& call) {
    if (budget_) budget_->begin(now, {});
    open_.emplace(call, 1);
  }
  /// Whether its caller still waits.
  [[nodiscard]] bool is_open(const Call& call) const { return open_.contains(call); }
  /// Whether the budget covers a second copy now; it then must be sent.
  bool grant(SimTime now, const Call& call) {
    if (budget_ && !budget_->fail(now, {.attempt = {}, .timed_out = false, .wants_retry = true}))
      return false;
    ++open_.at(call);
    return true;
  }
  /// A copy has been answered. **Returns** whether that is the answer to the call: the first good
  /// one, or the last bad one.
  bool end(const Call& call, bool ok) {
    const auto found = open_.find(call);
    if (found == open_.end()) return false;
    if (!ok && --found->second > 0) return false;
    open_.erase(found);
    return true;
  }
  /// **Returns** whether it was open.
  bool give_up(const Call& call) { return open_.erase(call) > 0; }

 private:
  HedgeRules rules_;
  std::optional<FinagleBudget> budget_;
  std::map<Call, std::uint32_t> open_;
};

}  // namespace haldane::models
