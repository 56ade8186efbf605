#include "models/tiers/edge/proxies.h"

#include <algorithm>
#include <functional>

#include "models/metrics.h"
#include "models/tiers/record/capacity.h"

namespace haldane::models {

Proxies::Proxies(const Plan& plan, std::uint32_t site, std::uint64_t seed,
                 std::uint64_t replication, const sim::BinLocator& bins)
    : plan_(&plan),
      bins_(&bins),
      rules_(&*plan.proxies),
      tls_key_(seed, replication, 2 * std::uint64_t{site}, sim::Purpose::proxies),
      waf_key_(seed, replication, 2 * std::uint64_t{site} + 1, sim::Purpose::proxies),
      busy_(bins),
      waiting_(bins) {
  const std::uint32_t nodes = rules_->of_nodes ? plan.scenario.edge->nodes_per_site : 1;
  for (std::uint32_t node = 0; node < nodes; ++node) add_cores(SimTime::zero(), node);
}

void Proxies::add_cores(SimTime now, std::uint32_t node) {
  for (std::uint32_t core = 0; core < rules_->cores; ++core) {
    cores_.push_back({now, node});
    std::ranges::push_heap(cores_, std::greater<>());
  }
}

void Proxies::change_nodes(SimTime now, std::uint32_t kept, std::uint32_t nodes) {
  std::erase_if(cores_, [kept](const Core& core) { return core.node >= kept; });
  std::ranges::make_heap(cores_, std::greater<>());
  for (std::uint32_t node = kept; node < nodes; ++node) add_cores(now, node);
}

Duration Proxies::work_of(const RequestTag& tag) const {
  double ns = 0;
  const sim::RandomWords words = sim::draw(tls_key_, tag.id, tag.lane());
  if ((words.first >> 32) < rules_->connection_threshold) {
    const bool resumed = (words.first & 0xffffffffU) < rules_->resumed_threshold;
    ns += (resumed ? rules_->resumption : rules_->full_handshake).sample(words.second);
  }
  if (rules_->inspects) ns += rules_->waf.sample(sim::draw(waf_key_, tag.id, tag.lane()).first);
  return Duration::nanoseconds(static_cast<std::int64_t>(ns));
}

SimTime Proxies::admit(SimTime now, const RequestTag& tag) {
  std::ranges::pop_heap(cores_, std::greater<>());
  Core& core = cores_.back();
  const SimTime start = std::max(now, core.free_at);
  const SimTime done = core.free_at = start + work_of(tag);
  std::ranges::push_heap(cores_, std::greater<>());
  if (signals_ != nullptr) signals_->served(now, start, done);
  if (now >= plan_->end) return done;
  busy_.add(start, done);
  if (start > now) waiting_.add(now, start);
  return done;
}

void Proxies::report(sim::Measurements& m) {
  add_series(m.counters[index(Counter::proxy_busy_time)], busy_.integrals());
  add_series(m.counters[index(Counter::proxy_queue_time)], waiting_.integrals());
  if (rules_->of_nodes) return;  // whose time the site knows
  add_series(m.counters[index(Counter::proxy_core_time)], CapacitySeries(*bins_, 1, {}).time(),
             rules_->cores);
}

}  // namespace haldane::models
