#include "models/tiers/worker_tier.h"

#include "models/tiers/job_broker.h"
#include "models/tiers/job_queue.h"

namespace haldane::models {

std::unique_ptr<WorkerTier> make_workers(const Plan& plan, std::uint64_t seed,
                                         std::uint64_t replication, const sim::BinLocator& bins) {
  if (plan.jobs.by_events) return std::make_unique<JobBroker>(plan, seed, replication, bins);
  return std::make_unique<JobQueue>(plan, seed, replication, bins);
}

}  // namespace haldane::models
