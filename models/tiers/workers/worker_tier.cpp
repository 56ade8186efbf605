#include "models/tiers/workers/worker_tier.h"

#include "models/tiers/record/capacity.h"
#include "models/tiers/workers/job_broker.h"
#include "models/tiers/workers/job_queue.h"
#include "models/tiers/workers/worker_turnover.h"

namespace haldane::models {

void report_worker_capacity(sim::Measurements& m, const Plan& plan, std::uint32_t fleet,
                            const sim::BinLocator& bins, const WorkerTurnover* turnover) {
  const WorkersSpec& spec = *plan.scenario.workers;
  std::vector<std::vector<Outage>> not_serving;
  if (fleet == 0) not_serving = plan.worker_outages;
  std::vector<std::vector<Outage>> not_there = not_serving;
  if (turnover != nullptr) {
    not_there = turnover->not_there(not_serving);
    not_serving = turnover->without_jobs(not_serving);
  }
  report_capacity(m, bins,
                  {plan.workers[fleet].replicas, spec.concurrency, not_serving, not_there,
                   Counter::worker_replica_time, Counter::worker_slot_time, Gauge::worker_replicas,
                   plan.scenario.cost.worker_replica_per_hour});
}

std::unique_ptr<WorkerTier> make_workers(const Plan& plan, std::uint64_t seed,
                                         std::uint64_t replication, const sim::BinLocator& bins) {
  if (plan.jobs.by_events) return std::make_unique<JobBroker>(plan, seed, replication, bins);
  return std::make_unique<JobQueue>(plan, seed, replication, bins);
}

}  // namespace haldane::models
