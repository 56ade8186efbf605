#include "models/derived_counters.h"

#include <algorithm>
#include <vector>

#include "models/metrics.h"

namespace haldane::models {
namespace {

using Bins = std::vector<std::int64_t>;

// In KiB x us, for bytes x ns of many replicas have no room in 64 bits.
std::int64_t kib_us(double bytes_ns) {
  constexpr double greatest = 9e18;
  return static_cast<std::int64_t>(std::min(greatest, bytes_ns / (1024.0 * 1000.0)));
}

void derive_memory(const MemorySpec& memory, const Bins& replica_time, const Bins& inside_time,
                   Bins& out) {
  for (std::size_t bin = 0; bin < out.size(); ++bin) {
    out[bin] = kib_us(static_cast<double>(memory.base) * static_cast<double>(replica_time[bin]) +
                      static_cast<double>(memory.each) * static_cast<double>(inside_time[bin]));
  }
}

void derive_api_memory(const Plan& plan, sim::Measurements& m) {
  Bins inside = m.counters[index(Counter::api_busy_time)];
  // Behind a central queue nobody waits at a replica.
  if (plan.api[0].balancer != Balancer::central_queue) {
    const Bins& waiting = m.counters[index(Counter::api_queue_time)];
    for (std::size_t bin = 0; bin < inside.size(); ++bin) inside[bin] += waiting[bin];
  }
  derive_memory(*plan.scenario.api->memory, m.counters[index(Counter::api_replica_time)], inside,
                m.counters[index(Counter::api_memory_time)]);
}

// A late success, whose job others have again, has processed its rows as well.
void derive_rows(const Plan& plan, sim::Measurements& m) {
  const auto of = [&m](Counter c) -> const Bins& { return m.counters[index(c)]; };
  Bins& rows = m.counters[index(Counter::job_rows)];
  for (std::size_t bin = 0; bin < rows.size(); ++bin) {
    const std::int64_t done = plan.jobs.by_events
                                  ? of(Counter::jobs_done)[bin] + of(Counter::jobs_late)[bin]
                                  : of(Counter::jobs)[bin] - of(Counter::job_retries)[bin] -
                                        of(Counter::dead_letters)[bin];
    rows[bin] = done * plan.scenario.workers->rows_per_job;
  }
}

}  // namespace

void derive_counters(const Plan& plan, sim::Measurements& arm) {
  const Scenario& s = plan.scenario;
  if (s.api && s.api->memory) derive_api_memory(plan, arm);
  if (!s.workers) return;
  if (s.workers->memory) {
    derive_memory(*s.workers->memory, arm.counters[index(Counter::worker_replica_time)],
                  arm.counters[index(Counter::worker_busy_time)],
                  arm.counters[index(Counter::worker_memory_time)]);
  }
  if (s.workers->rows_per_job > 0) derive_rows(plan, arm);
}

}  // namespace haldane::models
