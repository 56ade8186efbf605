// An edge site: clients arrive, the cache answers or asks the API, answers fill the cache.
//
// One logical process. Its inputs are the site's own arrivals, drawn in batches, and a queue of
// everything else (answers, retries, closed-loop clients). A hit never touches that queue. The
// class is a template on the eviction policy, because the look-up is the innermost step of the
// whole simulator; whatever else a scenario chooses is a predictable branch.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "models/cache/entry.h"
#include "models/clients/hedges.h"
#include "models/plan.h"
#include "models/tiers/edge/call_guard.h"
#include "models/tiers/edge/copy_lifetimes.h"
#include "models/tiers/edge/node_scaler.h"
#include "models/tiers/edge/object_filter.h"
#include "models/tiers/edge/proxies.h"
#include "models/tiers/edge/request_limiter.h"
#include "models/tiers/edge/site_nodes.h"
#include "models/tiers/edge/waiters.h"
#include "models/tiers/edge/written_objects.h"
#include "models/tiers/link/messages.h"
#include "models/tiers/link/outbox.h"
#include "models/tiers/record/node_look_ups.h"
#include "models/tiers/record/recorder.h"
#include "models/tiers/record/request_trace.h"
#include "models/workload/arrival_stream.h"
#include "sim/base/hash.h"
#include "sim/kernel/calendar_queue.h"
#include "sim/measure/interval_series.h"

namespace haldane::models {

/// What the run needs of a site, whatever its eviction policy: one virtual call a window.
class EdgeSiteBase {
 public:
  virtual ~EdgeSiteBase() = default;
  virtual void advance(SimTime horizon) = 0;
  [[nodiscard]] virtual SimTime next_time() const = 0;
  /// Takes events from an API cell. Clears `outbox`.
  virtual void deliver(Outbox<EdgeEvent>& outbox) = 0;
  /// Takes results of jobs, the same for every site. **Domain** the plan writes results back.
  virtual void deliver_results(std::span<const EdgeEvent> results) = 0;
  /// What the site asks of each cell; the reader clears it.
  virtual Outboxes<ApiRequest>& to_cells() = 0;
  virtual void report(std::vector<sim::Measurements>& arms) = 0;
  [[nodiscard]] virtual std::uint64_t events() const = 0;
  [[nodiscard]] virtual std::uint64_t digest() const = 0;
  [[nodiscard]] virtual const std::vector<RequestSample>& samples() const = 0;
  /// Keeps what chosen requests met. **Domain** before the first advance().
  virtual void trace(const RequestChoice& choice) = 0;
  [[nodiscard]] virtual const std::vector<RequestVisit>& visits() const = 0;
  /// Keeps what each node was asked for. **Domain** likewise.
  virtual void watch_nodes() = 0;
  /// Null unless they are watched.
  [[nodiscard]] virtual const NodeLookUps* nodes() const = 0;
  /// What the site's autoscaler did; null without one. **Domain** after report().
  [[nodiscard]] virtual const ScaleLog* scale_log() const = 0;
};

/// Builds the site with the policy that the plan names (or none). **Cost** O(objects).
[[nodiscard]] std::unique_ptr<EdgeSiteBase> make_edge_site(const Plan& plan, std::uint32_t site,
                                                           std::uint64_t seed,
                                                           std::uint64_t replication,
                                                           const sim::BinLocator& bins,
                                                           std::uint64_t sample_threshold);

template <class Policy>
class EdgeSite final : public EdgeSiteBase {
 public:
  EdgeSite(const Plan& plan, std::uint32_t site, std::uint64_t seed, std::uint64_t replication,
           const sim::BinLocator& bins, std::uint64_t sample_threshold);

  void advance(SimTime horizon) override;
  [[nodiscard]] SimTime next_time() const override;
  void deliver(Outbox<EdgeEvent>& outbox) override;
  void deliver_results(std::span<const EdgeEvent> results) override;
  Outboxes<ApiRequest>& to_cells() override { return to_cells_; }
  void report(std::vector<sim::Measurements>& arms) override;
  [[nodiscard]] std::uint64_t events() const override { return cursor_ + events_; }
  [[nodiscard]] std::uint64_t digest() const override {
    Digest digest = look_up_digest_;
    digest.add(event_digest_.value());
    digest.add(arrivals_.digest());
    return digest.value();
  }
  [[nodiscard]] const std::vector<RequestSample>& samples() const override { return samples_; }
  void trace(const RequestChoice& choice) override {
    trace_.choose(choice);
    samples_some_ = watches_hits_ = true;
  }
  [[nodiscard]] const std::vector<RequestVisit>& visits() const override { return trace_.visits(); }
  void watch_nodes() override {
    if (!plan_->scenario.edge) return;
    node_look_ups_ = std::make_unique<NodeLookUps>(*bins_, site_, nodes_);
    watches_hits_ = true;
  }
  [[nodiscard]] const NodeLookUps* nodes() const override { return node_look_ups_.get(); }
  [[nodiscard]] const ScaleLog* scale_log() const override {
    return node_scaler_ ? &node_scaler_->log() : nullptr;
  }

 private:
  enum class Tally : std::uint8_t {
    requests,
    repeats,  // look-ups of retries; a first look-up is counted as its request
    errors,
    hits,
    stale,
    bytes,
    hit_bytes,
    fetches,
    stale_on_error,
    collapsed,
    own_fetches,
    retries_denied,
    fwd_stale,
    fwd_bypass,
    fetch_bytes,
    limited,
    delayed,
    warm_ups,
    job_purges,
    job_updates,
    let_in,  // of those delayed, within the run
    breaker_calls,
    short_circuits,
    hedges,
    hedges_denied,
    hedges_won,
    not_modified,
    count
  };
  enum class Latency : std::uint8_t { hit, late_hit, waited, count };  // late: of a retry
  // Expired copies may not be served any more, however short a time ago they could be.
  enum class Freshness : std::uint8_t { fresh, stale, expired, absent };
  [[nodiscard]] static bool misses(Freshness found) { return found >= Freshness::expired; }
  using SiteRecorder =
      Recorder<static_cast<std::size_t>(Tally::count), static_cast<std::size_t>(Latency::count)>;

  // Where an object lives: which of the site's nodes, and its index there.
  struct Place {
    std::uint32_t node;
    std::uint32_t local;
  };

  void warm_up(std::uint64_t seed, std::uint64_t replication);
  void put_warm(Place at, std::uint32_t expiry);
  void warm_nodes(std::uint32_t object, std::size_t rank, std::uint32_t expiry);
  [[nodiscard]] Policy cold_node() const;
  void name_node_responses(Outbox<EdgeEvent>& outbox);
  void find_node_of(const EdgeEvent& event);
  void attend_nodes(SimTime now);
  void scale_nodes(SimTime now);
  void renew_nodes(SimTime now, std::uint32_t kept);
  [[nodiscard]] std::vector<std::vector<Outage>> node_outages() const;
  void add_options(std::uint64_t seed, std::uint64_t replication);
  void add_caches();
  void start_clients();
  void start_warm_ups();
  void warm_next(const EdgeEvent& event);
  void warm_one(SimTime now, const RequestTag& tag);
  // Where the objects of a site live is settled before the loop over its arrivals.
  enum class Nodes : bool { one, many };
  // And whether a hit is more than a count and a latency.
  enum class Hits : bool { counted, watched };
  void serve_some(SimTime end);
  template <Nodes Count, Hits How>
  void serve_stretch(SimTime end);
  template <Nodes Count>
  void serve_missing_stretch(SimTime end);
  void choose_loop(std::uint64_t arrivals, const sim::LatencyTotals& hits);
  std::size_t next_answers(SimTime end);
  template <Nodes Count>
  void sort_out_misses(std::uint64_t batch_end, SimTime last);
  template <Nodes Count>
  void take_answers(std::size_t answers, SimTime known, sim::LatencyTotals& hits);
  SimTime take_responses(SimTime arrival, SimTime end);
  template <Nodes Count>
  bool misses_plainly(std::uint64_t number, SimTime now);
  void ask_for_missed();
  void finish_stretch(std::uint64_t arrivals, const sim::LatencyTotals& hits);
  template <Nodes Count, Hits How>
  bool serve_hit(std::uint64_t number, SimTime now, sim::LatencyTotals& hits);
  void serve_generally();
  void enter(SimTime now, RequestTag& tag, Duration hit_latency, std::uint64_t routing_word);
  void pass_proxies(SimTime now, const RequestTag& tag);
  void take_inspected(const EdgeEvent& event);
  void conclude_at_door(SimTime now, const RequestTag& tag, AttemptEnd end);
  bool passes_limit(SimTime now, const RequestTag& tag, Duration hit_latency);
  void take_limited(const EdgeEvent& event);
  void prefetch_for(const EdgeEvent& event) const;
  template <Nodes Count>
  void prefetch_ahead(std::uint64_t number) const;
  void watch_arrival(std::uint64_t number);
  void watch_hit(std::uint64_t number);
  void miss_plainly(SimTime now, std::uint64_t number, bool canary, Freshness found);
  void handle_unfresh(SimTime now, std::uint64_t number);
  // What the digests say of an event and of a look-up.
  [[nodiscard]] static std::uint64_t word_of(const EdgeEvent& event);
  [[nodiscard]] static std::uint64_t word_of_look_up(SimTime now, std::uint32_t object) {
    return static_cast<std::uint64_t>(now.count_ns()) + (std::uint64_t{object} << 24);
  }
  void take_response(const EdgeEvent& event);
  void handle_event(const EdgeEvent& event);
  void client_thinks(const EdgeEvent& event);
  void client_asks(const EdgeEvent& event);
  void client_retries(const EdgeEvent& event);
  // Tags travel by reference: copying one just after its fields were written stalls the store
  // buffer (bench/README.md).
  void look_up(SimTime now, RequestTag& tag, Duration hit_latency, std::uint64_t routing_word);
  void note_look_up(SiteRecorder& recorder, SimTime now, std::uint32_t object,
                    bool fetches = false);
  void note_miss(SimTime now, const RequestTag& tag, Freshness found, bool bypasses);
  void note_fetch(SimTime now, const RequestTag& tag);
  void revalidate(RequestTag& tag, bool has_copy) const;
  void report_imbalance(sim::Measurements& m);
  void report_tallies(const SiteRecorder& recorder, sim::Measurements& m) const;
  void report_bytes(const SiteRecorder& recorder, sim::Measurements& m) const;
  [[nodiscard]] std::vector<std::vector<std::int64_t>> tallies_of(
      const SiteRecorder& recorder) const;
  void report_forwards(const SiteRecorder& recorder, sim::Measurements& m) const;
  void report_latencies(SiteRecorder& recorder, sim::Measurements& m) const;
  void report_nodes(sim::Measurements& m);
  static std::int64_t& tally(SiteRecorder& r, Tally t) { return r[static_cast<std::size_t>(t)]; }
  // Of the bin in which the request itself was counted.
  std::int64_t& tally_of_request(const RequestTag& tag, Tally t) {
    return arm(tag).in_bin(bins_->bin_of(tag.asked), static_cast<std::size_t>(t));
  }
  void count_hit(SiteRecorder& recorder, std::uint32_t object, bool stale);
  [[nodiscard]] bool is_fresh(const CacheEntry& entry, SimTime now) const {
    return entry.resident && entry.version == version_ && tick_before_end(now) < entry.expiry;
  }
  Freshness freshness(CacheEntry& entry, std::uint32_t object, SimTime now);
  [[nodiscard]] std::uint32_t window(std::uint32_t object, Duration FreshnessSpec::* kind) const {
    return tick(SimTime::zero() + plan_->freshness_of(object).*kind);
  }
  bool outlives_purges(CacheEntry& entry, std::uint32_t object);
  bool usable_on_error(std::uint32_t object, SimTime now);
  void take_failure(const EdgeEvent& event);
  void conclude_failed(SimTime now, const RequestTag& tag, bool masked);
  void serve(SimTime now, const RequestTag& tag, Duration hit_latency);
  bool refresh_in_background(SimTime now, RequestTag tag, CacheEntry& entry,
                             std::uint64_t routing_word);
  void miss(SimTime now, RequestTag& tag, std::uint64_t routing_word, Freshness found);
  void fetch(SimTime now, RequestTag& tag, std::uint64_t routing_word, bool has_copy);
  void join_fetch(SimTime now, const RequestTag& tag);
  bool refreshes_with_another(SimTime now, const RequestTag& tag, CacheEntry& entry);
  void waited_long_enough(const EdgeEvent& event);
  void fetch_alone(SimTime now, RequestTag tag, bool leader = false);
  void take_held(const EdgeEvent& event);
  void pass_on_uncacheable(SimTime now, std::uint32_t object);
  void share_answer(const EdgeEvent& event);
  void fill_nodes_of_woken(const EdgeEvent& event);
  void fail_waiters(SimTime now, std::uint32_t object, bool masked);
  void wake(SimTime now, const WaitingRequest& waiting, bool ok, bool masked);
  void settle_waiter(SimTime now, const RequestTag& tag, bool ok, bool masked);
  [[nodiscard]] SimTime release_time(SimTime since, SimTime now) const;
  [[nodiscard]] bool is_uncacheable(std::uint32_t object) const {
    return plan_->is_uncacheable(object);
  }
  // Whether an uncacheable object is known as such, so that nobody waits for it.
  [[nodiscard]] bool is_marked(SimTime now, std::uint32_t object) {
    if (plan_->uncacheable_threshold == 0 || !is_uncacheable(object)) return false;
    const Place at = place(object);
    return tick(now) < caches_[at.node].entry(at.local).expiry;
  }
  // Whether the client of a fetch still waits: those who went on alone may have given up.
  bool settles(SimTime now, RequestTag& tag, bool ok) {
    if (!tag.alone) return true;
    if (hedges_) return settles_hedged(now, tag, ok);
    return unsettled_.erase({tag.id, tag.attempt}) > 0;
  }
  static Hedges::Call call_of(const RequestTag& tag) {
    return {tag.id, static_cast<std::uint8_t>(tag.attempt & ~RequestTag::hedge_bit)};
  }
  void begin_hedged(SimTime now, RequestTag& tag);
  void hedge(const EdgeEvent& event);
  bool settles_hedged(SimTime now, RequestTag& tag, bool ok);
  ApiRequest& forward(SimTime now, bool canary, std::uint64_t routing_word);
  void fill(SimTime now, const RequestTag& tag, std::uint32_t expiry);
  void store(Place at, std::uint32_t expiry);
  void take_result(const EdgeEvent& event);
  void take_result_at(Place at, const EdgeEvent& event, bool may_store);
  [[nodiscard]] bool is_outdated(const RequestTag& tag) const;
  void note_call(const EdgeEvent& event);
  [[nodiscard]] bool may_call(SimTime now, const RequestTag& tag, std::uint64_t routing_word);
  [[nodiscard]] std::uint32_t cell_of(std::uint64_t routing_word) const;
  void conclude_here(SimTime now, RequestTag tag, AttemptEnd end);
  [[nodiscard]] bool may_retry(SimTime now, const RequestTag& tag, AttemptEnd end);
  void retry_later(SimTime now, RequestTag tag, AttemptEnd end);
  static Attempt attempt_of(const RequestTag& tag) { return {tag.attempt > 1, tag.after_timeout}; }
  // Called before anything that happens at `now`: closes time bins and notices purges.
  void attend(SimTime now) {
    if (now >= attention_) [[unlikely]]
      attend_slowly(now);
  }
  void attend_slowly(SimTime now);
  [[nodiscard]] Purged purged_since(std::uint32_t object, std::uint16_t version) const;
  [[nodiscard]] std::uint32_t tick_before_end(SimTime t) const {
    return static_cast<std::uint32_t>(t.count_ns() >> plan_->tick_shift);
  }
  // Queues may take long after the end to drain. Ticks last at least to the end and a lifetime more
  // (compile_plan); then the clock of caches stands still, and nothing expires.
  [[nodiscard]] std::uint32_t tick(SimTime t) const {
    return static_cast<std::uint32_t>(
        std::min<std::int64_t>(t.count_ns() >> plan_->tick_shift, CacheEntry::never - 1));
  }
  [[nodiscard]] std::uint32_t expiry_of(SimTime now, const RequestTag& tag) const {
    return lifetimes_.expiry_of(tag.object, now, tag.id);
  }
  // Retries look up even after the end; how they go is told to their clients, but not counted.
  [[nodiscard]] bool counts(SimTime now) const { return now < end_; }
  [[nodiscard, gnu::always_inline]] Place place(std::uint32_t object) const {
    if (nodes_ == 1) [[likely]]
      return {0, object};
    if (site_nodes_) return {site_nodes_->at_hand(), object};
    return place_among_nodes(object);
  }
  // Who waits for a fetch waits for that of the same node, or of the site.
  [[nodiscard]] std::uint32_t lock_of(std::uint32_t object) const {
    if (!site_nodes_ || shares_fetches_) return object;
    return site_nodes_->at_hand() * plan_->scenario.traffic.objects.count + object;
  }
  [[nodiscard]] std::uint32_t node_at_hand() const {
    return site_nodes_ ? site_nodes_->at_hand() : 0;
  }
  void go_to(std::uint32_t node) {
    if (site_nodes_) site_nodes_->go_to(node);
  }
  template <Nodes Count>
  [[nodiscard, gnu::always_inline]] Place place_among(std::uint32_t object) const {
    if constexpr (Count == Nodes::one) return {0, object};
    return place_among_nodes(object);
  }
  [[nodiscard]] Place place_among_nodes(std::uint32_t object) const;
  void push_local(EdgeEvent::Kind kind, SimTime at, const RequestTag& tag,
                  std::uint32_t detail = 0) {
    events_pending_.push({{at, local_stamp_()}, tag, kind, detail});
    last_arrival_ = std::min(last_arrival_, at);
  }
  // A request is over. **Domain** samples_some_.
  void sample(const RequestVisit& visit) {
    if ((mix(visit.id) >> 32) < sample_threshold_)
      samples_.push_back({visit.arrived, visit.ended - visit.arrived, visit.canary});
    if (trace_.has(visit.id)) trace_.note(visit);
  }
  [[nodiscard]] std::uint64_t id_of(std::uint64_t number) const {
    return (std::uint64_t{site_} << 40) | number;
  }
  [[nodiscard]] bool is_canary(std::uint64_t routing_word) const {
    return (routing_word >> 32) < canary_threshold_;
  }
  [[nodiscard]] SiteRecorder& arm(bool canary) { return recorders_[canary ? 1 : 0]; }
  [[nodiscard]] SiteRecorder& arm(const RequestTag& tag) { return arm(tag.canary); }
  static sim::LatencyHistogram& latency(SiteRecorder& r, Latency l) {
    return r.histogram(static_cast<std::size_t>(l));
  }

  const Plan* plan_;
  const sim::BinLocator* bins_;
  SimTime end_;
  std::uint32_t site_;
  bool closed_loop_;
  bool has_api_;
  bool fill_on_miss_;
  bool misses_are_plain_;  // nothing happens at a miss but that the API is asked
  bool misses_commute_;    // and nothing but answers makes anything fresh or stale
  std::uint32_t nodes_;
  std::uint64_t objects_to_blocks_;  // 2^64 / nodes, rounded up
  std::uint32_t own_cell_;
  std::uint32_t stale_ticks_;  // of the class with the longest window
  std::uint32_t error_ticks_;  // likewise, of stale-if-error
  bool has_sizes_;
  bool serves_generally_;  // requests meet more than a cache
  bool watches_hits_;      // hits have arms or sizes, or are sampled, or the same
  std::uint64_t canary_threshold_;
  Plan::CellRoute route_;
  bool samples_some_;  // or traces
  std::uint64_t sample_threshold_;
  CopyLifetimes lifetimes_;
  Duration link_;
  Duration timeout_;
  CacheSpec::Waiting waiting_;
  sim::StreamKey think_key_;
  sim::StreamKey waiter_key_;
  sim::StreamKey warm_key_;

  ArrivalStream arrivals_;
  std::uint64_t cursor_ = 0;  // number of the next arrival
  SimTime last_arrival_;      // arrivals up to here go before the next event
  // Numbers of the arrivals of a stretch for which the API is still to be asked.
  std::array<std::uint64_t, ArrivalStream::half> missed_;
  std::size_t misses_ = 0;
  static constexpr std::uint64_t no_arrival = ~std::uint64_t{0};
  // Where most requests miss: what the answers at hand bring, and which of missed_ may still hit.
  ObjectFilter answered_;
  std::array<std::size_t, ArrivalStream::half> doubtful_;
  std::size_t doubts_ = 0;
  bool mostly_misses_ = false;
  std::vector<Policy> caches_;  // one a node
  sim::CalendarQueue<EdgeEvent> events_pending_;
  sim::KeyStamp local_stamp_{0xffffU};
  sim::KeyStamp stamp_;
  bool shares_fetches_;  // all its nodes wait for one fetch
  Waiters waiters_;
  std::optional<RetryBudget> budget_;
  std::unique_ptr<Proxies> proxies_;  // mostly null
  std::optional<RequestLimiter> limiter_;
  std::optional<SiteNodes> site_nodes_;      // absent where a hash of the object names the node
  std::unique_ptr<NodeScaler> node_scaler_;  // null where nobody scales them
  std::unique_ptr<CallGuard> guard_;         // null without breakers
  std::unique_ptr<Hedges> hedges_;           // null without hedging
  std::unique_ptr<WrittenObjects> written_;  // null where no job writes back
  std::vector<SiteRecorder> recorders_;      // one an arm
  Outboxes<ApiRequest> to_cells_;
  std::vector<RequestSample> samples_;
  RequestTrace trace_;
  std::vector<WaitingRequest> woken_;          // scratch
  std::vector<std::uint32_t> nodes_of_woken_;  // likewise
  // Clients whose time-out the site keeps, beside those who wait: (id, attempt).
  std::set<std::pair<std::uint64_t, std::uint8_t>> unsettled_;

  std::uint16_t version_ = 0;  // purges so far
  SimTime attention_;          // the next time bin or purge
  std::uint64_t events_ = 0;   // beside arrivals
  Digest look_up_digest_;
  Digest event_digest_;

  bool revalidates_;
  sim::StreamKey modified_key_;
  std::unique_ptr<NodeLookUps> node_look_ups_;  // null unless somebody asks
};

}  // namespace haldane::models
