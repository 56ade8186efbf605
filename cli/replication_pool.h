// Joins the models with the analysis: replications of one plan on all threads, as the
// ReplicationSource that sequential stopping asks for.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <vector>

#include "cli/progress.h"
#include "models/plan.h"
#include "models/run_replication.h"
#include "sim/measure/measurements.h"

namespace haldane::cli {

/// Runs on one thread at a time may call run(); the others may watch and stop.
class ReplicationPool {
 public:
  /// `plan` must outlive the pool. `sample_share`: of the requests of replication 0, kept for the
  /// arms.
  ReplicationPool(const models::Plan& plan, std::uint64_t seed, unsigned threads,
                  double sample_share);

  /// Replications `first` to `first + count - 1` in order; only those that had finished when stop()
  /// was called. **Determinism** whatever the number of threads.
  [[nodiscard]] std::vector<sim::Measurements> run(std::uint32_t first, std::uint32_t count);

  /// Abandons what is running. **Determinism** any thread, any time.
  void stop() { control_.stop = true; }
  [[nodiscard]] Progress progress() const;

  /// Of replication 0, by time.
  [[nodiscard]] const std::vector<models::RequestSample>& samples() const { return samples_; }
  /// Of replication 0: what its rows of the arms are made of. Empty unless samples were asked for.
  [[nodiscard]] const sim::Measurements& first_run() const { return first_run_; }
  /// Mean over replications of the requests that one window of the engine holds.
  [[nodiscard]] double requests_per_window() const;

 private:
  void keep_first(models::ReplicationResult& result);

  const models::Plan& plan_;
  std::uint64_t seed_;
  unsigned threads_;
  double sample_share_;
  models::RunControl control_;
  std::atomic<std::uint32_t> asked_ = 0;
  std::atomic<std::uint32_t> finished_ = 0;
  double windows_load_ = 0;
  std::vector<models::RequestSample> samples_;
  sim::Measurements first_run_;
};

}  // namespace haldane::cli
