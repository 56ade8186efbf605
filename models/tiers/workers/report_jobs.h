// What both kinds of worker tiers (job_queue.h, job_broker.h) say alike once a run is over.
#pragma once

#include <cstddef>
#include <iterator>

#include "models/metrics.h"
#include "models/tiers/record/recorder.h"

namespace haldane::models {

/// Jobs of one arm. **Domain** its first three tallies are jobs, retries and dead letters, its
/// first histogram holds the waits.
template <class Arm>
void report_jobs(sim::Measurements& m, Arm& arm) {
  static constexpr Counter tallies[] = {Counter::jobs, Counter::job_retries, Counter::dead_letters};
  arm.recorder.finish();
  for (std::size_t t = 0; t < std::size(tallies); ++t)
    arm.recorder.add_counter(t, m.counters[index(tallies[t])]);
  arm.recorder.hand_over_slices(0, m.latencies[index(Histogram::worker_wait)]);
  add_series(m.counters[index(Counter::worker_busy_time)], arm.busy.integrals());
  add_series(m.counters[index(Counter::worker_queue_time)], arm.waiting.integrals());
}

/// The queue in front of one fleet.
template <class Fleet>
void report_queue(sim::Measurements& m, const Fleet& fleet) {
  add_series(m.counters[index(Counter::worker_lag_time)], fleet.lag.integrals());
  add_series(m.maxima[index(Gauge::worker_queue)], fleet.queue.maxima());
  add_series(m.maxima[index(Gauge::worker_lag)], fleet.lag_maximum.maxima());
}

}  // namespace haldane::models
