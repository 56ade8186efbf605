// Joins the models with the analysis: replications of one plan on all threads, as the
// ReplicationSource that sequential stopping asks for.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <vector>

#include "cli/progress.h"
#include "cli/simulate/checkpoint.h"
#include "models/plan.h"
#include "models/run_replication.h"
#include "sim/measure/measurements.h"

namespace haldane::cli {

/// Sums over replications, those of the checkpoint included unless said otherwise.
struct EngineCounts {
  std::uint64_t windows = 0;
  std::uint64_t windows_on_one_thread = 0;
  double requests = 0;      ///< warm-up included
  double requests_now = 0;  ///< of those, simulated by this process
  std::uint64_t events_now = 0;
  unsigned threads_per_replication = 1;  ///< the most that any replication was given
};

/// Runs on one thread at a time may call run(); the others may watch and stop.
class ReplicationPool {
 public:
  /// `plan` and `checkpoint` must outlive the pool. `sample_share`: of the requests of replication
  /// 0, kept for the arms. `checkpoint`: where replications are taken from and saved; may be null.
  ReplicationPool(const models::Plan& plan, std::uint64_t seed, unsigned threads,
                  double sample_share, Checkpoint* checkpoint = nullptr);

  /// Replications `first` to `first + count - 1` in order; only those that had finished when stop()
  /// was called. **Determinism** whatever the number of threads.
  [[nodiscard]] std::vector<sim::Measurements> run(std::uint32_t first, std::uint32_t count);
  /// How many replications will be asked for at least, for progress().
  void expect(std::uint32_t replications) { asked_ = replications; }
  /// A good `count` for run(): whole rounds of all threads, and not many results held at once.
  [[nodiscard]] std::uint32_t portion() const;

  /// Abandons what is running. **Determinism** any thread, any time.
  void stop() { control_.stop = true; }
  [[nodiscard]] Progress progress() const;

  /// Of replication 0, by time.
  [[nodiscard]] const std::vector<models::RequestSample>& samples() const { return samples_; }
  /// Of replication 0: what its rows of the arms are made of. Empty unless samples were asked for.
  [[nodiscard]] const sim::Measurements& first_run() const { return first_run_; }
  /// What stop() cut off, in order of the replications: measurements over the time bins that were
  /// complete. Leaves none behind.
  [[nodiscard]] std::vector<sim::Measurements> take_cut_off() { return std::move(cut_off_); }
  /// What the engine did so far. **Domain** while no run() is under way.
  [[nodiscard]] const EngineCounts& counts() const { return counts_; }

 private:
  void run_missing(const std::vector<std::size_t>& missing, std::uint32_t first,
                   std::vector<models::ReplicationResult>& results);
  void run_one(std::uint32_t replication, unsigned threads, models::ReplicationResult& result);
  void add_up(const models::ReplicationResult& result);
  void keep_first(models::ReplicationResult& result);
  [[nodiscard]] double duration_s() const;

  const models::Plan& plan_;
  std::uint64_t seed_;
  unsigned threads_;
  double sample_share_;
  Checkpoint* checkpoint_;
  models::RunControl control_;
  std::atomic<std::uint32_t> asked_ = 0;
  std::atomic<std::uint32_t> finished_ = 0;
  std::atomic<std::uint32_t> restored_ = 0;  // of those, from the checkpoint
  EngineCounts counts_;
  std::vector<sim::Measurements> cut_off_;
  std::vector<models::RequestSample> samples_;
  sim::Measurements first_run_;
};

}  // namespace haldane::cli
