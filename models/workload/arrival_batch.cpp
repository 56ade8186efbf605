#include "models/workload/arrival_batch.h"

namespace haldane::models {
namespace {

// Lanes of the arrival stream: one block of words a request each.
constexpr std::uint64_t object_and_gap = 0;
constexpr std::uint64_t latency_and_routing = 1;

}  // namespace

ArrivalBatch::ArrivalBatch(const Plan& plan, std::uint32_t site, std::uint64_t seed,
                           std::uint64_t replication)
    : plan_(&plan),
      rate_(&plan.site_rate[site]),
      key_(seed, replication, site, sim::Purpose::arrival) {}

void ArrivalBatch::refill() {
  std::array<std::uint64_t, size> objects;
  std::array<std::uint64_t, size> gaps;
  std::array<std::uint64_t, size> latencies;
  std::array<std::uint64_t, size> routes;
  sim::draw_block(key_, next_number_, object_and_gap, objects, gaps);
  sim::draw_block(key_, next_number_, latency_and_routing, latencies, routes);
  next_number_ += size;
  if (plan_->objects) {
    for (const std::uint64_t word : objects) plan_->objects->prefetch(word);
  }
  std::array<double, size> unit_gaps;
  std::array<double, size> hit_latencies;
  plan_->unit_gap.sample_block(gaps, unit_gaps);
  plan_->hit_latency.sample_block(latencies, hit_latencies);
  // A constant rate needs one division a run, not one a request.
  const double mean_gap = rate_->is_constant() ? 1 / rate_->at(SimTime::zero()) : 0;
  for (std::size_t i = 0; i < size; ++i) {
    advance_clock(unit_gaps[i], mean_gap);
    const auto hit_ns = static_cast<std::int64_t>(hit_latencies[i] + 0.5);
    arrivals_[i] = {clock_, plan_->objects ? plan_->objects->sample(objects[i]) : 0,
                    Duration::nanoseconds(hit_ns), routes[i]};
  }
}

void ArrivalBatch::advance_clock(double unit_gap, double mean_gap) {
  if (clock_ == SimTime::never()) return;
  if (mean_gap > 0) {
    clock_ += Duration::nanoseconds(static_cast<std::int64_t>(unit_gap * mean_gap + 0.5));
  } else {
    clock_ = after_gap(clock_, unit_gap);
  }
  if (clock_ >= plan_->end) clock_ = SimTime::never();
}

// Where the integral of the rate from `from` on reaches `unit_gap`.
SimTime ArrivalBatch::after_gap(SimTime from, double unit_gap) const {
  while (from < plan_->end) {
    const double rate = rate_->at(from);
    const SimTime change = rate_->next_change(from);
    const double reach =
        change == SimTime::never() ? 1e300 : static_cast<double>((change - from).count_ns()) * rate;
    if (rate > 0 && unit_gap <= reach) {
      return from + Duration::nanoseconds(static_cast<std::int64_t>(unit_gap / rate + 0.5));
    }
    if (change == SimTime::never()) break;
    unit_gap -= reach;
    from = change;
  }
  return SimTime::never();
}

Arrival ArrivalBatch::draw_one(std::uint64_t number, std::uint32_t attempt) const {
  const std::uint64_t shift = std::uint64_t{attempt - 1} << 1;
  const sim::RandomWords a = sim::draw(key_, number, object_and_gap + shift);
  const sim::RandomWords b = sim::draw(key_, number, latency_and_routing + shift);
  return {SimTime::never(), plan_->objects ? plan_->objects->sample(a.first) : 0,
          plan_->hit_latency.sample_duration(b.first), b.second};
}

}  // namespace haldane::models
