#include "cli/replication_pool.h"

#include <utility>

#include "sim/parallel/parallel_for.h"

namespace haldane::cli {

ReplicationPool::ReplicationPool(const models::Plan& plan, std::uint64_t seed, unsigned threads,
                                 double sample_share)
    : plan_(plan), seed_(seed), threads_(threads), sample_share_(sample_share) {}

std::vector<sim::Measurements> ReplicationPool::run(std::uint32_t first, std::uint32_t count) {
  asked_ = first + count;
  std::vector<models::ReplicationResult> results(count);
  for (models::ReplicationResult& result : results) result.stopped = true;
  sim::parallel_for(count, threads_, [&](std::size_t i) {
    if (control_.stop) return;
    models::ReplicationOptions options;
    options.seed = seed_;
    options.replication = first + i;
    options.sample_share = options.replication == 0 ? sample_share_ : 0;
    results[i] = models::run_replication(plan_, options, &control_);
    if (!results[i].stopped) ++finished_;
  });
  if (first == 0 && !results.front().stopped) keep_first(results.front());
  std::vector<sim::Measurements> finished;
  for (models::ReplicationResult& result : results) {
    if (result.stopped) continue;
    windows_load_ += result.requests_per_window;
    finished.push_back(std::move(result.measurements));
  }
  return finished;
}

void ReplicationPool::keep_first(models::ReplicationResult& result) {
  if (sample_share_ <= 0) return;
  samples_ = std::move(result.samples);
  first_run_ = result.measurements;
}

Progress ReplicationPool::progress() const {
  const double duration_s = (plan_.end - SimTime::zero()).as_seconds();
  return {static_cast<double>(control_.simulated_ns.load()) * 1e-9, duration_s * asked_, finished_,
          asked_};
}

double ReplicationPool::requests_per_window() const {
  return finished_ > 0 ? windows_load_ / finished_ : 0;
}

}  // namespace haldane::cli
