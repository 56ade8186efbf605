// What a cell measured: samples and traces of requests, and the measurements of its run.
#include "models/tiers/api/api_cell.h"
#include "models/tiers/record/capacity.h"

namespace haldane::models {

[[gnu::noinline]] void ApiCell::sample(const RequestTag& tag, SimTime at, bool ok) {
  if ((mix(tag.id) >> 32) < sample_threshold_)
    samples_.push_back({tag.asked, at - tag.asked, tag.canary});
  if (!trace_.has(tag.id)) return;
  trace_.note({.id = tag.id,
               .arrived = tag.asked,
               .attempt = tag.attempt,
               .started = tag.asked,
               .ended = at,
               .end = ok ? RequestVisit::End::done : RequestVisit::End::failed,
               .canary = tag.canary});
}

std::uint32_t ApiCell::server_of(std::size_t i) const {
  return batch_.fates[i] != Fate::rejected ? batch_.replicas[i] : RequestVisit::nobody;
}

void ApiCell::note_visit(const ApiRequest& request, std::size_t i) {
  using End = RequestVisit::End;
  const RequestTag& tag = request.tag;
  const std::uint64_t id = tag.id & ~RequestTag::write_bit;
  if (!trace_.has(id)) return;
  End end = outcomes_.ok[i] ? End::done : End::failed;
  if (batch_.fates[i] == Fate::rejected) end = End::rejected;
  if (batch_.fates[i] == Fate::crashed) end = End::crashed;
  trace_.note({.id = id,
               .arrived = request.order.time,
               .place = tag.is_write() ? RequestVisit::Place::write : RequestVisit::Place::api,
               .attempt = hedges_ ? static_cast<std::uint8_t>(tag.attempt & ~RequestTag::hedge_bit)
                                  : tag.attempt,
               .started = batch_.starts[i],
               .ended = batch_.departures[i],
               .number = cell_,
               .server = server_of(i),
               .end = end,
               .canary = tag.canary,
               .background = tag.background});
}

void ApiCell::report(std::vector<sim::Measurements>& measurements) {
  if (by_events_) abandon_waiting();
  for (std::uint32_t a = 0; a < arms_.size(); ++a) {
    Arm& arm = arms_[a];
    sim::Measurements& m = measurements[a];
    arm.recorder.finish();
    const auto add_tally = [&](Counter to, Tally from) {
      arm.recorder.add_counter(static_cast<std::size_t>(from), m.counters[index(to)]);
    };
    add_tally(Counter::api_requests, Tally::requests);
    add_tally(Counter::api_errors, Tally::errors);
    add_tally(Counter::api_rejected, Tally::rejected);
    add_tally(Counter::api_over_quota, Tally::over_quota);
    add_tally(Counter::request_errors, Tally::client_errors);
    const auto add_latency = [&](Histogram to, Latency from) {
      arm.recorder.hand_over_slices(static_cast<std::size_t>(from), m.latencies[index(to)]);
    };
    add_latency(Histogram::api_wait, Latency::wait);
    add_latency(Histogram::api_latency, Latency::total);
    add_latency(Histogram::client, Latency::client);
    add_series(m.counters[index(Counter::api_busy_time)], arm.busy.integrals());
    add_series(m.counters[index(Counter::api_queue_time)], arm.waiting.integrals());
    add_series(m.maxima[index(Gauge::api_queue)], arm.queue.maxima());
    report_capacity(m, a);
    if (shield_) report_shield(arm, m);
    if (writes_) report_writes(arm, m);
    if (losses_) losses_->report(a == 1, m);
  }
  if (by_events_) report_events(measurements);
}

void ApiCell::report_capacity(sim::Measurements& m, std::uint32_t arm) {
  if (scaler_ && arm == 0) {
    if (by_events_) {
      scaler_->report(m, by_events_->pools[0]);
    } else {
      scaler_->report(m, arms_[0].pool);
    }
    return;
  }
  const ApiArmPlan& plan = plan_->api[arm];
  const std::span<const std::vector<Outage>> outages =
      arm == 0 ? std::span<const std::vector<Outage>>(plan_->api_outages[cell_])
               : std::span<const std::vector<Outage>>{};
  models::report_capacity(
      m, *bins_,
      {plan.replicas, plan.concurrency, outages, outages, Counter::api_replica_time,
       Counter::api_slot_time, Gauge::api_replicas, plan_->scenario.cost.api_replica_per_hour});
}

}  // namespace haldane::models
