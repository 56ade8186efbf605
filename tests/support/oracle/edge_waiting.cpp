// Those who wait for another's fetch of the same object, and go on without it.
#include <algorithm>
#include <utility>

#include "tests/support/oracle/edge.h"

namespace haldane::test::oracle {

using models::Counter;
using Waiting = models::CacheSpec::Waiting;

void Edge::wait_for_fetch(const Request& request) {
  const SimTime now = loop_.now();
  count(request, Counter::edge_collapsed);
  fetches_[request.object].push_back({request, now});
  const Duration patience = plan_.scenario.traffic.client.timeout;
  if (patience != Duration::max()) {
    later(now + patience, [this, request] {
      const bool waits = stop_waiting(request);
      if (waits || unsettled_.erase({request.number, request.attempt}) > 0)
        conclude(request, AttemptEnd::timed_out);
    });
  }
  if (spec_.waiting.max_wait < patience)
    later(now + spec_.waiting.max_wait, [this, request] { waited_long_enough(request); });
}

// Whether the request was still waiting for somebody's fetch.
bool Edge::stop_waiting(const Request& request) {
  const auto fetch = fetches_.find(request.object);
  if (fetch == fetches_.end()) return false;
  return std::erase_if(fetch->second, [&request](const Waiter& waiter) {
           return waiter.request.number == request.number &&
                  waiter.request.attempt == request.attempt;
         }) > 0;
}

void Edge::waited_long_enough(const Request& request) {
  if (!stop_waiting(request)) return;
  const bool may_mask = spec_.waiting.on_timeout != Waiting::OnTimeout::fetch;
  if (may_mask && usable_on_error(request.object)) return settle(request, false, true);
  if (spec_.waiting.on_timeout == Waiting::OnTimeout::fail) return settle(request, false, false);
  fetch_alone(request, false);
}

// The client's patience began with the waiting.
void Edge::fetch_alone(const Request& request, bool leader) {
  const std::uint64_t route_word = draws_.ask(site_, request.number, request.attempt).route_word;
  if (!may_call(request, route_word)) {
    const bool masked = usable_on_error(request.object);
    if (leader) wake(request.object, false, masked);
    return settle(request, false, masked);
  }
  Call call;
  call.request = request;
  call.alone = true;
  call.leader = leader;
  unsettled_.insert({request.number, request.attempt});
  count(request, Counter::edge_own_fetches);
  forward(std::move(call), route_word);
}

// What a good answer means for others: it fills the cache, and those who waited have it.
void Edge::bring(const Call& call) {
  const std::uint32_t object = call.request.object;
  if (plan_.is_uncacheable(object)) {
    if (call.leader) pass_on_uncacheable(object);
    return;
  }
  if ((call.alone && !hedges_) || !plan_.scenario.edge) return;
  if (!fills_at_miss_ || call.background) fill(call.request, call.sent, call.born);
  if (call.leader) wake(object, true, false);
}

// Who waited must ask: all at once where it is known from now on that nobody need wait, else one
// after the other.
void Edge::pass_on_uncacheable(std::uint32_t object) {
  const Duration marker = spec_.uncacheable.marker;
  std::list<Waiter>& waiters = fetches_[object];
  if (marker == Duration{} && !waiters.empty()) {
    const Request next = waiters.front().request;
    waiters.pop_front();
    return fetch_alone(next, true);
  }
  if (marker > Duration{}) markers_[object] = tick(loop_.now() + marker);
  const std::list<Waiter> all = std::move(waiters);
  fetches_.erase(object);
  for (const Waiter& waiter : all) fetch_alone(waiter.request, false);
}

bool Edge::is_marked(std::uint32_t object) const {
  const auto marker = markers_.find(object);
  return marker != markers_.end() && tick(loop_.now()) < marker->second;
}

void Edge::wake(std::uint32_t object, bool ok, bool masked) {
  const std::list<Waiter> waiters = std::move(fetches_[object]);
  fetches_.erase(object);
  for (const Waiter& waiter : waiters) {
    const Request& request = waiter.request;
    const SimTime at = released(waiter.since);
    if (at == loop_.now()) {
      settle(request, ok, masked);
      continue;
    }
    unsettled_.insert({request.number, request.attempt});
    later(at, [this, request, ok, masked] {
      if (unsettled_.erase({request.number, request.attempt}) > 0) settle(request, ok, masked);
    });
  }
}

// When one who looks every so often, and at last when the wait is over, sees the answer.
SimTime Edge::released(SimTime since) const {
  const SimTime now = loop_.now();
  if (spec_.waiting.poll == Duration{}) return now;
  SimTime look = since;
  while (look < now) look = look + spec_.waiting.poll;
  const Duration wait = std::min(look - since, spec_.waiting.max_wait);
  return std::max(since + wait, now);
}

// The client has an answer: a good one, a stale copy in place of one that failed, or an error.
void Edge::settle(const Request& request, bool ok, bool masked) {
  if (!ok && masked) count(request, Counter::edge_stale_on_error);
  conclude(request, ok || masked ? AttemptEnd::succeeded : AttemptEnd::failed);
}

}  // namespace haldane::test::oracle
