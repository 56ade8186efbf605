// The replicas of one cell, the nodes of one site, or the workers, over time: looks of the
// autoscaler, replicas that start and become ready, and those that are taken away and drain.
//
// The signal reaches the controller through a chain. The metric is an average over whole metric
// periods; a scrape reads the latest one that was complete before it; a sync looks at the latest
// scrape before it. What appears at the same instant is not seen yet, so that a load that changes
// at a round time is answered after the sum of the three. All of it happens inside one process, at
// times that are known beforehand: no messages, and no event for anybody else.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "models/plan.h"
#include "models/tiers/record/capacity.h"
#include "models/tiers/record/recorder.h"
#include "models/tiers/scaling/rolling_update.h"
#include "models/tiers/scaling/scalable_pool.h"
#include "models/tiers/scaling/scale_controller.h"
#include "models/tiers/scaling/scale_log.h"
#include "models/tiers/scaling/scale_signals.h"
#include "models/tiers/scaling/startup_times.h"
#include "sim/measure/interval_series.h"

namespace haldane::models {

/// What is scaled, and where its capacity is counted.
struct ScaledTier {
  const AutoscalerSpec* spec;
  std::uint32_t cell;          ///< of the log
  std::uint32_t replicas;      ///< at the start
  std::uint32_t replicas_max;  ///< as many numbers are taken before others
  std::uint32_t slots;         ///< a replica
  std::span<const std::vector<Outage>> outages;
  Counter replica_time;
  std::optional<Counter> slot_time;
  Gauge replicas_gauge;
  double price_per_hour;
  sim::StreamKey startup_key;  ///< draws how long replicas take to start
  std::span<const WorkerDeploy> deploys = {};
};

/// Scales one pool. **Determinism** depends on the calls only.
class ReplicaScaler {
 public:
  ReplicaScaler(const Plan& plan, const ScaledTier& tier, const sim::BinLocator& bins);

  /// When something happens next that changes who serves; never after the end of the run.
  [[nodiscard]] SimTime next_time() const { return next_; }
  /// Lets everything happen that is due by `now`. **Domain** the signals hold all that arrived
  /// before `now`; `now` never decreases.
  void advance(ScalablePool& pool, SimTime now);
  /// The last customer of a replica that was taken away has left. **Domain** stop() gave never.
  void departed(std::uint32_t replica, SimTime now);
  /// A replica that was started for so many customers has served them, and is there no more.
  /// **Domain** stop() gave a time, and advance() has happened until then.
  void ended(ScalablePool& pool, std::uint32_t replica, SimTime now);
  /// Where requests are told of.
  ScaleSignals& signals() { return signals_; }
  [[nodiscard]] const ScaleLog& log() const { return log_; }

  /// Adds capacity and cost; **Domain** once, after the run.
  void report(sim::Measurements& m, ScalablePool& pool);

 private:
  struct Replica {
    std::uint32_t index;
    SimTime asked;  // when it was asked for
    SimTime ready;  // when it serves, or will
    SimTime group;  // when those were asked for, or their wave sent away, among whom it starts
  };

  void poll(ScalablePool& pool, SimTime now);
  void look(ScalablePool& pool, SimTime now);
  void obey(ScalablePool& pool, SimTime now, const ScaleLook& look, std::uint32_t before);
  void follow(ScalablePool& pool, SimTime now, std::uint32_t wanted);
  void take_away(ScalablePool& pool, SimTime now);
  bool make_ready(ScalablePool& pool, SimTime now);
  void replace(ScalablePool& pool, SimTime now);
  void start_again(const Replica& replica, SimTime left);
  void note_serving(ScalablePool& pool, SimTime now);
  void log_change(ScaleStep::Kind kind, SimTime now);
  void pay_for(const Replica& replica, SimTime left);
  void schedule_next(const ScalablePool& pool, SimTime now);
  [[nodiscard]] SimTime seen_by(SimTime sync) const;
  [[nodiscard]] SimTime sync_after(SimTime now) const;
  [[nodiscard]] std::uint32_t counted(const ScalablePool& pool, SimTime since) const;
  [[nodiscard]] std::uint32_t pending(SimTime now) const;
  [[nodiscard]] std::uint32_t wanted() const {
    return static_cast<std::uint32_t>(running_.size() + starting_.size() + replaced_.size());
  }
  [[nodiscard]] std::span<const Outage> outages_of(std::uint32_t replica) const;

  const Plan* plan_;
  ScaledTier tier_;
  const AutoscalerSpec* spec_;
  const sim::BinLocator* bins_;
  ScaleController controller_;
  ScaleSignals signals_;
  ScaleLog log_;
  RollingUpdate update_;
  SimTime wave_at_;  // when its last wave was sent away
  StartupTimes startup_times_;
  sim::Distribution startup_;      // of those that the autoscaler asks for
  std::vector<Replica> running_;   // oldest first
  std::vector<Replica> starting_;  // first who will be ready first
  std::vector<Replica> replaced_;  // by a deploy, not yet empty; still wanted
  std::vector<Replica> leaving_;   // taken away, not yet empty
  std::vector<std::uint32_t> unused_;
  std::uint32_t next_number_;  // for when none is unused
  sim::IntervalSeries serving_time_;
  sim::IntervalSeries capacity_time_;  // until the last request has left
  sim::IntervalSeries paid_time_;      // from the decision on
  MaximumSeries serving_maximum_;
  std::uint32_t serving_ = 0;
  SimTime serving_since_;
  SimTime next_sync_;
  SimTime next_poll_ = SimTime::never();
  SimTime next_;
};

}  // namespace haldane::models
