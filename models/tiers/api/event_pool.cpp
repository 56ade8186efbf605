#include "models/tiers/api/event_pool.h"

#include <algorithm>
#include <utility>

namespace haldane::models {
namespace {

std::uint32_t levels_of(const ReplicaQueueSpec& queue) {
  return queue.discipline == QueueDiscipline::priority ? 2 : 1;
}

std::vector<RequestLine> lines_of(const ApiArmPlan& plan) {
  const bool central = plan.balancer == Balancer::central_queue;
  return std::vector<RequestLine>(central ? 1 : plan.replicas,
                                  RequestLine(plan.queue, levels_of(plan.queue)));
}

std::size_t slots_of(const ApiArmPlan& plan) {
  const bool central = plan.balancer == Balancer::central_queue;
  return std::size_t{plan.concurrency} * (central ? plan.replicas : 1);
}

}  // namespace

EventPool::EventPool(const ApiArmPlan& plan, const Place& place)
    : plan_(&plan),
      bank_(lines_of(plan), slots_of(plan), plan.queue_capacity),
      outages_(outage_cursors(place.outages, plan.replicas)),
      next_change_(outages_.empty() ? SimTime::never() : SimTime::zero()),
      weighted_(plan.active_request_bias),
      limit_key_(place.seed, place.replication, place.entity, sim::Purpose::limit),
      dependency_(place.dependency) {
  const bool central = plan.balancer == Balancer::central_queue;
  if (plan.limit.kind != LimitSpec::Kind::none)
    limits_.assign(central ? 1 : plan.replicas, ConcurrencyLimit(plan.limit));
  if (plan.pauses) {
    pauses_.emplace(
        *plan.pauses, plan.replicas,
        sim::StreamKey(place.seed, place.replication, place.entity, sim::Purpose::pause));
  }
  if (plan.slow_start.lasting > Duration{})
    since_.assign(plan.replicas, SimTime::zero() - plan.slow_start.lasting);
  if (plan.balancer == Balancer::central_queue) return;
  if (plan.balancer == Balancer::peak_ewma)
    ewma_.assign(plan.replicas, PeakEwma(plan.peak_ewma_decay));
  if (plan.outliers) outliers_.emplace(*plan.outliers, plan.replicas);
  for (std::uint32_t r = 0; r < plan.replicas; ++r) alive_.push_back(r);
  started_.assign(plan.replicas, true);
  tell_balancer();
}

// Numbers beyond those of the start come one after the other.
void EventPool::start(std::uint32_t replica, SimTime now) {
  while (started_.size() <= replica) {
    started_.push_back(false);
    bank_.add(RequestLine(plan_->queue, levels_of(plan_->queue)));
    if (!outages_.empty()) outages_.emplace_back(std::span<const Outage>{});
    if (!limits_.empty()) limits_.emplace_back(plan_->limit);
    if (!ewma_.empty()) ewma_.emplace_back(plan_->peak_ewma_decay);
    if (!since_.empty()) since_.push_back(now);
    if (pauses_) pauses_->add();
  }
  started_[replica] = true;
  next_change_ = now;
  if (!ewma_.empty()) ewma_[replica] = PeakEwma(plan_->peak_ewma_decay);
  come_up(replica, now);
}

SimTime EventPool::stop(std::uint32_t replica, SimTime now) {
  started_[replica] = false;
  next_change_ = now;
  return load(replica) == 0 ? now : SimTime::never();
}

std::size_t EventPool::serving(SimTime now) {
  if (now >= next_change_) find_alive(now);
  return alive_.size();
}

bool EventPool::serves(std::uint32_t replica) const {
  return std::ranges::find(alive_, replica) != alive_.end();
}

void EventPool::signal_departure(SimTime now, const InFlight& done) {
  signals_->busy(now, -1);
  signals_->in_system(now, -1);
  signals_->answered(now, now - done.arrival);
  left_ = done.station;
}

void EventPool::note_emptied() {
  const bool stays = left_ == nobody || started_[left_] || load(left_) > 0;
  emptied_ = stays ? nobody : left_;
}

void EventPool::find_alive(SimTime now) {
  next_change_ = SimTime::never();
  alive_.clear();
  for (std::uint32_t r = 0; r < started_.size(); ++r) {
    const bool up = outages_.empty() || is_up(r, now);
    if (up && started_[r]) alive_.push_back(r);
  }
  if (outliers_) leave_outliers_out();
  tell_balancer();
}

bool EventPool::is_up(std::uint32_t replica, SimTime now) {
  const std::size_t passed = outages_[replica].passed();
  const Outage outage = outages_[replica].next(now);
  const bool down = outage.down <= now;
  if (outages_[replica].passed() != passed) come_up(replica, now);
  next_change_ = std::min(next_change_, down ? outage.up : outage.down);
  return !down;
}

void EventPool::look_for_outliers(SimTime now) {
  outliers_->advance(now);
  if (outliers_->changes() != outlier_changes_) next_change_ = now;
}

// If all that are up are ejected, they are used: an ejected replica may answer, nobody cannot.
void EventPool::leave_outliers_out() {
  outlier_changes_ = outliers_->changes();
  const auto is_ejected = [this](std::uint32_t r) { return outliers_->is_ejected(r); };
  if (outliers_->panics() || std::ranges::all_of(alive_, is_ejected)) return;
  std::erase_if(alive_, is_ejected);
}

// Who is there from now on, where a balancer keeps more of it than the list.
void EventPool::tell_balancer() {
  if (plan_->balancer == Balancer::consistent_hash) ring_.build(alive_, plan_->replicas_max);
  if (plan_->balancer != Balancer::weighted_least_requests) return;
  const auto weight = [this](std::uint32_t r) {
    return r < plan_->weights.size() ? plan_->weights[r] : 1.0;
  };
  weighted_.build(alive_, weight, [this](std::uint32_t r) { return load(r); });
}

std::uint32_t EventPool::pick(SimTime now, std::uint64_t word) {
  if (plan_->balancer == Balancer::central_queue) return 0;
  if (outliers_) look_for_outliers(now);
  if (now >= next_change_) find_alive(now);
  const std::uint64_t count = alive_.size();
  if (count == 0) return nobody;
  switch (plan_->balancer) {
    case Balancer::power_of_two:
      return less_loaded_of_two(word);
    case Balancer::weighted_least_requests:
      return next_by_weight(word);
    case Balancer::round_robin:
      return alive_[turn_++ % count];
    case Balancer::least_requests:
      return least_loaded(word);
    case Balancer::peak_ewma:
      return cheaper_of_two(now, word);
    case Balancer::consistent_hash:
      return ring_.owner(word);
    default:
      return alive_[sim::to_index(word, count)];
  }
}

std::uint32_t EventPool::less_loaded_of_two(std::uint64_t word) const {
  const std::uint64_t count = alive_.size();
  const std::uint32_t a = alive_[((word >> 32) * count) >> 32];
  const std::uint32_t b = alive_[((word & 0xffffffffU) * count) >> 32];
  return load(a) <= load(b) ? a : b;
}

// Among equals, as in Envoy, the better of two at random.
std::uint32_t EventPool::next_by_weight(std::uint64_t word) {
  if (weighted_.are_alike()) return less_loaded_of_two(word);
  return weighted_.pick([this](std::uint32_t r) { return load(r); });
}

// Ties go to the first from a random position on, so that an idle fleet is used evenly.
std::uint32_t EventPool::least_loaded(std::uint64_t word) const {
  const std::size_t first = sim::to_index(word, alive_.size());
  std::uint32_t best = alive_[first];
  for (std::size_t i = 1; i < alive_.size() && load(best) > 0; ++i) {
    const std::uint32_t candidate = alive_[(first + i) % alive_.size()];
    if (load(candidate) < load(best)) best = candidate;
  }
  return best;
}

// Two different ones at random.
std::uint32_t EventPool::cheaper_of_two(SimTime now, std::uint64_t word) {
  const std::uint64_t count = alive_.size();
  const std::uint64_t first = ((word >> 32) * count) >> 32;
  if (count == 1) return alive_[first];
  std::uint64_t second = ((word & 0xffffffffU) * (count - 1)) >> 32;
  if (second >= first) ++second;
  const std::uint32_t a = alive_[first];
  const std::uint32_t b = alive_[second];
  return ewma_[a].load(now) <= ewma_[b].load(now) ? a : b;
}

// Refused by the replica itself: an error that came at once.
std::uint32_t EventPool::turn_away(std::uint32_t station, SimTime now) {
  if (!ewma_.empty()) ewma_[station].end(now, Duration{});
  if (outliers_) outliers_->record(now, station, false);
  return nobody;
}

// A replica that comes back knows nothing of the load before.
void EventPool::come_up(std::uint32_t replica, SimTime now) {
  if (!since_.empty()) since_[replica] = now;
  if (!limits_.empty()) limits_[replica] = ConcurrencyLimit(plan_->limit);
  if (outliers_) outliers_->renew(now, replica);
}

double EventPool::stretch(std::uint32_t replica, SimTime start) const {
  double factor = plan_->slow_down.at(start);
  if (!since_.empty()) factor *= plan_->slow_start.factor_at(start - since_[replica]);
  if (replica < plan_->some_replicas.size())
    factor *= plan_->some_replicas[replica].slow_down.at(start);
  return factor;
}

SimTime EventPool::begin_service(std::uint32_t replica, std::uint32_t index, SimTime now) {
  InFlight& request = in_flight_[index];
  if (signals_ != nullptr) signals_->busy(now, 1);
  double ns = request.service_ns;
  if (plan_->stretches) ns *= stretch(replica, now);
  SimTime ready = now;
  request.start = now;
  if (pauses_) {
    ready += pauses_->start(replica, now);
    request.service_ns = static_cast<double>(pauses_->begun(replica, now).count_ns());
  }
  if (dependency_ != nullptr) {
    const Dependency::Answer answer = dependency_->ask(now, request.tag.id, request.tag.lane());
    ready = std::max(ready, answer.at);
    request.tag.failed = !answer.ok;
    if (!answer.ok) ns = 0;  // without its data there is nothing left to do
  }
  const SimTime departure = ready + Duration::nanoseconds(static_cast<std::int64_t>(ns + 0.5));
  return outages_.empty() ? departure : cut_at_outage(replica, request, now, departure);
}

// Work that would reach into an outage fails when the outage begins. Who waits then starts at once,
// at a replica that is down, and so fails too: the whole line does, one after the other.
SimTime EventPool::cut_at_outage(std::uint32_t replica, InFlight& request, SimTime now,
                                 SimTime departure) {
  const SimTime down = std::max(now, outages_[replica].next(now).down);
  request.tag.crashed = departure > down;
  return std::min(departure, down);
}

// Later than it was due by the pauses that have begun since it started.
SimTime EventPool::end_of_service(std::uint32_t replica, std::uint32_t index, SimTime now) {
  InFlight& request = in_flight_[index];
  if (request.tag.crashed) return now;
  const auto begun = static_cast<double>(pauses_->begun(replica, now).count_ns());
  const double held_up = begun - std::exchange(request.service_ns, begun);
  if (held_up <= 0) return now;
  const SimTime later = now + Duration::nanoseconds(static_cast<std::int64_t>(held_up));
  return outages_.empty() ? later : cut_at_outage(replica, request, now, later);
}

std::uint32_t EventPool::keep(const Arrival& arrival, std::uint32_t station) {
  std::uint32_t index = 0;
  if (free_.empty()) {
    index = static_cast<std::uint32_t>(in_flight_.size());
    in_flight_.emplace_back();
  } else {
    index = free_.back();
    free_.pop_back();
  }
  InFlight& request = in_flight_[index];
  request.tag = arrival.request.tag;
  request.tag.crashed = request.tag.concluded = request.tag.failed = false;
  request.arrival = arrival.request.order.time;
  request.service_ns = arrival.service_ns;
  request.number = arrival.number;
  request.station = station;
  request.in_system = static_cast<std::uint32_t>(load(station) + 1);
  return index;
}

void EventPool::forget(std::uint32_t index) {
  in_flight_[index].number = InFlight::no_number;
  free_.push_back(index);
}

InFlight EventPool::release(std::uint32_t station, std::uint32_t index, SimTime now, bool gave_up) {
  const InFlight request = in_flight_[index];
  if (!limits_.empty()) tell_limit(station, request, now, gave_up);
  if (!ewma_.empty()) ewma_[station].end(now, now - request.arrival);
  forget(index);
  return request;
}

void EventPool::tell_limit(std::uint32_t station, const InFlight& request, SimTime now,
                           bool gave_up) {
  const LimitSample sample{request.arrival, now - request.arrival, request.in_system,
                           gave_up || request.tag.crashed};
  limits_[station].add(sample, [&](std::uint64_t probes) {
    return 0.5 + 0.5 * sim::to_unit(sim::draw(limit_key_, probes, station).first);
  });
}

// Refreshes in the background come last: nobody waits for them.
std::uint32_t EventPool::level_of(const RequestTag& tag) const {
  if (plan_->queue.discipline != QueueDiscipline::priority) return 0;
  return tag.background ? 1 : 0;
}

}  // namespace haldane::models
