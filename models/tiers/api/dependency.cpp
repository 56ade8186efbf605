#include "models/tiers/api/dependency.h"

#include <algorithm>

#include "models/tiers/record/capacity.h"

namespace haldane::models {

Dependency::Dependency(const Plan& plan, std::uint64_t seed, std::uint64_t replication,
                       const sim::BinLocator& bins)
    : plan_(&plan),
      rule_(&*plan.dependency),
      key_(seed, replication, 0, sim::Purpose::dependency),
      connections_(rule_->pool),
      recorder_(plan.grid),
      busy_(bins),
      queue_(bins) {}

Dependency::Answer Dependency::ask(SimTime now, std::uint64_t id, std::uint64_t lane) {
  recorder_.advance(now);
  if (now < plan_->end) ++tally(Tally::calls);
  waiting_.expire(now);
  const SimTime start = std::max(now, connections_.earliest().free_at);
  if (start == now) return serve(now, now, id, lane);
  if (waiting_.size() >= rule_->queue_capacity) return refuse(now, now);
  // Who gives up keeps its place until then; whoever comes later starts later than that.
  const bool gives_up = rule_->timeout != Duration::max() && start > now + rule_->timeout;
  const SimTime until = gives_up ? now + rule_->timeout : start;
  waiting_.push(until);
  if (now < plan_->end) queue_.add(now, until);
  return gives_up ? refuse(now, until) : serve(now, start, id, lane);
}

Dependency::Answer Dependency::refuse(SimTime now, SimTime at) {
  if (now < plan_->end) ++tally(Tally::errors);
  return {at, false};
}

Dependency::Answer Dependency::serve(SimTime now, SimTime start, std::uint64_t id,
                                     std::uint64_t lane) {
  const sim::RandomWords words = sim::draw(key_, id, lane);
  const double ns = rule_->service.sample(words.first) * rule_->slow_down.at(start);
  const SimTime end = start + Duration::nanoseconds(static_cast<std::int64_t>(ns + 0.5));
  connections_.book_earliest(end);
  const bool failed = static_cast<double>(words.second >> 32) < rule_->failure_threshold.at(start);
  if (now < plan_->end) {
    if (failed) ++tally(Tally::errors);
    recorder_.histogram(0).record(start - now);
    busy_.add(start, end);
  }
  return {end, !failed};
}

void Dependency::report(sim::Measurements& m) {
  recorder_.finish();
  recorder_.add_counter(0, m.counters[index(Counter::dependency_calls)]);
  recorder_.add_counter(1, m.counters[index(Counter::dependency_errors)]);
  recorder_.hand_over_slices(0, m.latencies[index(Histogram::dependency_wait)]);
  for (std::size_t bin = 0; bin < plan_->grid.bins(); ++bin) {
    const Duration width = plan_->grid.bin_bounds[bin + 1] - plan_->grid.bin_bounds[bin];
    m.counters[index(Counter::dependency_slot_time)][bin] += width.count_ns() * rule_->pool;
  }
  add_series(m.counters[index(Counter::dependency_busy_time)], busy_.integrals());
  add_series(m.counters[index(Counter::dependency_queue_time)], queue_.integrals());
}

}  // namespace haldane::models
