// A cell whose links lose packets: requests come later than they were sent for, or not at all.
#include <algorithm>

#include "models/tiers/api/api_cell.h"

namespace haldane::models {

// Looks at what was sent to the cell in this window. A request that could not be answered in time
// any more when its last copy comes is given up with the connection: it never arrives.
void ApiCell::delay_arrivals() {
  for (ApiRequest& request : inbox_.messages().subspan(examined_)) {
    const RequestTag& tag = request.tag;
    if (tag.is_write()) {
      const SimTime sent = request.order.time - writes_->rules.link;
      request.order.time += losses_->delay(LinkLosses::Way::write, sent, tag);
      sorted_ = false;
      continue;
    }
    const Duration delay =
        losses_->delay(LinkLosses::Way::request, request.order.time - link_, tag);
    if (delay == Duration{}) continue;
    const bool waits_for_ever = tag.background || tag.alone;
    const Duration patience = waits_for_ever ? fetch_timeout_ : std::min(timeout_, fetch_timeout_);
    if (patience < delay + link_ + link_) {
      losses_->note(tag, Duration::max());
      continue;
    }
    losses_->note(tag, delay);
    request.order.time += delay;
    sorted_ = false;
  }
}

// Who asked hears nothing, and gives up when the time comes.
void ApiCell::never_arrive(const ApiRequest& request) {
  Arm& arm = arm_of(request);
  const RequestTag& tag = request.tag;
  losses_->forget(tag);
  batch_.departures[leaving] = SimTime::never();
  outcomes_.ok[leaving] = false;
  draws_.backoff_words[leaving] =
      outcome_matters_ ? sim::draw(outcome_key_, tag.id, tag.lane()).second : 0;
  if (by_events_) stamp_ = sim::KeyStamp(1 + cell_, messages_each * by_events_->arrivals++);
  ++events_;
  digest_.add(static_cast<std::uint64_t>(request.order.time.count_ns()) ^ tag.id);
  be_lost(request, arm, leaving);
  arm.latency(Latency::client).record(arm.clients);
}

// As advance(), between those that never arrive.
void ApiCell::advance_with_losses(std::span<const ApiRequest> due) {
  while (!due.empty()) {
    auto requests = due.first(batch_of(due));
    const auto lost = std::ranges::find_if(
        requests, [this](const ApiRequest& request) { return never_arrives(request); });
    if (lost == requests.begin()) {
      never_arrive(*lost);
      due = due.subspan(1);
      continue;
    }
    requests = requests.first(static_cast<std::size_t>(lost - requests.begin()));
    admit(requests);
    settle(requests);
    for (const ApiRequest& request : requests) losses_->forget(request.tag);
    due = due.subspan(requests.size());
  }
}

}  // namespace haldane::models
