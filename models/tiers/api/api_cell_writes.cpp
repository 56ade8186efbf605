// Results of jobs that workers write to a cell: requests like others, but for what comes of them.
#include <algorithm>

#include "models/tiers/api/api_cell.h"
#include "sim/base/hash.h"

namespace haldane::models {

void ApiCell::deliver_writes(Outbox<ApiRequest>& outbox) {
  for (const ApiRequest& request : outbox.messages()) writes_->coming.push(request);
  outbox.clear();
}

void ApiCell::take_writes(SimTime horizon) {
  while (writes_->coming.next_time() < horizon) {
    inbox_.append() = writes_->coming.pop();
    sorted_ = false;
  }
}

void ApiCell::draw_for_writes(std::span<const ApiRequest> requests) {
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (!requests[i].tag.is_write()) continue;
    const ApiArmPlan& arm = plan_->api[requests[i].tag.canary ? 1 : 0];
    if (!arm.write_service) continue;
    const std::uint64_t word = draws_.service_words[i];
    batch_.service_ns[i] = arm.write_service->sample(word) * slowness(arm, word);
  }
}

void ApiCell::end_write(const ApiRequest& request, Arm& arm, std::size_t i) {
  const SimTime departure = batch_.departures[i];
  const bool counts = request.order.time < plan_->end;
  if (counts) ++arm.tally(Tally::writes);
  if (departure != SimTime::never() && outcomes_.ok[i]) return tell_of(request.tag, departure);
  if (counts) ++arm.tally(Tally::write_errors);
  // A worker that hears nothing waits for ever.
  if (departure != SimTime::never() && request.tag.attempt < writes_->rules.max_attempts)
    return write_again(request.tag, departure, draws_.backoff_words[i]);
  if (counts) ++arm.tally(Tally::writes_lost);
}

void ApiCell::tell_of(const RequestTag& tag, SimTime served) {
  Job job;
  job.id = tag.id & ~RequestTag::write_bit;
  job.object = tag.object;
  job.canary = tag.canary;
  writes_->results.write({served + link_, stamp_()}, served, job);
  earliest_to_sites_ = std::min(earliest_to_sites_, writes_->results.earliest());
}

// The worker hears of the failure, pauses, and asks the same cell.
void ApiCell::write_again(const RequestTag& tag, SimTime failed, std::uint64_t word) {
  const ApiWritesPlan& rules = writes_->rules;
  const std::uint64_t chain = rules.backoff.chained() ? sim::draw(outcome_key_, tag.id).first : 0;
  const SimTime at =
      failed + rules.link + rules.link + rules.backoff.pause(tag.attempt, word, chain);
  if (at >= plan_->end) return;  // nobody's business
  ApiRequest request;
  // Nobody else sends to a cell with this origin; the order of what coincides depends on the
  // requests alone.
  constexpr std::uint64_t origin = std::uint64_t{0xfffc} << 48;
  request.order = {at, origin | mix(tag.id) >> 16};
  request.tag = tag;
  ++request.tag.attempt;
  writes_->coming.push(request);
}

void ApiCell::report_writes(const Arm& arm, sim::Measurements& m) const {
  const auto add = [&](Counter to, Tally from) {
    arm.recorder.add_counter(static_cast<std::size_t>(from), m.counters[index(to)]);
  };
  add(Counter::api_writes, Tally::writes);
  add(Counter::api_write_errors, Tally::write_errors);
  add(Counter::api_writes_lost, Tally::writes_lost);
}

}  // namespace haldane::models
