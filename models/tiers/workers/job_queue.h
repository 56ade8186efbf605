// The workers: one first-come-first-served queue, attempts that may fail, retries with backoff,
// dead letters.
#pragma once

#include <cstdint>
#include <vector>

#include "models/plan.h"
#include "models/tiers/link/messages.h"
#include "models/tiers/link/outbox.h"
#include "models/tiers/record/recorder.h"
#include "models/tiers/scaling/central_station.h"
#include "models/tiers/workers/worker_tier.h"
#include "sim/base/hash.h"
#include "sim/kernel/event_queue.h"
#include "sim/measure/interval_series.h"

namespace haldane::models {

/// One logical process. Retries stay inside it: they re-enter its own queue after their backoff.
class JobQueue final : public WorkerTier {
 public:
  JobQueue(const Plan& plan, std::uint64_t seed, std::uint64_t replication,
           const sim::BinLocator& bins);

  void deliver(Outbox<Job>& outbox) override;
  void advance(SimTime horizon) override;
  [[nodiscard]] SimTime next_time() const override { return pending_.next_time(); }
  void report(std::vector<sim::Measurements>& arms) override;
  [[nodiscard]] std::uint64_t events() const override { return events_; }
  [[nodiscard]] std::uint64_t digest() const override { return digest_.value(); }

 private:
  enum class Tally : std::uint8_t { jobs, retries, dead_letters, count };  // see report_jobs.h

  // Workers that draw from one queue: the baseline's, and the canary's where it has its own.
  struct Fleet {
    Fleet(std::uint32_t workers, std::uint32_t slots, std::span<const std::vector<Outage>> outages,
          const Plan& plan, const sim::BinLocator& bins);
    CentralStation station;
    SimTime previous_start;
    sim::AgeSeries lag;
    MaximumSeries queue;
    MaximumSeries lag_maximum;
  };
  // What is measured of one arm's jobs, whoever runs them.
  struct Arm {
    Arm(const WorkerArmPlan& arm_plan, const Plan& plan, const sim::BinLocator& bins);
    const WorkerArmPlan* plan;
    Recorder<static_cast<std::size_t>(Tally::count), 1> recorder;
    sim::IntervalSeries busy;
    sim::IntervalSeries waiting;
    std::int64_t& tally(Tally t) { return recorder[static_cast<std::size_t>(t)]; }
  };

  void handle(const Job& job);
  void measure(Arm& arm, Fleet& fleet, SimTime now, const Admission& admission);
  void depart(const Job& job, Arm& arm, const Admission& admission, bool counts);
  void note_visit(const Job& job, const Admission& admission, bool failed);
  void name_workers() override;
  void settle_failure(Job job, Arm& arm, SimTime failed_at, std::uint64_t word, bool counts);

  const Plan* plan_;
  const sim::BinLocator* bins_;
  sim::StreamKey key_;
  std::uint32_t max_attempts_;
  sim::EventQueue<Job> pending_;
  sim::KeyStamp stamp_{0xffffU};
  std::vector<Arm> arms_;
  std::vector<Fleet> fleets_;
  std::uint64_t events_ = 0;
  Digest digest_;
};

}  // namespace haldane::models
