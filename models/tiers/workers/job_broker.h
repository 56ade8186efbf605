// Workers by events: a queue from which workers receive jobs, for everything that is not known when
// a job arrives: a fleet that is scaled, jobs that become visible again, classes of jobs.
//
// A job is received, worked on, and deleted when it succeeded; one that failed comes back after its
// backoff. Of an at-least-once queue a receipt is worth something only until the visibility
// time-out ends: then the job is there again for others, though its worker may still be at it. Who
// receives it, and when, follows from events in order: departures first, then what happens to the
// fleet, then jobs that come or come back. Without anything special, starts and departures are
// those of JobQueue.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "models/plan.h"
#include "models/tiers/record/recorder.h"
#include "models/tiers/scaling/replica_scaler.h"
#include "models/tiers/workers/completed_jobs.h"
#include "models/tiers/workers/dead_letters.h"
#include "models/tiers/workers/job_lines.h"
#include "models/tiers/workers/worker_fleet.h"
#include "models/tiers/workers/worker_tier.h"
#include "models/tiers/workers/worker_turnover.h"
#include "sim/base/hash.h"
#include "sim/kernel/event_queue.h"

namespace haldane::models {

/// One logical process. **Determinism** depends on the plan, the streams and its inbox only.
class JobBroker final : public WorkerTier {
 public:
  JobBroker(const Plan& plan, std::uint64_t seed, std::uint64_t replication,
            const sim::BinLocator& bins);

  void deliver(Outbox<Job>& outbox) override;
  void advance(SimTime horizon) override;
  [[nodiscard]] SimTime next_time() const override;
  void report(std::vector<sim::Measurements>& arms) override;
  [[nodiscard]] std::uint64_t events() const override { return events_; }
  [[nodiscard]] std::uint64_t digest() const override { return digest_.value(); }
  [[nodiscard]] const ScaleLog* scale_log() const override {
    return scaler_ ? &scaler_->log() : nullptr;
  }

 private:
  enum class Tally : std::uint8_t {
    jobs,
    retries,
    dead_letters,
    enqueued,
    done,
    copies,
    drops,
    expiries,
    late,
    dead_failed,
    dead_crashed,
    dead_expired,
    dead_poison,
    count
  };
  enum class Wait : std::uint8_t { all, urgent, count };

  // A job in the queue, until it is deleted.
  struct Message {
    enum class State : std::uint8_t {
      waiting,
      received,
      hidden,  // for its backoff
    };
    std::uint64_t serial = 0;  // of all messages; 0 = none lives here
    std::uint64_t id = 0;
    SimTime arrived;
    SimTime since;               // visible since
    std::uint32_t receives = 0;  // names the present receipt
    State state = State::waiting;
    std::uint8_t job_class = 0;
    bool canary = false;
    bool copy = false;       // a duplicate of another message
    bool scheduled = false;  // of a batch: of nobody's request
    std::uint32_t object = 0;
    bool poison = false;   // always fails
    bool crashed = false;  // the worker of the present receipt is gone
  };
  // One receipt of a message: what a worker holds.
  struct Delivery {
    std::uint64_t serial = 0;
    std::uint64_t id = 0;
    SimTime arrived;
    SimTime since;
    SimTime begun = SimTime::never();
    std::uint32_t message = 0;
    std::uint32_t receipt = 0;
    std::uint32_t worker = 0;
    std::uint32_t use = 0;    // tells departures of earlier deliveries of this number
    std::uint32_t fleet = 0;  // of the worker
    std::uint32_t code = 0;   // the arm whose release the worker runs
    bool canary = false;
    bool copy = false;
    bool poison = false;
    bool urgent = false;
    bool scheduled = false;
    std::uint32_t object = 0;
  };
  struct Departure {
    sim::EventOrder order;
    std::uint32_t delivery = 0;
    std::uint32_t use = 0;
  };
  struct Timer {
    enum class Kind : std::uint8_t { visible, expire };
    sim::EventOrder order;
    std::uint64_t serial = 0;
    std::uint32_t message = 0;
    std::uint32_t receipt = 0;
    Kind kind = Kind::visible;
  };

  // A queue with its workers: the baseline's, and the canary's where it has its own.
  struct Fleet {
    Fleet(std::uint32_t workers, const Plan& plan, std::span<const std::vector<Outage>> outages,
          WorkerTurnover replaced, const sim::BinLocator& bins);
    WorkerFleet workers;
    WorkerTurnover turnover;
    JobLines line;                    // of messages
    SimTime head = SimTime::never();  // since when the oldest waits
    SimTime head_from;                // since when it is the oldest
    sim::AgeSeries lag;
    MaximumSeries queue;
    MaximumSeries lag_maximum;
  };
  // What is measured of one arm's jobs, whoever runs them.
  struct Arm {
    Arm(const WorkerArmPlan& arm_plan, const Plan& plan, const sim::BinLocator& bins);
    const WorkerArmPlan* plan;
    Recorder<static_cast<std::size_t>(Tally::count), static_cast<std::size_t>(Wait::count)>
        recorder;
    sim::IntervalSeries busy;
    sim::IntervalSeries waiting;
    DeadLetters dead;
    std::int64_t& tally(Tally t) { return recorder[static_cast<std::size_t>(t)]; }
    sim::LatencyHistogram& wait(Wait w) { return recorder.histogram(static_cast<std::size_t>(w)); }
  };

  void add_scaler(sim::StreamKey startup_key);
  void step(SimTime now);
  [[nodiscard]] SimTime next_due() const;
  [[nodiscard]] SimTime next_control() const;
  void control(SimTime now);
  void keep_one_worker(SimTime now);
  void roll_back(SimTime now);
  void arrive(const Job& job);
  void arrive_together(SimTime now);
  std::uint32_t enqueue(SimTime now, std::uint64_t id, bool canary, std::uint64_t fate);
  void ring(SimTime now, const Timer& timer);
  void expire(SimTime now, std::uint32_t message);
  void give_back(SimTime now, std::uint32_t delivery);
  void make_visible(SimTime now, std::uint32_t message);
  void serve(SimTime now, Fleet& fleet);
  void receive(SimTime now, Fleet& fleet);
  void begin_all(SimTime now, Fleet& fleet, std::uint32_t worker);
  void begin(SimTime now, Fleet& fleet, std::uint32_t delivery);
  void drop(SimTime now, Fleet& fleet, std::uint32_t delivery);
  void free_delivery(SimTime now, Fleet& fleet, std::uint32_t delivery);
  void end_idle_workers(SimTime now);
  void end_worker(SimTime now, std::uint32_t worker);
  void depart(const Departure& departure);
  void crash(SimTime now, std::uint32_t delivery);
  void finish(SimTime now, const Delivery& delivery);
  void write_back(SimTime now, const Delivery& delivery);
  void note_visit(SimTime now, const Delivery& delivery, RequestVisit::End end);
  void fail(SimTime now, const Delivery& delivery, std::uint64_t word);
  void bury(SimTime now, std::uint32_t message, Tally cause);
  void note_head(SimTime now, Fleet& fleet);
  void close_head(SimTime now, Fleet& fleet);
  [[nodiscard]] bool is_current(const Delivery& delivery) const;
  std::uint32_t new_message();
  void remove(std::uint32_t message);
  std::uint32_t new_delivery(const Message& message, std::uint32_t index);
  [[nodiscard]] static std::uint64_t address_of(const Delivery& delivery);
  [[nodiscard]] bool counts(SimTime t) const { return t < plan_->end; }
  Arm& arm_of(bool canary) { return arms_[canary ? 1 : 0]; }
  // Where a job of an arm waits.
  Fleet& fleet_of(bool canary) {
    return fleets_[canary && fleets_.size() > 1 && !rolled_back_ ? 1 : 0];
  }
  // Of the fleet that is scaled; null for the other.
  [[nodiscard]] ScaleSignals* signals_of(const Fleet& fleet) {
    return scaler_ && &fleet == fleets_.data() ? &scaler_->signals() : nullptr;
  }
  void report_arm(sim::Measurements& m, std::uint32_t arm);
  void report_dead_letters(sim::Measurements& m, Arm& arm);
  void report_fleet(sim::Measurements& m, std::uint32_t fleet);

  const Plan* plan_;
  const sim::BinLocator* bins_;
  sim::StreamKey key_;
  sim::StreamKey fate_key_;
  sim::EventQueue<Job> arrivals_;
  sim::EventQueue<Departure> departures_;
  sim::EventQueue<Timer> timers_;
  sim::KeyStamp stamp_{0xffffU};
  std::vector<Message> messages_;
  std::vector<std::uint32_t> free_messages_;
  std::vector<Delivery> deliveries_;
  std::vector<std::uint32_t> free_deliveries_;
  std::uint64_t serials_ = 0;
  std::uint64_t alive_ = 0;  // messages
  CompletedJobs completed_;
  SimTime next_batch_ = SimTime::never();
  std::uint64_t batch_jobs_ = 0;
  std::vector<Arm> arms_;
  std::vector<Fleet> fleets_;
  std::unique_ptr<ReplicaScaler> scaler_;  // of the baseline's workers
  bool workers_end_ = false;               // those that are scaled end by themselves
  bool kept_one_ = false;
  bool rolled_back_ = false;
  std::vector<std::uint32_t> lost_;  // scratch
  std::uint64_t events_ = 0;
  Digest digest_;
};

}  // namespace haldane::models
