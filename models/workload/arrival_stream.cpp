#include "models/workload/arrival_stream.h"

#include <algorithm>

#include "sim/base/hash.h"
#include "sim/measure/latency_histogram.h"

namespace haldane::models {
namespace {

// Lanes of the arrival stream: one block of words a request each.
constexpr std::uint64_t object_and_gap = 0;
constexpr std::uint64_t latency_and_routing = 1;

// The nearest whole number of nanoseconds, in lanes.
void round_block(const std::array<double, ArrivalStream::half>& values, double scale,
                 std::span<std::int64_t, ArrivalStream::half> rounded) {
  for (std::size_t i = 0; i < ArrivalStream::half; ++i) {
    rounded[i] = static_cast<std::int64_t>(values[i] * scale + 0.5);
  }
}

}  // namespace

ArrivalStream::ArrivalStream(const Plan& plan, std::uint32_t site, std::uint64_t seed,
                             std::uint64_t replication)
    : plan_(&plan),
      rate_(plan, site, seed, replication),
      key_(seed, replication, site, sim::Purpose::arrival),
      user_key_(seed, replication, site, sim::Purpose::session) {
  times_.fill(SimTime::never().count_ns());
  const ArrivalsSpec& arrivals = plan.scenario.traffic.arrivals;
  if (arrivals.process == ArrivalsSpec::Process::hawkes) {
    excitation_.emplace(arrivals.branching, arrivals.decay);
    excitation_key_ = {seed, replication, site, sim::Purpose::excitation};
  }
  if (arrivals.process == ArrivalsSpec::Process::sessions) {
    sessions_.emplace(arrivals.session_requests, plan.session_pause, user_key_);
    users_.resize(size);
  }
  if (!plan.traces.empty()) trace_ = &plan.traces[site];
  if (plan.objects) asked_once_.resize(plan.objects->once_parts());
}

void ArrivalStream::start() {
  if (sessions_) next_session_ = next_session(SimTime::zero());
  refill();
  refill();
}

void ArrivalStream::refill() {
  const std::size_t at = next_number_ % size;
  alignas(64) std::array<std::uint64_t, half> first;
  alignas(64) std::array<std::uint64_t, half> gaps;
  alignas(64) std::array<double, half> values;
  sim::draw_block(key_, next_number_, object_and_gap, first, gaps);
  if (plan_->objects) plan_->objects->sample_block(first, std::span(objects_).subspan(at, half));
  plan_->unit_gap.sample_block(gaps, values);
  set_times(values, std::span(times_).subspan(at).first<half>());
  if (trace_ != nullptr) replay(at);
  if (plan_->objects && plan_->objects->changes()) follow_popularity(at);
  if (sessions_ && plan_->formats.any()) follow_users(at);
  next_number_ += half;
  digest_block(std::span(times_).subspan(at).first<half>(),
               std::span(objects_).subspan(at).first<half>());
}

[[gnu::noinline]] void ArrivalStream::draw_rest(std::uint64_t first) {
  alignas(64) std::array<std::uint64_t, half> words;
  alignas(64) std::array<double, half> values;
  sim::draw_block(key_, first, latency_and_routing, words, routing_words_);
  if (!users_.empty()) {  // a user stays with an arm
    for (std::size_t i = 0; i < half; ++i)
      routing_words_[i] = (users_[(first + i) % size] << 32) | (routing_words_[i] & 0xffffffffU);
  }
  plan_->hit_latency.sample_block(words, values);
  round_block(values, 1, hit_ns_);
  for (std::size_t i = 0; i < half; ++i)
    hit_buckets_[i] = static_cast<std::uint16_t>(sim::LatencyHistogram::index_of(hit_ns_[i]));
  rest_end_ = first + half;
}

// Eight hashes side by side, because one would be a chain of multiplications.
void ArrivalStream::digest_block(std::span<const std::int64_t, half> times,
                                 std::span<const std::uint32_t, half> objects) {
  std::array<std::uint64_t, 8> lanes = digest_lanes_;
  for (std::size_t i = 0; i < half; i += lanes.size()) {
    for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
      const std::uint64_t word =
          static_cast<std::uint64_t>(times[i + lane]) + (std::uint64_t{objects[i + lane]} << 24);
      lanes[lane] = (lanes[lane] ^ word) * 0x9e3779b97f4a7c15ULL + (word >> 29);
    }
  }
  digest_lanes_ = lanes;
}

std::uint64_t ArrivalStream::digest() const {
  Digest digest;
  for (const std::uint64_t lane : digest_lanes_) digest.add(lane);
  return digest.value();
}

void ArrivalStream::set_times(const UnitGaps& unit_gaps, std::span<std::int64_t, half> times) {
  if (trace_ != nullptr) return;  // replay() knows them
  if (excitation_) return set_times_excited(unit_gaps, times);
  if (sessions_) return set_times_of_sessions(times);
  // A constant rate needs one division a batch, not one an arrival. Rarer arrivals than one in a
  // day take the careful way: a batch of them could pass the end of time.
  const double mean_gap = rate_.is_constant() ? 1 / rate_.at(SimTime::zero()) : 0;
  if (mean_gap > 0 && mean_gap < 1e14 && clock_ != SimTime::never()) {
    set_times_at_constant_rate(unit_gaps, mean_gap, times);
    return;
  }
  for (std::size_t i = 0; i < half; ++i) {
    clock_ = after_gap(clock_, unit_gaps[i], plan_->end);
    if (clock_ >= plan_->end) clock_ = SimTime::never();
    times[i] = clock_.count_ns();
  }
}

// An arrival of its own accord races against the next excited one; who loses is drawn anew, which
// an exponential gap does not notice.
void ArrivalStream::set_times_excited(const UnitGaps& unit_gaps,
                                      std::span<std::int64_t, half> times) {
  std::array<std::uint64_t, half> words;
  std::array<std::uint64_t, half> unused;
  sim::draw_block(excitation_key_, next_number_, 0, words, unused);
  for (std::size_t i = 0; i < half; ++i) {
    if (clock_ < plan_->end) {
      const double gap = excitation_->gap(words[i]) + 0.5;
      const bool in_time = gap < static_cast<double>((plan_->end - clock_).count_ns());
      const SimTime excited =
          in_time ? clock_ + Duration::nanoseconds(static_cast<std::int64_t>(gap)) : plan_->end;
      const SimTime next = std::min(after_gap(clock_, unit_gaps[i], excited), excited);
      excitation_->arrive_after(static_cast<double>((next - clock_).count_ns()));
      clock_ = next < plan_->end ? next : SimTime::never();
    }
    times[i] = clock_.count_ns();
  }
}

SimTime ArrivalStream::next_session(SimTime after) {
  const double gap = plan_->unit_gap.sample(sessions_->gap_word(sessions_->begun()));
  return after_gap(after, gap, plan_->end);
}

void ArrivalStream::set_times_of_sessions(std::span<std::int64_t, half> times) {
  for (std::size_t i = 0; i < half; ++i) {
    const SimTime next = std::min(next_session_, sessions_->next_time());
    if (next >= plan_->end) {
      times[i] = SimTime::never().count_ns();
      continue;
    }
    const bool begins = next_session_ <= next;
    const Sessions::Request request = begins ? sessions_->begin(next) : sessions_->take();
    if (begins) next_session_ = next_session(next);
    times[i] = request.at.count_ns();
    users_[(next_number_ + i) % size] = sessions_->user_of(request.session);
  }
}

// The trace instead of what was drawn.
void ArrivalStream::replay(std::size_t at) {
  for (std::size_t i = 0; i < half; ++i) {
    const std::uint64_t row = next_number_ + i;
    const bool over = row >= trace_->times.size();
    times_[at + i] = (over ? SimTime::never() : trace_->times[row]).count_ns();
    objects_[at + i] = over ? 0 : trace_->objects[row];
  }
}

// Objects that are asked for once, and those that have taken the place of others by now.
void ArrivalStream::follow_popularity(std::size_t at) {
  const ObjectLaw& law = *plan_->objects;
  for (std::size_t i = at; i < at + half; ++i) {
    if (times_[i] == SimTime::never().count_ns()) return;
    objects_[i] = law.drifted(objects_[i], SimTime::at_nanoseconds(times_[i]));
    if (!asked_once_.empty()) objects_[i] = law.next_once(objects_[i], asked_once_);
  }
}

// Who visits asks for everything in one format.
void ArrivalStream::follow_users(std::size_t at) {
  for (std::size_t i = at; i < at + half; ++i)
    objects_[i] = plan_->formats.object_for(users_[i], objects_[i]);
}

// A client's words are those of a session of its number.
std::uint32_t ArrivalStream::in_format_of_client(std::uint64_t number, std::uint32_t object) const {
  const std::uint64_t client = number % plan_->scenario.traffic.arrivals.clients;
  return plan_->formats.object_for(user_word(user_key_, client), object);
}

void ArrivalStream::set_times_at_constant_rate(const UnitGaps& unit_gaps, double mean_gap,
                                               std::span<std::int64_t, half> times) {
  round_block(unit_gaps, mean_gap, times);
  std::int64_t clock = clock_.count_ns();
  for (std::int64_t& time : times) time = clock += time;
  clock_ = SimTime::at_nanoseconds(clock);
  if (clock_ < plan_->end) return;
  clock_ = SimTime::never();
  const auto over = std::lower_bound(times.begin(), times.end(), plan_->end.count_ns());
  std::fill(over, times.end(), clock_.count_ns());
}

// Where the integral of the rate from `from` on reaches `unit_gap`; never if not before `until`.
SimTime ArrivalStream::after_gap(SimTime from, double unit_gap, SimTime until) {
  while (from < until) {
    const double rate = rate_.at(from);
    const SimTime change = rate_.next_change(from);
    const double reach =
        change == SimTime::never() ? 1e300 : static_cast<double>((change - from).count_ns()) * rate;
    if (rate > 0 && unit_gap <= reach) {
      const double gap = unit_gap / rate + 0.5;
      if (gap > static_cast<double>((until - from).count_ns())) return SimTime::never();
      return from + Duration::nanoseconds(static_cast<std::int64_t>(gap));
    }
    if (change == SimTime::never()) break;
    unit_gap -= reach;
    from = change;
  }
  return SimTime::never();
}

RequestDraws ArrivalStream::draw_one(std::uint64_t number, std::uint32_t attempt) const {
  const std::uint64_t shift = std::uint64_t{attempt - 1} << 1;
  const sim::RandomWords a = sim::draw(key_, number, object_and_gap + shift);
  const sim::RandomWords b = sim::draw(key_, number, latency_and_routing + shift);
  return {plan_->objects ? plan_->objects->sample(a.first) : 0,
          plan_->hit_latency.sample_duration(b.first), b.second};
}

}  // namespace haldane::models
