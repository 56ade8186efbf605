// Batches in which nothing goes wrong: everybody is served, succeeds and is answered in time.
//
// Most batches of most scenarios are of this kind, and what has to be asked of each request
// otherwise is then asked of the batch once, in SIMD lanes: the sums of times, the histograms'
// values and the earliest answer are columns, and the loop that is left writes messages. Says the
// same as measure() and follow() one by one (api_cell.cpp), to the bit.
#include <algorithm>
#include <limits>

#include "models/tiers/api/api_cell.h"

namespace haldane::models {
namespace {

struct Extremes {
  std::int64_t first_departure = std::numeric_limits<std::int64_t>::max();
  std::int64_t last_departure = 0;
  std::int64_t longest_stay = 0;
};

// **Domain** padded.
Extremes extremes_of(const AdmissionBatch& batch) {
  Extremes found;
  for (std::size_t i = 0; i < batch.padded_size(); ++i) {
    const std::int64_t departure = batch.departures[i].count_ns();
    found.first_departure = std::min(found.first_departure, departure);
    found.last_departure = std::max(found.last_departure, departure);
    found.longest_stay = std::max(found.longest_stay, departure - batch.times[i].count_ns());
  }
  return found;
}

}  // namespace

bool ApiCell::settled_ordinarily(std::span<const ApiRequest> requests) {
  if (!answers_plainly_ || samples_some_) return false;
  std::uint8_t all_ok = 1;  // a number, for bits of truth values gcc has no lanes
  for (std::size_t i = 0; i < requests.size(); ++i)
    all_ok &= static_cast<std::uint8_t>(outcomes_.ok[i]);
  if (all_ok == 0 || requests.back().order.time >= plan_->end) return false;
  batch_.pad();
  const Extremes found = extremes_of(batch_);
  if (found.last_departure == SimTime::never().count_ns()) return false;
  if (timeout_ < Duration::nanoseconds(found.longest_stay) + link_ + link_) return false;
  measure_ordinary();
  follow_ordinary(requests);
  if (fills_) {
    const SimTime answered = SimTime::at_nanoseconds(found.first_departure) + link_;
    earliest_to_sites_ = std::min(earliest_to_sites_, answered);
  }
  return true;
}

void ApiCell::measure_ordinary() {
  Arm& arm = arms_[0];
  const std::size_t size = batch_.size;
  arm.tally(Tally::requests) += static_cast<std::int64_t>(size);
  arm.totals.size = size;
  const std::size_t padded = batch_.padded_size();
  for (std::size_t i = 0; i < padded; ++i)
    arm.totals.ns[i] = (batch_.departures[i] - batch_.times[i]).count_ns();
  arm.busy.add(std::span(batch_.starts).first(padded), std::span(batch_.departures).first(padded));
  for (std::size_t i = 0; i < size; ++i) {
    const SimTime now = batch_.times[i];
    const SimTime start = batch_.starts[i];
    if (start == now) [[likely]]
      continue;
    arm.waits.add(start - now);
    arm.waiting.add(now, start);
    note_queue(arm, now, start);
  }
  arm.latency(Latency::wait).record_zeros(size - arm.waits.size);
}

// With copies of what each message counts on, for a message might be anything to the compiler.
void ApiCell::follow_ordinary(std::span<const ApiRequest> requests) {
  Arm& arm = arms_[0];
  Digest digest = digest_;
  sim::KeyStamp stamp = stamp_;
  const std::uint64_t enqueue_threshold = arm.plan->enqueue_threshold;
  std::size_t clients = 0;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const ApiRequest& request = requests[i];
    const SimTime departure = batch_.departures[i];
    digest.add(word_of(request, departure, true));
    if (makes_job(enqueue_threshold, draws_.service_words[i]))
      enqueue(request.tag, departure + job_link_, stamp());
    const SimTime answered = departure + link_;
    if (fills_) {
      EdgeEvent& event = to_sites_.append(request.tag.site());
      event.order = {answered, stamp()};
      event.tag = request.tag;
      event.kind = EdgeEvent::Kind::response;
      event.detail = outcomes_.expiries[i];
    }
    arm.clients.ns[clients] = (answered - request.tag.asked).count_ns();
    const bool unheard = request.tag.background | request.tag.concluded;
    clients += unheard ? 0 : 1;
  }
  arm.clients.size = clients;
  digest_ = digest;
  stamp_ = stamp;
}

}  // namespace haldane::models
