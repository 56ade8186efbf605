#include "models/tiers/api/event_pool.h"

#include <algorithm>
#include <utility>

namespace haldane::models {
namespace {

std::uint32_t levels_of(const ReplicaQueueSpec& queue) {
  return queue.discipline == QueueDiscipline::priority ? 2 : 1;
}

bool is_central(const ApiArmPlan& plan) {
  return plan.balancer == Balancer::central_queue;
}

sim::StationBank<Ticket, RequestLine> bank_of(const ApiArmPlan& plan) {
  const RequestLine line(plan.queue, levels_of(plan.queue));
  if (is_central(plan)) return {line, plan.replicas, plan.concurrency, plan.queue_capacity};
  return {std::vector<RequestLine>(plan.replicas, line), plan.concurrency, plan.queue_capacity};
}

}  // namespace

EventPool::EventPool(const ApiArmPlan& plan, const Place& place)
    : plan_(&plan),
      central_(is_central(plan)),
      bank_(bank_of(plan)),
      outages_(outage_cursors(place.outages, plan.replicas)),
      next_change_(outages_.empty() ? SimTime::never() : SimTime::zero()),
      free_slots_(plan.concurrency),
      weighted_(plan.active_request_bias),
      limit_key_(place.seed, place.replication, place.entity, sim::Purpose::limit),
      dependency_(place.dependency) {
  if (plan.limit.kind != LimitSpec::Kind::none)
    limits_.assign(central_ ? 1 : plan.replicas, ConcurrencyLimit(plan.limit));
  if (plan.pauses) {
    pauses_.emplace(
        *plan.pauses, plan.replicas,
        sim::StreamKey(place.seed, place.replication, place.entity, sim::Purpose::pause));
  }
  const Duration grown = std::max(plan.slow_start.lasting, plan.balancer_slow_start.window);
  newest_ = SimTime::zero() - grown - Duration::milliseconds(1);  // at the start nobody is young
  if (grown > Duration{}) since_.assign(plan.replicas, newest_);
  if (plan.balancer == Balancer::peak_ewma)
    ewma_.assign(plan.replicas, PeakEwma(plan.peak_ewma_decay));
  if (plan.outliers) outliers_.emplace(*plan.outliers, plan.replicas);
  for (std::uint32_t r = 0; r < plan.replicas; ++r) up_.push_back(r);
  started_.assign(plan.replicas, true);
  alive_ = up_;
  tell_balancer(SimTime::zero());
  for (std::uint32_t r = 0; central_ && r < plan.replicas; ++r)
    free_slots_.open(r, SimTime::zero());
}

// Numbers beyond those of the start come one after the other.
void EventPool::start(std::uint32_t replica, SimTime now) {
  while (started_.size() <= replica) {
    started_.push_back(false);
    bank_.add(RequestLine(plan_->queue, levels_of(plan_->queue)));
    if (!outages_.empty()) outages_.emplace_back(std::span<const Outage>{});
    if (!limits_.empty() && !central_) limits_.emplace_back(plan_->limit);
    if (!ewma_.empty()) ewma_.emplace_back(plan_->peak_ewma_decay);
    if (!since_.empty()) since_.push_back(now);
    if (pauses_) pauses_->add();
  }
  started_[replica] = true;
  next_change_ = now;
  if (!ewma_.empty()) ewma_[replica] = PeakEwma(plan_->peak_ewma_decay);
  if (outliers_) {
    outliers_->advance(now);
    outliers_->join(replica);
  }
  if (central_) free_slots_.open(replica, now);
  come_up(replica, now);
}

SimTime EventPool::stop(std::uint32_t replica, SimTime now) {
  started_[replica] = false;
  next_change_ = now;
  if (central_) free_slots_.close(replica);
  if (outliers_) {
    outliers_->advance(now);
    outliers_->leave(now, replica);
  }
  return load(replica) == 0 ? now : SimTime::never();
}

std::size_t EventPool::serving(SimTime now) {
  find_alive_at(now);
  return up_.size();
}

bool EventPool::serves(std::uint32_t replica) const {
  return std::ranges::binary_search(up_, replica);
}

void EventPool::signal_departure(SimTime now, const InFlight& done) {
  signals_->busy(now, -1);
  signals_->in_system(now, -1);
  signals_->answered(now, now - done.arrival);
}

void EventPool::note_emptied() {
  const bool stays = left_ == nobody || started_[left_] || load(left_) > 0;
  emptied_ = stays ? nobody : left_;
}

void EventPool::find_alive_at(SimTime now) {
  if (outliers_) look_for_outliers(now);
  if (now >= next_change_) find_alive(now);
}

void EventPool::find_alive(SimTime now) {
  next_change_ = SimTime::never();
  up_.clear();
  for (std::uint32_t r = 0; r < started_.size(); ++r) {
    const bool up = outages_.empty() || is_up(r, now);
    if (up && started_[r]) up_.push_back(r);
  }
  if (central_) {
    if (bank_.waiting() > 0) match_at_ = now;
    return;
  }
  alive_ = up_;
  if (outliers_) leave_outliers_out();
  tell_balancer(now);
}

SimTime EventPool::usable_from(std::uint32_t replica, SimTime now) const {
  if (outages_.empty()) return now;
  OutageCursor cursor = outages_[replica];
  const Outage outage = cursor.next(now);
  return outage.down <= now ? outage.up : now;
}

std::uint32_t EventPool::next_free(SimTime now) {
  return free_slots_.next(now, [&](std::uint32_t r) { return usable_from(r, now); });
}

void EventPool::note_free(std::uint32_t replica, SimTime now) {
  free_slots_.free_but(replica, usable_from(replica, now), bank_.in_service(replica));
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
void EventPool::tell_balancer(SimTime now) {
  if (plan_->balancer == Balancer::consistent_hash) ring_.build(alive_, plan_->replicas_max);
  const bool starts_slowly = plan_->balancer_slow_start.is_on();
  if (plan_->balancer != Balancer::weighted_least_requests && !starts_slowly) return;
  weighted_.build(
      alive_, [&](std::uint32_t r) { return weight_of(r, now); },
      [this](std::uint32_t r) { return load(r); });
  // As in Envoy, turns that have begun go on after the last replica has grown up, until somebody
  // comes or goes.
  const bool some_young = starts_slowly && plan_->balancer_slow_start.is_young(now - newest_);
  takes_turns_ = some_young || !weighted_.are_alike();
}

double EventPool::weight_of(std::uint32_t replica, SimTime now) const {
  const double own = replica < plan_->weights.size() ? plan_->weights[replica] : 1.0;
  if (!plan_->balancer_slow_start.is_on()) return own;
  return own * plan_->balancer_slow_start.factor_at(now - since_[replica]);
}

std::uint32_t EventPool::pick(SimTime now, std::uint64_t word) {
  find_alive_at(now);
  if (central_) return next_free(now);
  const std::uint64_t count = alive_.size();
  if (count == 0) return nobody;
  if (takes_turns_) return next_by_weight(now);
  switch (plan_->balancer) {
    case Balancer::power_of_two:
    case Balancer::weighted_least_requests:  // among equals, as in Envoy
      return less_loaded_of_two(word);
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

std::uint32_t EventPool::next_by_weight(SimTime now) {
  return weighted_.pick([&](std::uint32_t r) { return weight_of(r, now); },
                        [this](std::uint32_t r) { return load(r); });
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
  newest_ = now;
  if (!limits_.empty() && !central_) limits_[replica] = ConcurrencyLimit(plan_->limit);
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
  request.station = replica;
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
  request.in_system = static_cast<std::uint32_t>(inside(station) + 1);
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
  const std::uint32_t limit = limited(station);
  limits_[limit].add(sample, [&](std::uint64_t probes) {
    return 0.5 + 0.5 * sim::to_unit(sim::draw(limit_key_, probes, limit).first);
  });
}

// Refreshes in the background come last: nobody waits for them.
std::uint32_t EventPool::level_of(const RequestTag& tag) const {
  if (plan_->queue.discipline != QueueDiscipline::priority) return 0;
  return tag.background ? 1 : 0;
}

}  // namespace haldane::models
