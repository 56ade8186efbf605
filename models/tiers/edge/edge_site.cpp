#include "models/tiers/edge/edge_site.h"

#include <algorithm>
#include <type_traits>

#include "models/cache/arc.h"
#include "models/cache/clock.h"
#include "models/cache/fifo.h"
#include "models/cache/gdsf.h"
#include "models/cache/lfu.h"
#include "models/cache/lru.h"
#include "models/cache/no_cache.h"
#include "models/cache/s3_fifo.h"
#include "models/cache/sieve.h"
#include "models/cache/w_tinylfu.h"
#include "models/tiers/edge/edge_site_clients.h"
#include "models/tiers/edge/edge_site_forwards.h"
#include "models/tiers/edge/edge_site_freshness.h"
#include "models/tiers/edge/edge_site_general.h"
#include "models/tiers/edge/edge_site_hedging.h"
#include "models/tiers/edge/edge_site_loop.h"
#include "models/tiers/edge/edge_site_misses.h"
#include "models/tiers/edge/edge_site_nodes.h"
#include "models/tiers/edge/edge_site_report.h"
#include "models/tiers/edge/edge_site_results.h"
#include "models/tiers/edge/edge_site_waiting.h"
#include "models/tiers/edge/edge_site_warming.h"
#include "models/tiers/edge/node_cache.h"

namespace haldane::models {
namespace {

CacheSpec cache_spec(const Plan& plan) {
  return plan.scenario.edge ? plan.scenario.edge->cache : CacheSpec{};
}

// What fills a cache before the run need not pass its admission.
template <class Policy>
void let_in(Policy& cache, std::uint32_t object) {
  if constexpr (std::is_same_v<Policy, SizedCache>) {
    cache.let_in(object);
  } else {
    cache.insert(object);
  }
}

}  // namespace

template <class Policy>
EdgeSite<Policy>::EdgeSite(const Plan& plan, std::uint32_t site, std::uint64_t seed,
                           std::uint64_t replication, const sim::BinLocator& bins,
                           std::uint64_t sample_threshold)
    : plan_(&plan),
      bins_(&bins),
      end_(plan.end),
      site_(site),
      closed_loop_(plan.scenario.traffic.arrivals.process == ArrivalsSpec::Process::closed_loop),
      has_api_(plan.tiers.api),
      fill_on_miss_(cache_spec(plan).fill == CacheSpec::Fill::on_miss || !plan.tiers.api),
      misses_are_plain_(has_api_ && !fill_on_miss_ && !plan.coalesce && !plan.site_concludes &&
                        !plan.revalidates),
      misses_commute_(misses_are_plain_ && plan.purges.empty() && !plan.writes_back &&
                      plan.longest(&FreshnessSpec::stale_while_revalidate) == Duration()),
      nodes_(plan.nodes_max),
      objects_to_blocks_(~std::uint64_t{0} / nodes_ + 1),
      own_cell_(plan.tiers.api ? site % plan.cells() : 0),
      stale_ticks_(tick(SimTime::zero() + plan.longest(&FreshnessSpec::stale_while_revalidate))),
      error_ticks_(tick(SimTime::zero() + plan.longest(&FreshnessSpec::stale_if_error))),
      has_sizes_(!plan.object_bytes.empty()),
      serves_generally_(plan.spreads || plan.proxies ||
                        (plan.scenario.edge && plan.scenario.edge->rate_limit)),
      watches_hits_(plan.arms() == 2 || has_sizes_ || sample_threshold != 0 || serves_generally_),
      canary_threshold_(plan.canary_threshold),
      route_(plan.tiers.api ? plan.cell_routes[site] : Plan::CellRoute{}),
      samples_some_(sample_threshold != 0),
      sample_threshold_(sample_threshold),
      lifetimes_(plan, seed, replication),
      link_(plan.scenario.links.edge_to_api),
      timeout_(plan.scenario.traffic.client.timeout),
      waiting_(cache_spec(plan).waiting),
      think_key_(seed, replication, site, sim::Purpose::think),
      waiter_key_(seed, replication, site, sim::Purpose::waiter),
      warm_key_(seed, replication, site, sim::Purpose::warm_up),
      arrivals_(plan, site, seed, replication),
      events_pending_(plan.answer_spacing, 1024),
      stamp_(site),
      shares_fetches_(plan.coalesce && plan.spreads &&
                      waiting_.scope == CacheSpec::Waiting::Scope::site),
      waiters_(plan.coalesce ? plan.scenario.traffic.objects.count *
                                   (plan.spreads && !shares_fetches_ ? nodes_ : 1)
                             : 0),
      to_cells_(std::max(1U, plan.cells())),
      revalidates_(plan.revalidates),
      modified_key_(seed, replication, site, sim::Purpose::revalidation) {
  add_options(seed, replication);
  for (std::uint32_t a = 0; a < plan.arms(); ++a) recorders_.emplace_back(plan.grid);
  add_caches();
  if (plan.scenario.edge && cache_spec(plan).start == CacheSpec::Start::warm)
    warm_up(seed, replication);
  start_warm_ups();
  if (closed_loop_) {
    start_clients();
  } else {
    arrivals_.start();
  }
}

template <class Policy>
void EdgeSite<Policy>::add_options(std::uint64_t seed, std::uint64_t replication) {
  const ClientSpec& client = plan_->scenario.traffic.client;
  if (client.budget) budget_.emplace(*client.budget);
  if (client.breaker)
    guard_ = std::make_unique<CallGuard>(*client.breaker, plan_->cells(), plan_->grid);
  if (client.hedge) hedges_ = std::make_unique<Hedges>(*client.hedge);
  if (plan_->writes_back)
    written_ = std::make_unique<WrittenObjects>(plan_->scenario.traffic.objects.count);
  if (!plan_->scenario.edge) return;
  if (plan_->scenario.edge->rate_limit) limiter_.emplace(*plan_->scenario.edge->rate_limit);
  if (plan_->scenario.edge->autoscaler) {
    const sim::StreamKey startup_key(seed, replication, sites_startup_entity + site_,
                                     sim::Purpose::startup);
    node_scaler_ = std::make_unique<NodeScaler>(*plan_, site_, *bins_, startup_key);
  }
  if (!plan_->proxies) return;
  proxies_ = std::make_unique<Proxies>(*plan_, site_, seed, replication, *bins_);
  if (node_scaler_) proxies_->tell(node_scaler_->signals());
}

template <class Policy>
void EdgeSite<Policy>::add_caches() {
  if (plan_->spreads) {
    site_nodes_.emplace(*plan_, site_);
    for (std::uint32_t n = 0; n < nodes_; ++n) caches_.push_back(cold_node());
    return;
  }
  const std::uint32_t objects = (plan_->scenario.traffic.objects.count + nodes_ - 1) / nodes_;
  for (std::uint32_t n = 0; n < nodes_; ++n)
    caches_.push_back(make_node_cache<Policy>(*plan_, objects));
  if constexpr (WeighsSizes<Policy>) {
    for (std::uint32_t object = 0; object < plan_->object_bytes.size(); ++object) {
      const Place at = place(object);
      caches_[at.node].set_size(at.local, plan_->object_bytes[object]);
    }
  }
}

// The most popular objects, the most popular one first in line to stay; remaining freshness
// uniform.
template <class Policy>
void EdgeSite<Policy>::warm_up(std::uint64_t seed, std::uint64_t replication) {
  const sim::StreamKey key(seed, replication, site_, sim::Purpose::warm_start);
  const std::vector<std::uint32_t> popular = objects_of_warm_site(*plan_);
  for (std::size_t i = popular.size(); i-- > 0;) {
    const std::uint32_t object = popular[i];
    if (is_uncacheable(object)) continue;
    std::uint32_t expiry = CacheEntry::never;
    const Duration ttl = plan_->freshness_of(object).ttl;
    if (ttl != Duration::max()) {
      const double left =
          sim::to_unit(sim::draw(key, object).first) * static_cast<double>(ttl.count_ns());
      expiry = tick(SimTime::at_nanoseconds(static_cast<std::int64_t>(left)));
    }
    if (site_nodes_) {
      warm_nodes(object, i, expiry);
    } else {
      put_warm(place(object), expiry);
    }
  }
}

template <class Policy>
void EdgeSite<Policy>::put_warm(Place at, std::uint32_t expiry) {
  CacheEntry& entry = caches_[at.node].entry(at.local);
  if (entry.resident) return;
  let_in(caches_[at.node], at.local);
  entry.expiry = expiry;
}

// The numbers of a client's requests are its own and so many more, so that they tell who asks.
template <class Policy>
void EdgeSite<Policy>::start_clients() {
  for (std::uint32_t client = 0; client < plan_->scenario.traffic.arrivals.clients; ++client) {
    RequestTag tag;
    tag.id = id_of(client);
    const std::uint64_t word = sim::draw(think_key_, tag.id).first;
    push_local(EdgeEvent::Kind::client_asks, SimTime::zero() + plan_->think.sample_duration(word),
               tag);
  }
}

template <class Policy>
SimTime EdgeSite<Policy>::next_time() const {
  return std::min(events_pending_.next_time(), arrivals_.time(cursor_));
}

template <class Policy>
void EdgeSite<Policy>::deliver(Outbox<EdgeEvent>& outbox) {
  if (site_nodes_) name_node_responses(outbox);
  events_pending_.push_all(outbox.messages());
  outbox.clear();
}

template <class Policy>
void EdgeSite<Policy>::handle_event(const EdgeEvent& event) {
  const SimTime now = event.order.time;
  if (site_nodes_) find_node_of(event);
  switch (event.kind) {
    case EdgeEvent::Kind::node_response:
    case EdgeEvent::Kind::response:
      take_response(event);
      return;
    case EdgeEvent::Kind::failed_response:
    case EdgeEvent::Kind::held_failure:
      take_failure(event);
      return;
    case EdgeEvent::Kind::held_response:
    case EdgeEvent::Kind::late_response:
      take_held(event);
      return;
    case EdgeEvent::Kind::lock_timeout:
      waited_long_enough(event);
      return;
    case EdgeEvent::Kind::waiter_released:
      if (unsettled_.erase({event.tag.id, event.tag.attempt}) > 0)
        settle_waiter(now, event.tag, (event.detail & 1) != 0, (event.detail & 2) != 0);
      return;
    case EdgeEvent::Kind::limited:
    case EdgeEvent::Kind::let_in:
      take_limited(event);
      return;
    case EdgeEvent::Kind::inspected:
    case EdgeEvent::Kind::left_proxies:
      take_inspected(event);
      return;
    case EdgeEvent::Kind::client_gave_up:
      if (!hedges_ || hedges_->give_up(now, call_of(event.tag)))
        conclude_here(now, event.tag, AttemptEnd::timed_out);
      return;
    case EdgeEvent::Kind::hedge_due:
      hedge(event);
      return;
    case EdgeEvent::Kind::retry:
      client_retries(event);
      return;
    case EdgeEvent::Kind::client_ready:
      client_thinks(event);
      return;
    case EdgeEvent::Kind::client_asks:
      client_asks(event);
      return;
    case EdgeEvent::Kind::waiter_timeout:
      if (waiters_.give_up(event.detail, event.tag) ||
          unsettled_.erase({event.tag.id, event.tag.attempt}) > 0)
        conclude_here(now, event.tag, AttemptEnd::timed_out);
      return;
    case EdgeEvent::Kind::warm_next:
      warm_next(event);
      return;
    case EdgeEvent::Kind::call_ended:
      note_call(event);
      return;
    case EdgeEvent::Kind::result_purges:
    case EdgeEvent::Kind::result_updates:
      take_result(event);
      return;
  }
}

template <class Policy>
inline void EdgeSite<Policy>::count_hit(SiteRecorder& recorder, std::uint32_t object, bool stale) {
  ++tally(recorder, stale ? Tally::stale : Tally::hits);
  if (has_sizes_) tally(recorder, Tally::hit_bytes) += plan_->object_bytes[object];
}

template <class Policy>
void EdgeSite<Policy>::look_up(SimTime now, RequestTag& tag, Duration hit_latency,
                               std::uint64_t routing_word) {
  SiteRecorder& recorder = arm(tag);
  note_look_up(recorder, now, tag.object);
  if (site_nodes_) site_nodes_->pick(tag, now);
  const Place at = place(tag.object);
  Policy& cache = caches_[at.node];
  CacheEntry& entry = cache.entry(at.local);
  const Freshness found = freshness(entry, tag.object, now);
  if (node_look_ups_) [[unlikely]]
    node_look_ups_->note(now, at.node, !misses(found));
  if (misses(found)) {
    miss(now, tag, routing_word, found);
    return;
  }
  cache.hit(at.local);
  if (counts(now)) count_hit(recorder, tag.object, found == Freshness::stale);
  serve(now, tag, hit_latency);
  if (found == Freshness::stale && !entry.refreshing)
    refresh_in_background(now, tag, entry, routing_word);
}

template <class Policy>
void EdgeSite<Policy>::attend_slowly(SimTime now) {
  attention_ = SimTime::never();
  if (site_nodes_) attend_nodes(now);
  for (SiteRecorder& recorder : recorders_) {
    recorder.advance(now);
    attention_ = std::min(attention_, recorder.bin_end());
  }
  while (version_ < plan_->purges.size() && plan_->purges[version_].at <= now) ++version_;
  if (version_ < plan_->purges.size())
    attention_ = std::min(attention_, plan_->purges[version_].at);
}

template <class Policy>
void EdgeSite<Policy>::serve(SimTime now, const RequestTag& tag, Duration hit_latency) {
  SiteRecorder& recorder = arm(tag);
  if (tag.attempt == 1 && tag.asked == now) [[likely]] {
    latency(recorder, Latency::hit).record(hit_latency);
  } else {  // the client has waited longer than this look-up took, in retries or for a limit
    const bool by_proxies = proxies_ && tag.attempt == 1;  // which are the edge's
    const Duration at_edge = by_proxies ? now + hit_latency - tag.asked : hit_latency;
    if (counts(now)) latency(recorder, Latency::late_hit).record(at_edge);
    latency(recorder, Latency::waited).record(now + hit_latency - tag.asked);
    if (budget_ && tag.attempt > 1) {
      budget_->begin(now, attempt_of(tag));
      budget_->succeed(now, attempt_of(tag));
    }
  }
  if (samples_some_) [[unlikely]] {
    sample({.id = tag.id,
            .arrived = tag.asked,
            .attempt = tag.attempt,
            .started = now,
            .ended = now + hit_latency,
            .end = RequestVisit::End::cached,
            .canary = tag.canary});
  }
  if (closed_loop_) push_local(EdgeEvent::Kind::client_ready, now + hit_latency, tag);
}

// For its client.
template <class Policy>
inline void EdgeSite<Policy>::fetch(SimTime now, RequestTag& tag, std::uint64_t routing_word,
                                    bool has_copy) {
  if (revalidates_) [[unlikely]]
    revalidate(tag, has_copy);
  note_fetch(now, tag);
  if (fill_on_miss_) fill(now, tag, expiry_of(now, tag));
  if (has_api_) {
    if (hedges_) begin_hedged(now, tag);
    forward(now, tag.canary, routing_word).tag = tag;
  } else {
    ++tally(arm(tag), Tally::fetches);
    conclude_here(now, tag, AttemptEnd::succeeded);
  }
}

template <class Policy>
void EdgeSite<Policy>::miss(SimTime now, RequestTag& tag, std::uint64_t routing_word,
                            Freshness found) {
  tag.version = version_;
  const bool marked = is_marked(now, tag.object);
  note_miss(now, tag, found, marked);
  if (budget_) budget_->begin(now, attempt_of(tag));
  const bool shares = plan_->coalesce && !marked;
  if (shares && waiters_.in_flight(lock_of(tag.object))) {
    join_fetch(now, tag);
    return;
  }
  if (guard_ && !may_call(now, tag, routing_word)) {
    conclude_failed(now, tag, usable_on_error(tag.object, now));
    return;
  }
  if (shares) {
    waiters_.begin_fetch(lock_of(tag.object));
    tag.leader = true;
  }
  fetch(now, tag, routing_word, found == Freshness::expired);
}

namespace {

template <class Policy>
std::unique_ptr<EdgeSiteBase> make(const Plan& plan, std::uint32_t site, std::uint64_t seed,
                                   std::uint64_t replication, const sim::BinLocator& bins,
                                   std::uint64_t sample_threshold) {
  return std::make_unique<EdgeSite<Policy>>(plan, site, seed, replication, bins, sample_threshold);
}

}  // namespace

std::unique_ptr<EdgeSiteBase> make_edge_site(const Plan& plan, std::uint32_t site,
                                             std::uint64_t seed, std::uint64_t replication,
                                             const sim::BinLocator& bins,
                                             std::uint64_t sample_threshold) {
  if (!plan.scenario.edge)
    return make<NoCache>(plan, site, seed, replication, bins, sample_threshold);
  if (needs_sized_cache(plan.scenario.edge->cache))
    return make<SizedCache>(plan, site, seed, replication, bins, sample_threshold);
  switch (plan.scenario.edge->cache.policy) {
    case CachePolicy::lru:
      return make<LruCache>(plan, site, seed, replication, bins, sample_threshold);
    case CachePolicy::fifo:
      return make<FifoCache>(plan, site, seed, replication, bins, sample_threshold);
    case CachePolicy::clock:
      return make<ClockCache>(plan, site, seed, replication, bins, sample_threshold);
    case CachePolicy::sieve:
      return make<SieveCache>(plan, site, seed, replication, bins, sample_threshold);
    case CachePolicy::s3_fifo:
      return make<S3FifoCache>(plan, site, seed, replication, bins, sample_threshold);
    case CachePolicy::arc:
      return make<ArcCache>(plan, site, seed, replication, bins, sample_threshold);
    case CachePolicy::w_tinylfu:
      return make<WTinyLfuCache>(plan, site, seed, replication, bins, sample_threshold);
    case CachePolicy::gdsf:
      return make<GdsfCache>(plan, site, seed, replication, bins, sample_threshold);
    case CachePolicy::lfu:
      break;
  }
  return make<LfuCache>(plan, site, seed, replication, bins, sample_threshold);
}

}  // namespace haldane::models
