#include "models/tiers/edge/shield.h"

#include <algorithm>
#include <limits>
#include <span>

#include "models/tiers/edge/node_cache.h"

namespace haldane::models {
namespace {

// Purges of single sites are not the shield's: what such a site lost may be asked for again.
constexpr std::uint32_t no_site = std::numeric_limits<std::uint32_t>::max();

CacheSpec cache_of(const ShieldSpec& shield) {
  CacheSpec cache;
  cache.policy = shield.policy;
  cache.capacity_objects = shield.capacity_objects;
  cache.capacity_bytes = shield.capacity_bytes;
  return cache;
}

}  // namespace

Shield::Shield(const Plan& plan, std::uint64_t seed, std::uint64_t replication)
    : plan_(&plan),
      spec_(*plan.scenario.edge->shield),
      cache_(make_sized_cache(plan, cache_of(spec_), plan.scenario.traffic.objects.count)),
      lifetimes_(plan, seed, replication),
      // Beside those of the cells, which are 0 and 1.
      hit_key_(seed, replication, 2, sim::Purpose::service),
      fetches_(plan.coalesce ? plan.scenario.traffic.objects.count : 0) {
  for (std::uint32_t object = 0; object < plan.object_bytes.size(); ++object)
    cache_.set_size(object, plan.object_bytes[object]);
  for (std::uint32_t site = 0; plan.revalidates && site < plan.sites(); ++site)
    modified_keys_.emplace_back(seed, replication, site, sim::Purpose::revalidation);
  if (plan.writes_back)
    written_ = std::make_unique<WrittenObjects>(plan.scenario.traffic.objects.count);
}

std::uint32_t Shield::tick(SimTime t) const {
  return static_cast<std::uint32_t>(
      std::min<std::int64_t>(t.count_ns() >> plan_->tick_shift, CacheEntry::never - 1));
}

// Answers come in before what asks at the same time, and results of jobs before both.
void Shield::advance(SimTime now) {
  while (std::min(fills_.next_time(), results_.next_time()) <= now) {
    if (results_.next_time() <= fills_.next_time()) {
      take_result(results_.pop());
    } else {
      store(fills_.pop());
    }
  }
  pass_purges(now);
}

void Shield::pass_purges(SimTime now) {
  while (version_ < plan_->purges.size() && plan_->purges[version_].at <= now) ++version_;
}

// As at a site: what is new is as if it had just been fetched, and formats that nobody asked for
// have still to be made.
void Shield::take_result(const EdgeEvent& result) {
  const SimTime now = result.order.time;
  pass_purges(now);
  if (plan_->is_uncacheable(result.tag.object)) return;
  const bool updates = result.kind == EdgeEvent::Kind::result_updates;
  plan_->formats.visit_all(result.tag.object, [&](std::uint32_t object) {
    written_->write(object, tick(now));
    CacheEntry& entry = cache_.entry(object);
    if (updates && object == result.tag.object) {
      const std::uint32_t expiry = lifetimes_.expiry_of(object, now, result.tag.id);
      entry.expiry = std::min(entry.expiry, expiry);
      store({result.order, object, expiry, tick(now) + 1, version_});
    } else {
      entry.expiry = std::min(entry.expiry, tick(now));
      entry.refreshing = true;
    }
  });
}

void Shield::store(const Fill& fill) {
  if (is_outdated(fill.object, fill.began)) return;
  CacheEntry& entry = cache_.entry(fill.object);
  // A later fetch may have been answered first.
  if (entry.resident && entry.version == fill.version && entry.expiry >= fill.expiry) return;
  if (entry.resident) {
    if (entry.version > fill.version) return;
    cache_.hit(fill.object);
  } else {
    cache_.insert(fill.object);
  }
  entry.expiry = fill.expiry;
  entry.version = fill.version;
  entry.refreshing = false;
}

Purged Shield::purged_since(std::uint32_t object, std::uint16_t version) const {
  return purged_by(std::span(plan_->purges).first(version_).subspan(version), no_site,
                   plan_->formats.first_of(object));
}

// A purge of either kind ends freshness, which is all that a shield serves.
bool Shield::is_fresh(std::uint32_t object, SimTime now) {
  CacheEntry& entry = cache_.entry(object);
  if (!entry.resident || tick(now) >= entry.expiry) return false;
  if (entry.version != version_) {
    if (purged_since(object, entry.version).any()) return false;
    entry.version = version_;
  }
  return true;
}

Shield::Answer Shield::look_up(const ApiRequest& request) {
  const SimTime now = request.order.time;
  const std::uint32_t object = request.tag.object;
  advance(now);
  Answer answer;
  if (plan_->is_uncacheable(object)) return answer;
  if (is_fresh(object, now)) {
    cache_.hit(object);
    answer.kind = Answer::Kind::hit;
    const std::uint64_t lane = (std::uint64_t{request.tag.background} << 8) | request.tag.attempt;
    const std::uint64_t word = sim::draw(hit_key_, request.tag.id, lane).first;
    answer.at = now + plan_->shield_hit_latency.sample_duration(word);
    answer.expiry = spec_.hands_down_age
                        ? cache_.entry(object).expiry
                        : expiry_at_edge(request, answer.at, plan_->scenario.links.edge_to_api);
    return answer;
  }
  if (fetches_.empty()) return answer;
  // What was fetched before a purge is not for who asks after it.
  const Fetch& fetch = fetches_[object];
  if (fetch.departs <= now || purged_since(object, fetch.version).any()) return answer;
  if (is_outdated(object, fetch.began)) return answer;
  answer.kind = Answer::Kind::collapsed;
  answer.at = fetch.departs;
  answer.ok = fetch.ok;
  answer.expiry = fetch.expiry;
  return answer;
}

// By the word that decides it for the site, if that asks as well: content has changed for both or
// for neither.
bool Shield::finds_unmodified(const ApiRequest& request) {
  const RequestTag& tag = request.tag;
  if (modified_keys_.empty() || plan_->is_uncacheable(tag.object)) return false;
  const CacheEntry& entry = cache_.entry(tag.object);
  if (!entry.resident || entry.refreshing) return false;
  if (!purged_since(tag.object, entry.version).soft) return false;
  const std::uint64_t word = sim::draw(modified_keys_[tag.site()], tag.id, tag.attempt).first;
  return (word >> 32) < plan_->not_modified_threshold;
}

void Shield::fetch(const ApiRequest& request, SimTime departs, bool ok, std::uint32_t expiry) {
  const std::uint32_t object = request.tag.object;
  if (plan_->is_uncacheable(object)) return;
  const std::uint32_t began = tick(request.order.time);
  if (!fetches_.empty()) fetches_[object] = {departs, expiry, began, version_, ok};
  if (!ok || departs == SimTime::never()) return;
  // The shield's own copy is as old as the answer, whatever edges make of it.
  const std::uint32_t own = lifetimes_.expiry_of(object, departs, request.tag.id);
  fills_.push({{departs, stamp_()}, object, own, began, version_});
}

std::unique_ptr<Shield> make_shield(const Plan& plan, std::uint64_t seed,
                                    std::uint64_t replication) {
  if (!plan.scenario.edge || !plan.scenario.edge->shield) return nullptr;
  return std::make_unique<Shield>(plan, seed, replication);
}

}  // namespace haldane::models
