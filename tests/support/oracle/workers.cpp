#include "tests/support/oracle/workers.h"

#include <algorithm>
#include <utility>

namespace haldane::test::oracle {

using models::Counter;
using models::Gauge;
using models::Histogram;

namespace {

Duration nanoseconds(double ns) {
  return Duration::nanoseconds(static_cast<std::int64_t>(ns + 0.5));
}

bool falls_below(double threshold, std::uint64_t word) {
  return static_cast<double>(word >> 32) < threshold;
}

}  // namespace

Workers::Workers(EventLoop& loop, const models::Plan& plan, const Draws& draws,
                 std::vector<Books>& arms, JobDone done)
    : loop_(loop), plan_(plan), draws_(draws), arms_(arms), done_(std::move(done)) {
  Station::Setup setup;
  setup.slot_phase = Phase::worker_slot;
  setup.outage_phase = Phase::worker_outage;
  setup.servers = plan.workers[0].replicas;
  setup.slots_each = plan.scenario.workers->concurrency;
  setup.queue_capacity = static_cast<std::uint64_t>(-1);
  setup.outages = plan.worker_outages;
  fleets_.emplace_back(loop, setup);
  if (plan.workers[1].replicas == 0) return;
  setup.place = 1;
  setup.servers = plan.workers[1].replicas;
  setup.outages.clear();
  fleets_.emplace_back(loop, setup);
}

void Workers::arrive(const Job& job) {
  const std::size_t arm = job.canary ? 1 : 0;
  const Served served{job, arrived_++, arm < fleets_.size() ? arm : 0};
  Customer customer;
  customer.service = [&plan = plan_.workers[arm], word = draws_.job_service(job.id, job.attempt)](
                         SimTime start, std::uint32_t) {
    return nanoseconds(plan.service.sample(word) * plan.slow_down.at(start));
  };
  customer.done = [this, served](const Visit& visit) { depart(served, visit); };
  Station& fleet = fleets_[served.fleet];
  const std::uint64_t before = fleet.waiting();
  fleet.arrive(std::move(customer));
  if (fleet.waiting() == before || loop_.now() >= plan_.end) return;
  const auto part = static_cast<std::uint32_t>(served.fleet);
  arms_[part].note(Gauge::worker_queue, part, arms_[part].bin_of(loop_.now()),
                   static_cast<std::int64_t>(fleet.waiting()));
}

void Workers::depart(const Served& served, const Visit& visit) {
  const Job& job = served.job;
  const std::size_t arm = job.canary ? 1 : 0;
  const bool counts = visit.arrival < plan_.end;
  if (counts) measure(served, visit);
  if (visit.departure == SimTime::never()) return;
  const bool failed = falls_below(plan_.workers[arm].failure_threshold.at(visit.start),
                                  draws_.job_outcome(job.id, job.attempt).first);
  if (!failed && !visit.crashed) return done_(job, served.serial);
  const bool last = job.attempt >= plan_.scenario.workers->retries.max_attempts;
  if (counts) arms_[arm].count(last ? Counter::dead_letters : Counter::job_retries, visit.arrival);
  if (last) return;
  Job again = job;
  ++again.attempt;
  const Duration pause = draws_.job_pause(job.id, job.attempt);
  loop_.schedule({visit.departure + pause, Phase::worker_arrival, {itself, served.serial}},
                 [this, again] { arrive(again); });
}

void Workers::measure(const Served& served, const Visit& visit) {
  Books& books = arms_[served.job.canary ? 1 : 0];
  books.count(Counter::jobs, visit.arrival);
  if (visit.start != SimTime::never()) {
    books.record(Histogram::worker_wait, visit.arrival, visit.start - visit.arrival);
    books.occupy(Counter::worker_busy_time, visit.start, visit.departure);
  }
  if (visit.start == visit.arrival) return;
  const SimTime until = std::min(visit.start, plan_.end);
  books.occupy(Counter::worker_queue_time, visit.arrival, until);
  const auto part = static_cast<std::uint32_t>(served.fleet);
  arms_[part].age(Counter::worker_lag_time, visit.arrival, visit.head, until);
  arms_[part].note(Gauge::worker_lag, part, books.bin_of(until - Duration::nanoseconds(1)),
                   (until - visit.arrival).count_ns());
}

void Workers::close() {
  for (Station& fleet : fleets_) fleet.close();
}

}  // namespace haldane::test::oracle
