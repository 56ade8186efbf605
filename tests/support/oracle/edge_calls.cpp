// Calls that are not made, because a breaker is open, and calls that are made twice.
#include <utility>

#include "tests/support/oracle/edge.h"

namespace haldane::test::oracle {

using models::CircuitBreaker;
using models::Counter;
using models::Hedges;

namespace {

// Added to the attempt of a second copy.
constexpr std::uint32_t second_copy = models::RequestTag::hedge_bit;

Hedges::Call call_of(const Request& request) {
  return {request.id(), static_cast<std::uint8_t>(request.attempt & ~second_copy)};
}

}  // namespace

std::uint32_t Edge::cell_of(std::uint64_t route_word) const {
  const models::Plan::CellRoute& route = plan_.cell_routes[site_];
  const std::uint32_t own = site_ % plan_.cells();
  if (route_word >= route.threshold) return own;
  for (const auto& other : route.others) {
    if (route_word < other.below) return other.cell;
  }
  const auto other = static_cast<std::uint32_t>(route_word * (plan_.cells() - 1) / route.threshold);
  return other < own ? other : other + 1;
}

bool Edge::may_call(const Request& request, std::uint64_t route_word) {
  if (breakers_.empty()) return true;
  const std::uint32_t cell = cell_of(route_word);
  const bool allowed = breakers_[cell].allow(loop_.now());
  note_breaker(cell);
  count(request, Counter::breaker_calls);
  if (!allowed) count(request, Counter::short_circuits);
  return allowed;
}

// What a breaker learns when its caller does.
void Edge::tell_breaker(const Call& call, bool failed) {
  if (breakers_.empty()) return;
  const SimTime now = loop_.now();
  const bool slow = plan_.scenario.traffic.client.breaker->slow_call < now - call.sent;
  breakers_[call.cell].record(now, failed, slow);
  note_breaker(call.cell);
}

void Edge::note_breaker(std::uint32_t cell) {
  SimTime& since = open_since_[cell];
  const bool open = breakers_[cell].state() == CircuitBreaker::State::open;
  if (open == (since != SimTime::never())) return;
  if (!open) close_breaker(since, loop_.now());
  since = open ? loop_.now() : SimTime::never();
}

void Edge::close_breaker(SimTime since, SimTime now) {
  if (since < plan_.end) arms_[0].occupy(Counter::breaker_open_time, since, now);
}

void Edge::close() {
  for (const SimTime since : open_since_) close_breaker(since, plan_.end);
}

// The site keeps count of both copies, and of its client's patience.
void Edge::begin_hedged(Call& call) {
  const SimTime now = loop_.now();
  call.alone = true;
  hedges_->begin(now, call_of(call.request));
  const Duration patience = plan_.scenario.traffic.client.timeout;
  if (patience != Duration::max()) {
    later(now + patience, [this, request = call.request] {
      if (hedges_->give_up(loop_.now(), call_of(request))) conclude(request, AttemptEnd::timed_out);
    });
  }
  if (const auto delay = hedges_->delay(now)) later(now + *delay, [this, call] { hedge(call); });
}

void Edge::hedge(Call call) {
  Request& request = call.request;
  if (!hedges_->is_open(call_of(request))) return;
  const std::uint32_t copy = request.attempt | second_copy;
  const std::uint64_t route_word = draws_.ask(site_, request.number, copy).route_word;
  if (!may_call(request, route_word)) return;
  const bool granted = hedges_->grant(loop_.now(), call_of(request));
  count(request, granted ? Counter::hedges : Counter::hedges_denied);
  if (!granted) return;
  request.attempt = copy;
  forward(std::move(call), route_word);
}

// Whether an answer is the one that the client of a call that was made alone takes; the request is
// then the client's.
bool Edge::takes(Request& request, bool ok) {
  if (!hedges_) return unsettled_.erase({request.number, request.attempt}) > 0;
  const bool second = (request.attempt & second_copy) != 0;
  const auto copy = second ? Hedges::Copy::second : Hedges::Copy::first;
  if (!hedges_->end(loop_.now(), call_of(request), copy, ok)) return false;
  if (second && ok) count(request, Counter::hedges_won);
  request.attempt &= ~second_copy;
  return true;
}

}  // namespace haldane::test::oracle
