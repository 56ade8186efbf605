// A cell behind a shield: requests one by one, since what the shield knows of one follows from the
// answers to those before.
#include "models/tiers/api/api_cell.h"

namespace haldane::models {

void ApiCell::advance_behind_shield(std::span<const ApiRequest> due) {
  for (const ApiRequest& request : due) {
    const std::span<const ApiRequest> one(&request, 1);
    batch_of(one);
    if (losses_ && never_arrives(request)) {
      never_arrive(request);
      continue;
    }
    if (request.tag.is_write()) {  // not for the shield
      admit(one);
      settle(one);
      continue;
    }
    const Shield::Answer answer = shield_->look_up(request);
    if (answer.kind != Shield::Answer::Kind::none) {
      if (request.order.time < plan_->end) note_look_up(request, answer.kind, false);
      pass_on(request, answer);
    } else {
      ask_for_shield(request);
    }
    if (losses_) losses_->forget(request.tag);
  }
}

// What the shield asks the cell is its own question: it needs the whole object where it has no
// copy, though the site may have one.
void ApiCell::ask_for_shield(ApiRequest request) {
  const bool unmodified = shield_->finds_unmodified(request);
  if (request.order.time < plan_->end)
    note_look_up(request, Shield::Answer::Kind::none, unmodified);
  if (plan_->revalidates) request.tag.set_not_modified(unmodified);
  const std::span<const ApiRequest> one(&request, 1);
  admit(one);
  settle(one);
  shield_->fetch(request, batch_.departures[0], outcomes_.ok[0], outcomes_.expiries[0]);
}

// The shield's answer takes the way of the cell's.
void ApiCell::pass_on(const ApiRequest& request, const Shield::Answer& answer_there) {
  draw_for({&request, 1});
  batch_.departures[0] = answer_there.at;
  outcomes_.ok[0] = answer_there.ok;
  outcomes_.expiries[0] = answer_there.expiry;
  ++events_;
  digest_.add(static_cast<std::uint64_t>(request.order.time.count_ns()) ^ request.tag.id);
  digest_.add(static_cast<std::uint64_t>(answer_there.at.count_ns()));
  hand_on(request);
  Arm& arm = arm_of(request);
  arm.latency(Latency::client).record(arm.clients);
}

// The site has counted answers 304 and bodies as if the API answered it. **Domain** `unmodified`
// only where the API is asked.
void ApiCell::note_look_up(const ApiRequest& request, Shield::Answer::Kind kind, bool unmodified) {
  Arm& arm = arm_of(request);
  const bool asks = kind == Shield::Answer::Kind::none;
  const std::int64_t bytes =
      plan_->object_bytes.empty() ? 1 : plan_->object_bytes[request.tag.object];
  const bool site_unmodified = plan_->revalidates && request.tag.is_not_modified();
  arm.tally(Tally::shield_bytes) +=
      (site_unmodified ? 0 : bytes) - (asks && !unmodified ? bytes : 0);
  arm.tally(Tally::shield_not_modified) += (unmodified ? 1 : 0) - (site_unmodified ? 1 : 0);
  ++arm.tally(Tally::shield_lookups);
  if (asks) return;
  ++arm.tally(kind == Shield::Answer::Kind::hit ? Tally::shield_hits : Tally::shield_collapsed);
}

// What the shield answers is no fetch from the API.
void ApiCell::report_shield(const Arm& arm, sim::Measurements& m) const {
  const auto add = [&](Counter to, Tally from) {
    arm.recorder.add_counter(static_cast<std::size_t>(from), m.counters[index(to)]);
  };
  std::vector<std::int64_t> answered(plan_->grid.bins());
  for (const Tally kind : {Tally::shield_hits, Tally::shield_collapsed}) {
    arm.recorder.add_counter(static_cast<std::size_t>(kind), answered);
    add(Counter::edge_origin_saved, kind);
  }
  for (std::size_t bin = 0; bin < answered.size(); ++bin)
    m.counters[index(Counter::origin_fetches)][bin] -= answered[bin];
  add(Counter::edge_origin_saved_bytes, Tally::shield_bytes);
  add(Counter::edge_not_modified, Tally::shield_not_modified);
  add(Counter::shield_lookups, Tally::shield_lookups);
  add(Counter::shield_hits, Tally::shield_hits);
  add(Counter::shield_collapsed, Tally::shield_collapsed);
}

}  // namespace haldane::models
