#include "tests/support/oracle/edge.h"

#include <algorithm>
#include <utility>

#include "sim/base/hash.h"
#include "sim/random/philox.h"

namespace haldane::test::oracle {

using models::CacheSpec;
using models::Counter;
using models::Histogram;
using models::Purge;

namespace {
constexpr std::uint64_t for_ever = 0xffffffff;  // an expiry
}  // namespace

Edge::Edge(EventLoop& loop, const models::Plan& plan, const Draws& draws, std::vector<Books>& arms,
           std::uint32_t site, std::function<void(Call)> send)
    : loop_(loop),
      plan_(plan),
      draws_(draws),
      arms_(arms),
      site_(site),
      send_(std::move(send)),
      spec_(plan.scenario.edge ? plan.scenario.edge->cache : CacheSpec{}),
      nodes_(plan.scenario.edge ? plan.scenario.edge->nodes_per_site : 1),
      fills_at_miss_(spec_.fill == CacheSpec::Fill::on_miss || !plan.tiers.api),
      arrivals_(loop, plan, draws, site,
                [this](Arrivals::UserWord user) {
                  Request request;
                  request.number = begun_++;
                  begin(request, user);
                }),
      objects_(plan.scenario.traffic.objects.count) {
  const models::ClientSpec& client = plan.scenario.traffic.client;
  if (client.budget) budget_.emplace(*client.budget);
  if (client.hedge) hedges_.emplace(*client.hedge);
  if (client.breaker) breakers_.assign(plan.cells(), models::CircuitBreaker(*client.breaker));
  open_since_.assign(breakers_.size(), SimTime::never());
  // Room for more than a node can ever hold is none: shares of it are not.
  const std::uint64_t most = (objects_.size() + nodes_ - 1) / nodes_;
  for (std::uint32_t n = 0; n < nodes_; ++n) {
    const PlainNode node{std::min<std::uint64_t>(spec_.capacity_objects, most), most, nodes_};
    caches_.emplace_back(spec_.policy, node, plan_.object_bytes);
  }
}

bool Edge::closed_loop() const {
  return plan_.scenario.traffic.arrivals.process == models::ArrivalsSpec::Process::closed_loop;
}

void Edge::later(SimTime at, std::function<void()> action) {
  loop_.schedule({at, Phase::site, {itself, own_events_++}}, std::move(action));
}

// Ticks are 32 bits wide: the clock of caches stands still when they are used up.
std::uint64_t Edge::expiry_tick(SimTime t) const {
  return std::min(for_ever, static_cast<std::uint64_t>(t.count_ns()) >> plan_.tick_shift);
}

std::uint64_t Edge::tick(SimTime t) const {
  return std::min(for_ever - 1, expiry_tick(t));
}

// Only until the end of the run.
void Edge::count(const Request& request, Counter counter, std::int64_t amount) {
  if (loop_.now() < plan_.end) books(request).count(counter, loop_.now(), amount);
}

void Edge::count_fetch(const Call& call) {
  const Request& request = call.request;
  count(request, Counter::origin_fetches);
  count(request, Counter::edge_origin_saved, -1);
  if (call.not_modified) return count(request, Counter::edge_not_modified);
  count(request, Counter::edge_origin_saved_bytes,
        plan_.object_bytes.empty() ? -1 : -std::int64_t{plan_.object_bytes[request.object]});
}

// Only who has a copy can be told that it is good.
void Edge::revalidate(Call& call, bool has_copy) const {
  call.not_modified =
      plan_.revalidates && has_copy && draws_.modified(call.request) < plan_.not_modified_threshold;
}

// Every run of as many objects as there are nodes is spread over all of them, from a node that a
// hash chooses.
PlainCache& Edge::cache_of(std::uint32_t object) {
  const std::uint32_t run = object / nodes_;
  return caches_[(object % nodes_ + sim::to_index(mix(run), nodes_)) % nodes_];
}

void Edge::start() {
  if (plan_.scenario.edge && spec_.start == CacheSpec::Start::warm) warm_up();
  for (const Purge& each : plan_.purges) {
    if (each.site && *each.site != site_) continue;
    loop_.schedule({each.at, Phase::purge, {site_}}, [this, &each] { purge(each); });
  }
  if (!closed_loop()) return arrivals_.start();
  for (std::uint32_t c = 0; c < plan_.scenario.traffic.arrivals.clients; ++c) {
    Request first;
    first.site = site_;
    first.number = c;
    think(first);
  }
}

// The least popular first, so that the most popular are the last to go.
void Edge::warm_up() {
  const std::uint64_t room = spec_.capacity_objects * nodes_;
  auto popular = models::most_popular_objects(
      plan_.scenario.traffic,
      static_cast<std::uint32_t>(std::min<std::uint64_t>(room, objects_.size())));
  std::ranges::reverse(popular);
  for (const std::uint32_t object : popular) {
    if (plan_.is_uncacheable(object)) continue;
    cache_of(object).insert(object);
    objects_[object].valid = true;
    objects_[object].expiry = for_ever;
    const Duration ttl = plan_.freshness_of(object).ttl;
    if (ttl == Duration::max()) continue;
    const double left = draws_.warm_share(site_, object) * static_cast<double>(ttl.count_ns());
    objects_[object].expiry = tick(SimTime::at_nanoseconds(static_cast<std::int64_t>(left)));
  }
}

// The numbers of a client's requests leave the same remainder.
void Edge::client_ready(const Request& last) {
  Request next;
  next.site = site_;
  next.number = last.number + plan_.scenario.traffic.arrivals.clients;
  think(next);
}

void Edge::think(Request request) {
  later(loop_.now() + draws_.think(request), [this, request] {
    if (loop_.now() < plan_.end) begin(request, {});
  });
}

void Edge::begin(Request request, Arrivals::UserWord user) {
  const Draws::Ask ask = draws_.ask(site_, request.number, 1);
  request.site = site_;
  request.asked = loop_.now();
  request.object = ask.object;
  if (plan_.objects) {
    asked_once_.resize(plan_.objects->once_parts());
    request.object =
        plan_.objects->next_once(plan_.objects->drifted(ask.object, loop_.now()), asked_once_);
  }
  request.object = in_format(request, user);
  request.canary = user.value_or(ask.canary_word) < plan_.canary_threshold;
  books(request).count(Counter::requests, loop_.now());
  look_up(request, ask.hit_latency, ask.route_word);
}

// Who asks again asks for the same format, be it in a session or in a closed loop.
std::uint32_t Edge::in_format(const Request& request, Arrivals::UserWord user) const {
  if (closed_loop())
    user = draws_.user(site_, request.number % plan_.scenario.traffic.arrivals.clients);
  return user ? plan_.formats.object_for(*user, request.object) : request.object;
}

void Edge::retry(Request request) {
  const Draws::Ask ask = draws_.ask(site_, request.number, request.attempt);
  look_up(request, ask.hit_latency, ask.route_word);
}

void Edge::look_up(Request& request, Duration hit_latency, std::uint64_t route_word) {
  const std::uint32_t object = request.object;
  const std::int64_t bytes = plan_.object_bytes.empty() ? 1 : plan_.object_bytes[object];
  count(request, Counter::edge_arrived);
  count(request, Counter::edge_lookups);
  count(request, Counter::edge_bytes, bytes);
  count(request, Counter::edge_origin_saved);
  count(request, Counter::edge_origin_saved_bytes, bytes);
  const Freshness found = freshness(object);
  if (found == Freshness::absent || found == Freshness::expired) {
    count(request, is_marked(object)             ? Counter::edge_fwd_bypass
                   : found == Freshness::expired ? Counter::edge_fwd_stale
                                                 : Counter::edge_fwd_uri_miss);
    return miss(request, route_word, found == Freshness::expired);
  }
  cache_of(object).hit(object);
  count(request, Counter::edge_hit_bytes, bytes);
  serve(request, hit_latency, found == Freshness::stale);
  if (found == Freshness::stale && !objects_[object].refreshing) refresh(request, route_word);
}

bool Edge::is_stored(std::uint32_t object) {
  return plan_.scenario.edge && cache_of(object).holds(object) && objects_[object].valid;
}

Edge::Freshness Edge::freshness(std::uint32_t object) {
  if (!is_stored(object)) return Freshness::absent;
  const std::uint64_t now = tick(loop_.now());
  const std::uint64_t expiry = objects_[object].expiry;
  if (now < expiry) return Freshness::fresh;
  const Duration grace = plan_.freshness_of(object).stale_while_revalidate;
  return now - expiry < tick(SimTime::zero() + grace) ? Freshness::stale : Freshness::expired;
}

// Whether a copy may stand in for an answer that failed.
bool Edge::usable_on_error(std::uint32_t object) {
  if (plan_.longest(&models::FreshnessSpec::stale_if_error) == Duration{}) return false;
  if (!is_stored(object)) return false;
  const Duration grace = plan_.freshness_of(object).stale_if_error;
  const std::uint64_t now = tick(loop_.now());
  const std::uint64_t expiry = objects_[object].expiry;
  return now < expiry || now - expiry < tick(SimTime::zero() + grace);
}

void Edge::serve(const Request& request, Duration hit_latency, bool stale) {
  const SimTime now = loop_.now();
  count(request, Counter::edge_hits);
  if (stale) count(request, Counter::edge_stale);
  if (now < plan_.end) books(request).record(Histogram::edge, now, hit_latency);
  books(request).record(Histogram::client, now, now + hit_latency - request.asked);
  tell_budget_of_hit(request);
  if (closed_loop()) later(now + hit_latency, [this, request] { client_ready(request); });
}

void Edge::refresh(const Request& request, std::uint64_t route_word) {
  if (!may_call(request, route_word)) return;
  Call call;
  call.request = request;
  call.background = true;
  revalidate(call, true);
  if (!plan_.tiers.api) {
    count_fetch(call);
    return fill(request, loop_.now(), loop_.now());
  }
  objects_[request.object].refreshing = true;
  forward(std::move(call), route_word);
}

void Edge::miss(const Request& request, std::uint64_t route_word, bool has_copy) {
  if (budget_) budget_->begin(loop_.now(), {request.attempt > 1, request.after_timeout});
  Call call;
  call.request = request;
  if (plan_.coalesce && !is_marked(request.object)) {
    if (fetches_.count(request.object) > 0) return wait_for_fetch(request);
    call.leader = true;
  }
  if (!may_call(request, route_word))
    return settle(request, false, usable_on_error(request.object));
  if (call.leader) fetches_[request.object];
  revalidate(call, has_copy);
  fetch(std::move(call), route_word);
}

void Edge::fetch(Call call, std::uint64_t route_word) {
  if (plan_.scenario.edge && fills_at_miss_) fill(call.request, loop_.now(), loop_.now());
  if (hedges_) begin_hedged(call);
  if (plan_.tiers.api) return forward(std::move(call), route_word);
  count_fetch(call);
  conclude(call.request, AttemptEnd::succeeded);
}

void Edge::forward(Call call, std::uint64_t route_word) {
  count_fetch(call);
  call.cell = cell_of(route_word);
  call.sent = loop_.now();
  call.arrival = call.sent + plan_.scenario.links.edge_to_api;
  call.sender = site_;
  call.sequence = calls_++;
  send_(std::move(call));
}

void Edge::gave_up(const Call& call) {
  tell_breaker(call, true);
  conclude(call.request, AttemptEnd::timed_out);
}

void Edge::answered(const Call& call, bool ok) {
  if (!call.concluded) tell_breaker(call, !ok);
  const std::uint32_t object = call.request.object;
  const bool masked = !ok && usable_on_error(object);
  if (ok) {
    bring(call);
  } else {
    if (call.background) objects_[object].refreshing = false;
    if (call.leader) wake(object, false, masked);
  }
  if (!plan_.site_concludes || call.background || call.concluded) return;
  Request request = call.request;
  if (!call.alone || takes(request, ok)) settle(request, ok, masked);
}

// What was fetched before a purge is not fresh after it: it is dropped, or at once stale.
void Edge::fill(const Request& request, SimTime fetched_from, SimTime born) {
  const SimTime now = loop_.now();
  const std::uint32_t id = request.object;
  Object& object = objects_[id];
  object.refreshing = false;
  const auto written = written_.find(id);
  if (written != written_.end() && tick(request.asked) < written->second) return;
  bool outdated = false;
  for (const Purge& each : plan_.purges) {
    if (each.at <= fetched_from || each.at > now || !concerns(each, id)) continue;
    if (!each.soft) return;
    outdated = true;
  }
  store(id, outdated ? tick(now) : expiry_of(request, born));
}

std::uint64_t Edge::expiry_of(const Request& request, SimTime born) const {
  const models::FreshnessSpec& rules = plan_.freshness_of(request.object);
  if (rules.ttl == Duration::max()) return for_ever;
  double ns = static_cast<double>(rules.ttl.count_ns());
  if (rules.ttl_jitter > 0) ns *= 1 + rules.ttl_jitter * (2 * draws_.lifetime_share(request) - 1);
  return expiry_tick(born + Duration::nanoseconds(static_cast<std::int64_t>(ns)));
}

void Edge::store(std::uint32_t object, std::uint64_t expiry) {
  PlainCache& cache = cache_of(object);
  cache.holds(object) ? cache.hit(object) : cache.insert(object);
  objects_[object].valid = true;
  objects_[object].expiry = expiry;
}

// A purge of the object in all its formats, or new content in the one that the job's request asked
// for. What was asked for before is older, and not stored any more.
void Edge::take_result(const Job& job) {
  if (plan_.is_uncacheable(job.object)) return;
  const SimTime now = loop_.now();
  Request request;
  request.site = static_cast<std::uint32_t>(job.id >> 40);
  request.number = job.id & ((std::uint64_t{1} << 40) - 1);
  request.object = job.object;
  request.canary = job.canary;
  const bool updates = plan_.scenario.workers->write_back.edge == models::WriteBack::update;
  plan_.formats.visit_all(job.object, [&](std::uint32_t object) {
    written_[object] = tick(now) + 1;
    if (updates && object == job.object) {
      store(object, expiry_of(request, now));
      return count(request, Counter::edge_job_updates);
    }
    if (!is_stored(object)) return;
    objects_[object].valid = false;
    count(request, Counter::edge_job_purges);
  });
}

bool Edge::concerns(const Purge& purge, std::uint32_t object) const {
  return (!purge.site || *purge.site == site_) &&
         purge.target.contains(plan_.formats.first_of(object));
}

void Edge::purge(const Purge& purge) {
  for (std::uint32_t object = 0; object < objects_.size(); ++object) {
    if (!concerns(purge, object)) continue;
    Object& entry = objects_[object];
    if (purge.soft) {
      entry.expiry = std::min(entry.expiry, tick(loop_.now()));
    } else {
      entry.valid = false;
    }
  }
}

void Edge::tell_budget_of_hit(const Request& request) {
  if (!budget_ || request.attempt == 1) return;
  budget_->begin(loop_.now(), {true, request.after_timeout});
  budget_->succeed(loop_.now(), {true, request.after_timeout});
}

bool Edge::may_retry(const Request& request, AttemptEnd end) {
  const bool wants = request.attempt < plan_.scenario.traffic.client.attempts;
  if (!budget_) return wants;
  const models::Attempt attempt{request.attempt > 1, request.after_timeout};
  const bool granted = budget_->fail(loop_.now(), {attempt, end == AttemptEnd::timed_out, wants});
  if (wants && !granted) books(request).count(Counter::retries_denied, request.asked);
  return granted;
}

// The end of an attempt whose client hears of it from the site.
void Edge::conclude(Request request, AttemptEnd end) {
  const SimTime now = loop_.now();
  const bool ok = end == AttemptEnd::succeeded;
  if (!ok && may_retry(request, end)) {
    const Duration pause = draws_.waiter_pause(request);
    ++request.attempt;
    request.after_timeout = end == AttemptEnd::timed_out;
    return later(now + pause, [this, request] { retry(request); });
  }
  if (ok && budget_) budget_->succeed(now, {request.attempt > 1, request.after_timeout});
  if (!ok) books(request).count(Counter::request_errors, request.asked);
  books(request).record(Histogram::client, now, now - request.asked);
  if (closed_loop()) later(now, [this, request] { client_ready(request); });
}

}  // namespace haldane::test::oracle
