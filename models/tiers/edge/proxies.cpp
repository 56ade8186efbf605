#include "models/tiers/edge/proxies.h"

#include <algorithm>

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
      free_at_({}, std::vector<SimTime>(rules_->cores, SimTime::zero())),
      busy_(bins),
      waiting_(bins) {}

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
  const SimTime start = std::max(now, free_at_.top());
  const SimTime done = start + work_of(tag);
  free_at_.pop();
  free_at_.push(done);
  if (now >= plan_->end) return done;
  busy_.add(start, done);
  if (start > now) waiting_.add(now, start);
  return done;
}

void Proxies::report(sim::Measurements& m) {
  add_series(m.counters[index(Counter::proxy_busy_time)], busy_.integrals());
  add_series(m.counters[index(Counter::proxy_queue_time)], waiting_.integrals());
  add_series(m.counters[index(Counter::proxy_core_time)], CapacitySeries(*bins_, 1, {}).time(),
             rules_->cores);
}

}  // namespace haldane::models
