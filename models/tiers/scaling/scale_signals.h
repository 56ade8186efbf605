// What an autoscaler can see of a cell: averages over whole metric periods.
//
// A request is known from arrival to departure when it is admitted, so a period is complete as soon
// as its time has passed, though what it holds was written partly long before. Levels are kept as
// their changes, which makes a long interval as cheap as a short one.
#pragma once

#include <array>
#include <cstdint>
#include <deque>

#include "sim/base/time.h"

namespace haldane::models {

/// Sums over a span. **Units** levels in level x ns, latency in ns.
struct ScaleSums {
  double busy = 0;       ///< requests in service
  double in_system = 0;  ///< in service or waiting
  double ready = 0;      ///< replicas
  double requests = 0;
  double answered = 0;
  double latency = 0;  ///< of those answered
  double lag = 0;      ///< ns: age of the oldest that waits at the end of the span
  Duration span;
};

/// **Cost** O(1) a request; memory O(periods from the oldest kept to the last departure).
/// **Determinism** sums of whole numbers in the order of the calls.
class ScaleSignals {
 public:
  ScaleSignals(Duration period, Duration kept, SimTime end)
      : period_(period), kept_(kept), end_(end) {}

  /// A request that is admitted. Times at or after the end of the run are not looked at.
  void served(SimTime arrival, SimTime start, SimTime departure) {
    came(arrival);
    step(Level::in_system, arrival, 1);
    step(Level::busy, start, 1);
    step(Level::busy, departure, -1);
    step(Level::in_system, departure, -1);
    if (departure >= end_) return;
    Period& period = at(departure);
    period.answered += 1;
    period.latency += static_cast<double>((departure - arrival).count_ns());
  }
  /// One that is turned away.
  void came(SimTime arrival) {
    if (arrival < end_) at(arrival).requests += 1;
  }
  /// The same told as it happens, by those who do not know the future: changes of levels, and an
  /// answer. **Domain** `t` never decreases.
  void in_system(SimTime t, double change) {
    in_system_now_ += change;
    step(Level::in_system, t, change);
  }
  void busy(SimTime t, double change) {
    busy_now_ += change;
    step(Level::busy, t, change);
  }
  /// The levels of those who tell of changes as they happen.
  [[nodiscard]] double in_system_now() const { return in_system_now_; }
  [[nodiscard]] double busy_now() const { return busy_now_; }
  void answered(SimTime t, Duration latency) {
    if (t >= end_) return;
    at(t).answered += 1;
    at(t).latency += static_cast<double>(latency.count_ns());
  }
  /// From `t` on, the oldest that waits does so since `since`; never = nobody waits.
  void oldest(SimTime t, SimTime since) {
    note_lag(t);
    oldest_ = since;
  }
  /// The number of ready replicas changes.
  void ready(SimTime t, double change) { step(Level::ready, t, change); }

  /// The sums over the `window` that ends with the last whole period before `now`, or over what
  /// there is of it. **Domain** everything before `now` was told; `now` never decreases.
  [[nodiscard]] ScaleSums before(SimTime now, Duration window);
  /// Forgets what no later window of at most `kept` can hold. **Domain** as before().
  void forget(SimTime now);

 private:
  enum class Level : std::uint8_t { busy, in_system, ready, count };
  static constexpr auto levels = static_cast<std::size_t>(Level::count);
  struct Period {
    std::array<double, levels> part{};    // level x ns of changes within this period
    std::array<double, levels> change{};  // of the level at its beginning
    double requests = 0;
    double answered = 0;
    double latency = 0;
    double lag = 0;  // at its end
  };

  [[nodiscard]] std::int64_t index_of(SimTime t) const { return (t - SimTime::zero()) / period_; }
  Period& at_index(std::int64_t index) {
    const auto offset = static_cast<std::size_t>(index - first_);
    while (periods_.size() <= offset) periods_.emplace_back();
    return periods_[offset];
  }
  Period& at(SimTime t) { return at_index(index_of(t)); }
  void step(Level level, SimTime t, double change) {
    if (t >= end_) return;
    const std::int64_t index = index_of(t);
    const SimTime next = SimTime::zero() + period_ * (index + 1);
    at_index(index + 1).change[static_cast<std::size_t>(level)] += change;
    at_index(index).part[static_cast<std::size_t>(level)] +=
        change * static_cast<double>((next - t).count_ns());
  }

  void note_lag(SimTime now);

  Duration period_;
  Duration kept_;
  SimTime end_;
  std::deque<Period> periods_;
  SimTime oldest_ = SimTime::never();
  double in_system_now_ = 0;
  double busy_now_ = 0;
  std::int64_t lag_noted_ = 0;                 // periods whose lag is known
  std::int64_t first_ = 0;                     // index of the first one kept
  std::array<double, levels> level_before_{};  // before its change
};

}  // namespace haldane::models
