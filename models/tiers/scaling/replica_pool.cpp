#include "models/tiers/scaling/replica_pool.h"

#include <algorithm>

namespace haldane::models {

ReplicaPool::ReplicaPool(const ApiArmPlan& plan, std::span<const std::vector<Outage>> outages)
    : plan_(&plan),
      tells_replicas_(plan.stretches),
      central_(plan.balancer == Balancer::central_queue ? plan.replicas : 1, plan.concurrency,
               outages),
      stride_(sim::SortedSlots<>::stride_for(plan.concurrency)),
      outages_(outage_cursors(outages, plan.replicas_max)),
      next_change_(outages_.empty() ? SimTime::never() : SimTime::zero()) {
  if (plan.balancer == Balancer::central_queue) return;
  times_.resize(plan.replicas_max * stride_);
  waiting_.resize(plan.replicas_max);
  started_.resize(plan.replicas_max);
  if (plan.slow_start.lasting > Duration{})
    since_.assign(plan.replicas_max, SimTime::zero() - plan.slow_start.lasting);
  for (std::uint32_t r = 0; r < plan.replicas; ++r) {
    slots(r).reset(SimTime::zero());
    started_[r] = true;
    alive_.push_back(r);
  }
  build_ring();
}

double ReplicaPool::stretch(std::uint32_t replica, SimTime start) const {
  double factor = plan_->slow_down.at(start);
  if (!since_.empty()) factor *= plan_->slow_start.factor_at(start - since_[replica]);
  if (replica < plan_->some_replicas.size())
    factor *= plan_->some_replicas[replica].slow_down.at(start);
  return factor;
}

void ReplicaPool::start(std::uint32_t replica, SimTime now) {
  if (!since_.empty()) since_[replica] = now;
  started_[replica] = true;
  slots(replica).reset(now);
  waiting_[replica].clear();
  next_change_ = now;
}

SimTime ReplicaPool::stop(std::uint32_t replica, SimTime now) {
  started_[replica] = false;
  next_change_ = now;
  // Slots are sorted: the last one that is no padding.
  return SimTime::at_nanoseconds(times_[replica * stride_ + plan_->concurrency - 1]);
}

std::size_t ReplicaPool::serving(SimTime now) {
  if (now >= next_change_) apply_changes(now);
  return alive_.size();
}

bool ReplicaPool::serves(std::uint32_t replica) const {
  if (outages_.empty()) return started_[replica];
  return std::find(alive_.begin(), alive_.end(), replica) != alive_.end();
}

// Who is up from now on; a replica that comes back is empty.
void ReplicaPool::apply_changes(SimTime now) {
  next_change_ = SimTime::never();
  alive_.clear();
  for (std::uint32_t r = 0; r < plan_->replicas_max; ++r) {
    if (outages_.empty()) {
      if (started_[r]) alive_.push_back(r);
      continue;
    }
    const std::size_t passed = outages_[r].passed();
    const Outage outage = outages_[r].next(now);
    const bool down = outage.down <= now;
    next_change_ = std::min(next_change_, down ? outage.up : outage.down);
    if (!down && started_[r]) alive_.push_back(r);
    // Even an outage that nobody saw, because nobody came while it lasted, empties its replica.
    if (outages_[r].passed() == passed) continue;
    slots(r).reset(now);
    waiting_[r].clear();
    if (!since_.empty()) since_[r] = now;
  }
  build_ring();
}

}  // namespace haldane::models
