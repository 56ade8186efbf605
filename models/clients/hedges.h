// Hedged calls: what takes long is asked for a second time, and the first good answer counts.
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <map>
#include <optional>

#include "models/clients/finagle_budget.h"
#include "models/clients/latency_percentile.h"
#include "sim/base/time.h"

namespace haldane::models {

/// `traffic.client.hedge`.
struct HedgeRules {
  Duration delay;  ///< without an answer until then, the second copy goes out
  /// Of the latencies of lately, in (0, 1): how long that is instead, but at least `delay`.
  std::optional<double> percentile;
  Duration window = Duration::seconds(30);  ///< what "lately" is
  /// How many may: a share of the calls and a reserve. Absent: all.
  std::optional<FinagleBudgetRules> budget = FinagleBudgetRules{0.05, 10, Duration::seconds(10)};
};

/// The calls of one site whose callers wait, and which copies of each are out. Nothing is called
/// back: the copy that loses is served to its end.
///
/// Where the delay follows a percentile, a copy's latency ends with the answer that its caller
/// takes or when the caller gives up; a copy that failed has none, for errors come early. No copy
/// is sent before a latency is known.
/// **Domain** times never decrease; a call begins once. **Cost** O(log calls out). **Determinism**
/// depends on the calls only.
/// **Source** Dean & Barroso, "The Tail at Scale", CACM 56(2), 2013: hedged requests. Budget and
/// percentile are those of Finagle's BackupRequestFilter.scala.
class Hedges {
 public:
  struct Call {
    std::uint64_t id = 0;
    std::uint8_t attempt = 1;
    auto operator<=>(const Call&) const = default;
  };
  enum class Copy : std::uint8_t { first, second };

  explicit Hedges(const HedgeRules& rules) : rules_(rules) {
    if (rules.budget) budget_.emplace(*rules.budget);
    if (rules.percentile) latencies_.emplace(*rules.percentile, rules.window);
  }

  /// After which the second copy of a call that begins now is due; nothing = never.
  [[nodiscard]] std::optional<Duration> delay(SimTime now) {
    if (!latencies_) return rules_.delay;
    const std::optional<Duration> latency = latencies_->at(now);
    if (!latency) return std::nullopt;
    return std::max(rules_.delay, *latency);
  }
  void begin(SimTime now, const Call& call) {
    if (budget_) budget_->begin(now, {});
    open_.emplace(call, Copies{now, SimTime::never()});
  }
  /// Whether its caller still waits.
  [[nodiscard]] bool is_open(const Call& call) const { return open_.contains(call); }
  /// Whether the budget covers a second copy now; it then must be sent.
  bool grant(SimTime now, const Call& call) {
    if (budget_ && !budget_->fail(now, {.attempt = {}, .timed_out = false, .wants_retry = true}))
      return false;
    open_.at(call).second = now;
    return true;
  }
  /// A copy has been answered. **Returns** whether that is the answer to the call: the first good
  /// one, or the last bad one.
  bool end(SimTime now, const Call& call, Copy copy, bool ok) {
    const auto found = open_.find(call);
    if (found == open_.end()) return false;
    if (!ok) {
      (copy == Copy::first ? found->second.first : found->second.second) = SimTime::never();
      if (found->second.are_out()) return false;
    }
    close(now, found);
    return true;
  }
  /// **Returns** whether it was open.
  bool give_up(SimTime now, const Call& call) {
    const auto found = open_.find(call);
    if (found == open_.end()) return false;
    close(now, found);
    return true;
  }

 private:
  // When each was sent; never() = it is not out.
  struct Copies {
    SimTime first;
    SimTime second;
    [[nodiscard]] bool are_out() const {
      return first != SimTime::never() || second != SimTime::never();
    }
  };

  void close(SimTime now, std::map<Call, Copies>::iterator call) {
    if (latencies_) {
      for (const SimTime sent : {call->second.first, call->second.second})
        if (sent != SimTime::never()) latencies_->add(now, now - sent);
    }
    open_.erase(call);
  }

  HedgeRules rules_;
  std::optional<FinagleBudget> budget_;
  std::optional<LatencyPercentile> latencies_;
  std::map<Call, Copies> open_;
};

}  // namespace haldane::models
