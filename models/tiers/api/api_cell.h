// An API cell: a balancer, its replicas (of both arms), and what follows from each answer.
//
// The cell knows at admission when a request will be answered and whether the client will still be
// waiting, so it also decides what happens next: the answer travels back, a client retries, a job
// is enqueued. Everything that leaves the cell lies at least one link delay in the future, which is
// what lets tiers be simulated a window apart.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "models/plan.h"
#include "models/tiers/api/event_pool.h"
#include "models/tiers/api/quota_gate.h"
#include "models/tiers/edge/copy_lifetimes.h"
#include "models/tiers/edge/shield.h"
#include "models/tiers/link/link_losses.h"
#include "models/tiers/link/messages.h"
#include "models/tiers/link/outbox.h"
#include "models/tiers/link/write_backs.h"
#include "models/tiers/record/recorder.h"
#include "models/tiers/record/request_trace.h"
#include "models/tiers/scaling/replica_pool.h"
#include "models/tiers/scaling/replica_scaler.h"
#include "sim/base/hash.h"
#include "sim/kernel/event_queue.h"
#include "sim/measure/interval_series.h"

namespace haldane::models {

/// One logical process. **Determinism** depends on the plan, the streams and its inbox only.
class alignas(64) ApiCell {
 public:
  ApiCell(const Plan& plan, std::uint32_t cell, std::uint64_t seed, std::uint64_t replication,
          const sim::BinLocator& bins, std::uint64_t sample_threshold);

  /// Takes requests from an edge site; consumed by the next advance(). Clears `outbox`.
  void deliver(Outbox<ApiRequest>& outbox);
  /// Likewise, from the workers: results of jobs. **Domain** of this and results(): the plan writes
  /// them to the API.
  void deliver_writes(Outbox<ApiRequest>& outbox);
  /// Results of jobs that reach the edge. **Domain** the plan has a shield; none is earlier than
  /// the last horizon.
  void deliver_results(std::span<const EdgeEvent> results) { shield_->deliver_results(results); }
  /// What sites are to be told of those that were served.
  [[nodiscard]] SiteResults& results() { return writes_->results; }
  /// Simulates everything that arrives before `horizon`. **Domain** all such requests were
  /// delivered.
  void advance(SimTime horizon);
  [[nodiscard]] SimTime next_time() const;

  /// What the cell says to each site, and to the workers; the reader clears it.
  Outboxes<EdgeEvent>& to_sites() { return to_sites_; }
  Outbox<Job>& outbox_to_workers() { return to_workers_; }
  [[nodiscard]] const Outbox<Job>& outbox_to_workers() const { return to_workers_; }

  /// When the first answer that the last advance() left in an outbox is due; never if none.
  [[nodiscard]] SimTime earliest_to_sites() const { return earliest_to_sites_; }

  /// Adds this cell's part to the measurements of each arm. **Domain** the run is over.
  void report(std::vector<sim::Measurements>& arms);
  [[nodiscard]] std::uint64_t events() const { return events_; }
  [[nodiscard]] std::uint64_t digest() const { return digest_.value(); }
  [[nodiscard]] const std::vector<RequestSample>& samples() const { return samples_; }
  /// Keeps what chosen requests met. **Domain** before the first advance().
  void trace(const RequestChoice& choice) {
    trace_.choose(choice);
    samples_some_ = true;
    for (Arm& arm : arms_) arm.pool.name_replicas();
  }
  /// Likewise, of each replica. **Domain** likewise.
  void watch_nodes() {
    trace_.watch_nodes(*bins_, plan_->api[0].balancer != Balancer::central_queue);
    samples_some_ = true;
    for (Arm& arm : arms_) arm.pool.name_replicas();
  }
  [[nodiscard]] const RequestTrace& trace() const { return trace_; }
  /// What the cell's autoscaler did; null without one. **Domain** after report().
  [[nodiscard]] const ScaleLog* scale_log() const { return scaler_ ? &scaler_->log() : nullptr; }

 private:
  enum class Tally : std::uint8_t {
    requests,
    errors,
    rejected,
    over_quota,
    client_errors,
    shield_lookups,
    shield_hits,
    shield_collapsed,
    shield_bytes,         // that the API is spared
    shield_not_modified,  // answers 304 of the API, less those that sites have counted
    writes,
    write_errors,
    writes_lost,
    count
  };
  enum class Latency : std::uint8_t { wait, total, client, count };

  struct WaitingStart {
    sim::EventOrder order;
  };

  // One release's replicas and everything measured of the requests that it served.
  struct Arm {
    Arm(const ApiArmPlan& arm_plan, std::span<const std::vector<Outage>> outages, const Plan& plan,
        const sim::BinLocator& bins);
    const ApiArmPlan* plan;
    ReplicaPool pool;
    Recorder<static_cast<std::size_t>(Tally::count), static_cast<std::size_t>(Latency::count)>
        recorder;
    sim::IntervalSeries busy;
    sim::IntervalSeries waiting;
    MaximumSeries queue;
    // Starts of those who wait, of all replicas: the arm's queue length at any arrival.
    sim::EventQueue<WaitingStart> starts;

    // Of one batch: what its requests add to the histograms.
    sim::LatencyBatch waits;
    sim::LatencyBatch totals;
    sim::LatencyBatch clients;

    std::int64_t& tally(Tally t) { return recorder[static_cast<std::size_t>(t)]; }
    sim::LatencyHistogram& latency(Latency l) {
      return recorder.histogram(static_cast<std::size_t>(l));
    }
  };

  static constexpr std::size_t batch_capacity = AdmissionBatch::capacity;
  static_assert(batch_capacity <= sim::LatencyBatch::capacity);

  // What requests draw, made for a whole batch in SIMD lanes; columns begin at cache lines.
  struct Draws {
    using Words = std::array<std::uint64_t, batch_capacity>;
    alignas(64) Words ids;
    Words lanes;
    Words service_words;
    Words outcome_words;
    Words backoff_words;
  };
  // What becomes of a batch's requests, beside their admission.
  struct Outcomes {
    alignas(64) std::array<bool, batch_capacity> ok;
    std::array<bool, batch_capacity> over_quota;
    alignas(64) std::array<std::uint32_t, batch_capacity> expiries;  // ticks
  };

  // A cell whose replicas are served by events (api_cell_events.cpp).
  struct ByEvents {
    // The last moment at which an answer may leave in time for its client, or its site.
    struct Patience {
      SimTime until;
      std::uint64_t number;
      std::uint32_t arm;
      std::uint32_t index;
    };
    std::unique_ptr<Dependency> dependency;  // null without one
    std::vector<EventPool> pools;            // one an arm
    std::deque<Patience> patience;           // of clients
    std::deque<Patience> patience_of_sites;  // with fetches
    std::uint64_t arrivals = 0;
    SimTime next_scale = SimTime::never();
  };
  // Of the columns of a batch the last one is for the request that leaves.
  static constexpr std::size_t leaving = batch_capacity - 1;
  // Keys of a request that is served by events: the first half is for its departure, then two for
  // its client's giving up, and two for its site's.
  static constexpr std::uint64_t messages_each = 8;

  void add_pools(std::uint64_t seed, std::uint64_t replication);
  void advance_by_events(std::span<const ApiRequest> due, SimTime horizon);
  void arrive(const ApiRequest& request, std::size_t i);
  void expect_answer(const ApiRequest& request, std::uint64_t number, std::uint32_t index);
  void expect_fetch(const ApiRequest& request, std::uint64_t number, std::uint32_t index);
  static void insert(std::deque<ByEvents::Patience>& into, const ByEvents::Patience& patience);
  [[nodiscard]] SimTime next_patience() const;
  [[nodiscard]] SimTime next_event() const;
  void happen_until(SimTime now);
  void happen_before(SimTime horizon);
  void step_pool(std::uint32_t arm);
  void lose_patience();
  void draw_for_leaving(const Arm& arm, const RequestTag& tag);
  void leave(std::uint32_t arm, const InFlight& request, const Admission& admission);
  void lose_patience_of_site();
  void give_up(Arm& arm, const ApiRequest& request, std::uint64_t number);
  void give_up_fetch(InFlight& request);
  // Nobody who waits alone gives up here, so that both together can say this of a request.
  static bool is_given_up(const RequestTag& tag) { return tag.alone && tag.concluded; }
  [[nodiscard]] SimTime deadline_of(const ApiRequest& request) const;
  void abandon_waiting();
  void report_events(std::vector<sim::Measurements>& measurements);
  void measure_leaving(Arm& arm, const ApiRequest& request);
  void follow_leaving(const ApiRequest& request);
  void conclude_late(Arm& arm, const ApiRequest& request, std::uint64_t word);
  template <class Record>
  void record_at(Arm& arm, SimTime arrival, const Record& record);

  // api_cell_writes.cpp
  void take_writes(SimTime horizon);
  void draw_for_writes(std::span<const ApiRequest> requests);
  void end_write(const ApiRequest& request, Arm& arm, std::size_t i);
  void tell_of(const RequestTag& tag, SimTime served);
  void report_writes(const Arm& arm, sim::Measurements& m) const;
  void write_again(const RequestTag& tag, SimTime failed, std::uint64_t word);

  // api_cell_losses.cpp
  void delay_arrivals();
  [[nodiscard]] bool never_arrives(const ApiRequest& request) const {
    return losses_->delay_of(request.tag) == Duration::max();
  }
  void never_arrive(const ApiRequest& request);
  void advance_with_losses(std::span<const ApiRequest> due);

  // When the call began whose request this is.
  [[nodiscard]] SimTime sent_at(const ApiRequest& request) const {
    const SimTime sent = request.order.time - link_;
    return losses_ ? sent - losses_->delay_of(request.tag) : sent;
  }
  // **Domain** a request that departs.
  [[nodiscard]] SimTime answer_time(const ApiRequest& request, std::size_t i) {
    const SimTime departure = batch_.departures[i];
    if (!losses_) [[likely]]
      return departure + link_;
    return departure + link_ + losses_->delay(LinkLosses::Way::answer, departure, request.tag);
  }
  [[nodiscard]] Duration link_of_job(const RequestTag& tag, SimTime sent) {
    if (!losses_) [[likely]]
      return job_link_;
    return job_link_ + losses_->delay(LinkLosses::Way::job, sent, tag);
  }

  // What the digest is told of a request: one word, for its sum is a chain that nothing shortens.
  [[nodiscard]] static std::uint64_t word_of(const ApiRequest& request, SimTime departure,
                                             bool ok) {
    const auto arrived = static_cast<std::uint64_t>(request.order.time.count_ns());
    const auto left = static_cast<std::uint64_t>(departure.count_ns());
    return (arrived ^ request.tag.id) + (left + (ok ? 1 : 0)) * 0xd1342543de82ef95ULL;
  }

  void sort_inbox();
  std::size_t batch_of(std::span<const ApiRequest> due);
  void add_arms();
  void add_scaler(std::uint64_t seed, std::uint64_t replication);
  void scale(SimTime now);
  void tell_scaler(std::span<const ApiRequest> requests);
  void admit(std::span<const ApiRequest> requests);
  [[nodiscard]] bool within_quota(Arm& arm, const ApiRequest& request);
  void admit_within_quota(std::span<const ApiRequest> requests);
  void add_options(std::uint64_t seed, std::uint64_t replication);
  void hash_objects(std::span<const ApiRequest> requests);
  void draw_for_canary(std::span<const ApiRequest> requests);
  void draw_by_class(std::span<const ApiRequest> requests);
  [[nodiscard]] static double slowness(const ApiArmPlan& arm, std::uint64_t word);
  // Whether a request that succeeds makes a job, by the other half of what decides slowness().
  [[nodiscard]] static bool makes_job(std::uint64_t threshold, std::uint64_t word) {
    return (mix(word) & 0xffffffffU) < threshold;
  }
  void draw_for(std::span<const ApiRequest> requests);
  void draw_for_not_modified(std::span<const ApiRequest> requests);
  void settle(std::span<const ApiRequest> requests);
  // Settles a batch in which nothing goes wrong. **Returns** false, and has done nothing, where
  // something may.
  bool settled_ordinarily(std::span<const ApiRequest> requests);
  void measure_ordinary();
  void follow_ordinary(std::span<const ApiRequest> requests);
  void settle_one_by_one(std::span<const ApiRequest> requests);
  void enqueue(const RequestTag& tag, SimTime at, std::uint64_t stamp);
  [[nodiscard]] double failure_threshold(const ApiArmPlan& arm, std::size_t i) const;
  void find_outcomes(std::span<const ApiRequest> requests);
  void find_expiries_one_by_one(std::span<const ApiRequest> requests);
  void measure(Arm& arm, std::size_t i);
  void note_queue(Arm& arm, SimTime now, SimTime start);
  void follow(const ApiRequest& request, std::size_t i);
  void answer(const ApiRequest& request, Arm& arm, std::size_t i);
  void report_call(const ApiRequest& request, Duration took, bool failed);
  void leave_to_site(const ApiRequest& request, std::size_t i);
  void hand_on(const ApiRequest& request);
  void be_lost(const ApiRequest& request, Arm& arm, std::size_t i);
  void advance_behind_shield(std::span<const ApiRequest> due);
  void pass_on(const ApiRequest& request, const Shield::Answer& answer_there);
  void ask_for_shield(ApiRequest request);
  void note_look_up(const ApiRequest& request, Shield::Answer::Kind kind, bool unmodified);
  void report_shield(const Arm& arm, sim::Measurements& m) const;
  void conclude(const ApiRequest& request, Arm& arm, SimTime at, AttemptEnd end,
                std::uint64_t word);
  [[nodiscard]] Arm& arm_of(const ApiRequest& request) { return arms_[request.tag.canary ? 1 : 0]; }
  void sample(const RequestTag& tag, SimTime at, bool ok);
  void note_visit(const ApiRequest& request, std::size_t i);
  [[nodiscard]] std::uint32_t server_of(std::size_t i) const;
  void tell_site(EdgeEvent::Kind kind, SimTime at, const RequestTag& tag, std::uint32_t detail = 0);
  void report_capacity(sim::Measurements& m, std::uint32_t arm);

  const Plan* plan_;
  std::uint32_t cell_;
  const sim::BinLocator* bins_;
  sim::StreamKey service_key_;
  sim::StreamKey outcome_key_;
  Duration link_;
  Duration job_link_;
  Duration timeout_;
  Duration slow_call_;  // max(): no breaker asks
  std::uint32_t attempts_;
  bool closed_loop_;
  bool fills_;
  bool site_concludes_;
  Duration fetch_timeout_;
  bool failures_matter_;
  bool outcome_matters_;          // whether an answer may be an error, or be asked for again
  bool answers_plainly_ = false;  // one arm, and an answer goes to its site and that is all
  std::uint64_t sample_threshold_;
  bool samples_some_;  // or traces

  std::vector<Arm> arms_;
  std::unique_ptr<ReplicaScaler> scaler_;  // of the baseline; null where the number is fixed
  SimTime next_scale_ = SimTime::never();
  std::unique_ptr<ByEvents> by_events_;  // null where admission says all
  std::unique_ptr<Shield> shield_;       // mostly null
  std::unique_ptr<QuotaGate> quota_;     // null without one
  bool hedges_ = false;                  // some calls are second copies
  std::unique_ptr<LinkLosses> losses_;   // mostly null
  std::unique_ptr<WriteBacks> writes_;   // null where no job writes to the API
  Outbox<ApiRequest> inbox_;
  std::size_t examined_ = 0;  // of the inbox, whose packets have been lost or not
  bool sorted_ = true;
  Draws draws_{};
  AdmissionBatch batch_{};
  Outcomes outcomes_{};
  CopyLifetimes lifetimes_;
  sim::KeyStamp stamp_;
  Outboxes<EdgeEvent> to_sites_;
  Outbox<Job> to_workers_;
  SimTime earliest_to_sites_ = SimTime::never();
  std::vector<RequestSample> samples_;
  RequestTrace trace_;
  std::uint64_t events_ = 0;
  Digest digest_;
};

inline void ApiCell::tell_site(EdgeEvent::Kind kind, SimTime at, const RequestTag& tag,
                               std::uint32_t detail) {
  EdgeEvent& event = to_sites_.append(tag.site());
  event.order = {at, stamp_()};
  event.tag = tag;
  event.kind = kind;
  event.detail = detail;
  earliest_to_sites_ = std::min(earliest_to_sites_, at);
}

}  // namespace haldane::models
