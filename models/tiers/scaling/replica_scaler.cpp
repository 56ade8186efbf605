#include "models/tiers/scaling/replica_scaler.h"

#include <algorithm>

#include "models/scale/round_up.h"
#include "models/workload/law.h"

namespace haldane::models {
namespace {

// The last multiple of `period` before `t`; zero if there is none.
SimTime last_before(SimTime t, Duration period) {
  const Duration since = t - SimTime::zero();
  if (since <= Duration{}) return SimTime::zero();
  return SimTime::zero() + period * ((since - Duration::nanoseconds(1)) / period);
}

}  // namespace

ReplicaScaler::ReplicaScaler(const Plan& plan, const ScaledTier& tier, const sim::BinLocator& bins)
    : plan_(&plan),
      tier_(tier),
      spec_(tier.spec),
      bins_(&bins),
      controller_(*spec_, tier.replicas),
      signals_(spec_->metric_period,
               ScaleController::longest_window(*spec_) + spec_->scrape + spec_->metric_period,
               plan.end),
      update_(tier.deploys),
      startup_times_(tier.startup_key),
      startup_(duration_law(spec_->startup)),
      next_number_(tier.replicas_max),
      serving_time_(bins),
      capacity_time_(bins),
      paid_time_(bins),
      serving_maximum_(plan.grid.bins()),
      next_sync_(sync_after(SimTime::zero())) {
  for (std::uint32_t r = 0; r < tier.replicas; ++r)
    running_.push_back({r, SimTime::zero(), SimTime::zero(), SimTime::zero()});
  // Those of low numbers are asked for first.
  for (std::uint32_t r = tier.replicas_max; r > tier.replicas; --r) unused_.push_back(r - 1);
  if (spec_->may_sleep()) next_poll_ = SimTime::zero() + spec_->polling;
}

std::span<const Outage> ReplicaScaler::outages_of(std::uint32_t replica) const {
  return replica < tier_.outages.size() ? std::span<const Outage>(tier_.outages[replica])
                                        : std::span<const Outage>{};
}

SimTime ReplicaScaler::sync_after(SimTime now) const {
  if (spec_->kind != AutoscalerSpec::Kind::schedule)
    return SimTime::zero() + spec_->sync * ((now - SimTime::zero()) / spec_->sync + 1);
  for (const ScheduleStep& step : spec_->steps) {
    if (step.at > now) return step.at;
  }
  return SimTime::never();
}

SimTime ReplicaScaler::seen_by(SimTime sync) const {
  return last_before(last_before(sync, spec_->scrape), spec_->metric_period);
}

void ReplicaScaler::advance(ScalablePool& pool, SimTime now) {
  while (next_ <= now) {
    const SimTime at = next_;
    const bool came_up = make_ready(pool, at);
    const auto before = serving_;
    note_serving(pool, at);
    if (came_up || (serving_ != before && at > SimTime::zero()))
      log_change(came_up ? ScaleStep::Kind::ready : ScaleStep::Kind::outage, at);
    if (at == next_poll_) {
      poll(pool, at);
      next_poll_ = at + spec_->polling;
    }
    if (at == next_sync_) {
      look(pool, at);
      note_serving(pool, at);
      next_sync_ = sync_after(at);
    }
    replace(pool, at);
    schedule_next(pool, at);
  }
}

void ReplicaScaler::schedule_next(const ScalablePool& pool, SimTime now) {
  next_ = std::min({next_sync_, next_poll_, update_.next_time(), pool.next_change()});
  if (!starting_.empty()) next_ = std::min(next_, starting_.front().ready);
  if (next_ <= now) next_ = now + Duration::nanoseconds(1);
  if (next_ >= plan_->end) next_ = SimTime::never();
}

bool ReplicaScaler::make_ready(ScalablePool& pool, SimTime now) {
  const auto end = std::partition_point(starting_.begin(), starting_.end(),
                                        [now](const Replica& r) { return r.ready <= now; });
  if (end == starting_.begin()) return false;
  for (auto replica = starting_.begin(); replica != end; ++replica) {
    pool.start(replica->index, now);
    running_.push_back(*replica);
    update_.settle(replica->index);
  }
  starting_.erase(starting_.begin(), end);
  return true;
}

// Sends the next wave of a deploy away, if its turn has come.
void ReplicaScaler::replace(ScalablePool& pool, SimTime now) {
  std::vector<std::uint32_t> running;
  for (const Replica& replica : running_) running.push_back(replica.index);
  const std::vector<std::uint32_t> wave = update_.next_wave(now, running);
  if (!wave.empty()) wave_at_ = now;
  for (const std::uint32_t index : wave) {
    const auto found = std::ranges::find(running_, index, &Replica::index);
    const Replica replica = *found;
    running_.erase(found);
    const SimTime left = pool.stop(index, now);
    add_up(serving_time_, replica.ready, now, outages_of(index));
    if (left == SimTime::never()) {
      replaced_.push_back(replica);
    } else {
      start_again(replica, std::max(now, left));
    }
  }
  if (wave.empty()) return;
  note_serving(pool, now);
  log_change(ScaleStep::Kind::deploy, now);
}

// Of who serves; the replicas that came up last say with whom they were asked for.
void ReplicaScaler::log_change(ScaleStep::Kind kind, SimTime now) {
  ScaleStep step;
  step.cell = tier_.cell;
  step.kind = kind;
  step.at = step.first = now;
  if (kind == ScaleStep::Kind::ready) step.asked = running_.back().group;
  step.before = step.recommendation = step.wanted = wanted();
  step.ready = serving_;
  log_.add(step);
}

// The successor of one that has left.
void ReplicaScaler::start_again(const Replica& replica, SimTime left) {
  pay_for(replica, left);
  const Duration startup =
      startup_times_.of_successor(update_.startup(), update_.begun(), replica.index);
  const Replica next{replica.index, left, left + startup, wave_at_};
  starting_.insert(std::ranges::upper_bound(starting_, next.ready, {}, &Replica::ready), next);
  if (next.ready < plan_->end) next_ = std::min(next_, next.ready);
}

// Between nothing and one replica KEDA decides by itself, on a clock of its own.
void ReplicaScaler::poll(ScalablePool& pool, SimTime now) {
  obey(pool, now, controller_.poll(now, seen_by(now), signals_, wanted()), wanted());
}

void ReplicaScaler::look(ScalablePool& pool, SimTime now) {
  const SimTime seen = seen_by(now);
  const FleetState fleet{wanted(), serving_, counted(pool, seen - spec_->metric_period),
                         tier_.slots, pending(now)};
  obey(pool, now, controller_.look(now, seen, signals_, fleet), fleet.wanted);
  signals_.forget(seen);
}

void ReplicaScaler::obey(ScalablePool& pool, SimTime now, const ScaleLook& look,
                         std::uint32_t before) {
  const std::uint32_t fewest = spec_->min == 0 || spec_->may_sleep() ? 0 : 1;
  // KEDA's custom strategy bounds those that it starts, not those that there are.
  const bool unbounded = spec_->kind == AutoscalerSpec::Kind::keda_jobs;
  const std::uint32_t most = unbounded ? whole_max : std::max(tier_.replicas_max, tier_.replicas);
  const std::uint32_t asked = std::clamp(look.decision.replicas, fewest, most);
  follow(pool, now, asked);
  note_serving(pool, now);
  log_.add({tier_.cell, ScaleStep::Kind::look, now, now, now, look.signal, before,
            look.decision.recommendation, look.decision.limit, asked, serving_, look.polled,
            look.decision.metric});
}

// Serving, and ready for the whole of the metric's period.
std::uint32_t ReplicaScaler::counted(const ScalablePool& pool, SimTime since) const {
  std::uint32_t count = 0;
  for (const Replica& replica : running_) {
    if (replica.ready <= since && pool.serves(replica.index)) ++count;
  }
  return count;
}

void ReplicaScaler::follow(ScalablePool& pool, SimTime now, std::uint32_t asked) {
  while (wanted() > asked) take_away(pool, now);
  while (wanted() < asked) {
    if (unused_.empty()) unused_.push_back(next_number_++);
    const SimTime ready = now + startup_times_.next(startup_) + spec_->readiness;
    const Replica next{unused_.back(), now, ready, now};
    starting_.insert(std::ranges::upper_bound(starting_, next.ready, {}, &Replica::ready), next);
    unused_.pop_back();
  }
  make_ready(pool, now);
}

// The newest first: those that do not serve yet cost least.
void ReplicaScaler::take_away(ScalablePool& pool, SimTime now) {
  if (!starting_.empty()) {
    paid_time_.add(starting_.back().asked, now);
    unused_.push_back(starting_.back().index);
    update_.settle(starting_.back().index);
    starting_.pop_back();
    return;
  }
  if (!replaced_.empty()) {  // finishes what it has, and nobody follows
    update_.settle(replaced_.back().index);
    leaving_.push_back(replaced_.back());
    replaced_.pop_back();
    return;
  }
  const Replica replica = running_.back();
  running_.pop_back();
  update_.settle(replica.index);
  const SimTime left = pool.stop(replica.index, now);
  add_up(serving_time_, replica.ready, now, outages_of(replica.index));
  if (left == SimTime::never()) {
    leaving_.push_back(replica);
    return;
  }
  pay_for(replica, std::max(now, left));
  unused_.push_back(replica.index);
}

void ReplicaScaler::pay_for(const Replica& replica, SimTime left) {
  const auto outages = outages_of(replica.index);
  add_up(capacity_time_, replica.ready, std::min(left, bins_->end()), outages);
  add_up(paid_time_, replica.asked, std::min(left, bins_->end()), outages);
}

void ReplicaScaler::departed(std::uint32_t replica, SimTime now) {
  const auto old = std::ranges::find(replaced_, replica, &Replica::index);
  if (old != replaced_.end()) {
    const Replica gone = *old;
    replaced_.erase(old);
    return start_again(gone, now);
  }
  const auto left = std::find_if(leaving_.begin(), leaving_.end(),
                                 [replica](const Replica& r) { return r.index == replica; });
  if (left == leaving_.end()) return;
  pay_for(*left, now);
  unused_.push_back(replica);
  leaving_.erase(left);
}

void ReplicaScaler::ended(ScalablePool& pool, std::uint32_t replica, SimTime now) {
  const auto found = std::ranges::find(running_, replica, &Replica::index);
  add_up(serving_time_, found->ready, now, outages_of(replica));
  pay_for(*found, now);
  running_.erase(found);
  unused_.push_back(replica);
  note_serving(pool, now);
}

// Those whose containers do not run yet.
std::uint32_t ReplicaScaler::pending(SimTime now) const {
  const auto waits = [&](const Replica& r) { return r.ready - spec_->readiness > now; };
  return static_cast<std::uint32_t>(std::ranges::count_if(starting_, waits));
}

// Keeps the level that the signals and the maxima are made of.
void ReplicaScaler::note_serving(ScalablePool& pool, SimTime now) {
  const auto serving = static_cast<std::uint32_t>(pool.serving(now));
  if (serving == serving_) return;
  signals_.ready(now, static_cast<double>(serving) - serving_);
  if (now > serving_since_) {
    const std::size_t last = bins_->bin_of(now - Duration::nanoseconds(1));
    for (std::size_t bin = bins_->bin_of(serving_since_); bin <= last; ++bin)
      serving_maximum_.note(bin, serving_);
  }
  serving_ = serving;
  serving_since_ = now;
}

void ReplicaScaler::report(sim::Measurements& m, ScalablePool& pool) {
  advance(pool, plan_->end);
  for (std::size_t bin = bins_->bin_of(serving_since_); bin < plan_->grid.bins(); ++bin)
    serving_maximum_.note(bin, serving_);
  for (const Replica& replica : running_) {
    add_up(serving_time_, replica.ready, bins_->end(), outages_of(replica.index));
    pay_for(replica, bins_->end());
  }
  for (const Replica& replica : leaving_) pay_for(replica, bins_->end());
  for (const Replica& replica : replaced_) pay_for(replica, bins_->end());
  for (const Replica& replica : starting_) paid_time_.add(replica.asked, bins_->end());
  add_series(m.counters[index(tier_.replica_time)], serving_time_.integrals());
  if (tier_.slot_time)
    add_series(m.counters[index(*tier_.slot_time)], capacity_time_.integrals(), tier_.slots);
  add_series(m.maxima[index(tier_.replicas_gauge)], serving_maximum_.maxima());
  add_cost(m.counters[index(Counter::cost)], paid_time_.integrals(), tier_.price_per_hour);
}

}  // namespace haldane::models
