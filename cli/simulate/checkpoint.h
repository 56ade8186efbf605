// Finished replications on disk, so that a long set goes on where it was interrupted
// (docs/checkpoints.md describes the file).
//
// The file is replaced as a whole by one that is longer, never changed in place: whatever happens,
// its name leads to a complete set. That costs a copy each time, so saving is put off until it
// takes at most a tenth of the time; what is put off is kept in memory, up to a limit.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "cli/exit_code.h"
#include "cli/sha256.h"
#include "cli/simulate/checkpoint_identity.h"
#include "models/plan.h"
#include "models/run_replication.h"

namespace haldane::cli {

/// Why a checkpoint cannot be used.
struct CheckpointProblem {
  ExitCode code = ExitCode::bad_input;
  std::string text;
};

class Checkpoint {
 public:
  Checkpoint() = default;
  Checkpoint(const Checkpoint&) = delete;
  Checkpoint& operator=(const Checkpoint&) = delete;
  ~Checkpoint();

  /// Reads a file that exists, all of it, or writes one without replications. `plan` must outlive
  /// the checkpoint. Call once. **Errors** input_not_found: it cannot be read; bad_input: it is
  /// damaged, no checkpoint, or of another run; output_failed: it cannot be written.
  [[nodiscard]] std::optional<CheckpointProblem> open(const std::string& path,
                                                      const CheckpointIdentity& run,
                                                      const models::Plan& plan);

  /// Whether a replication is in the file.
  [[nodiscard]] bool holds(std::uint32_t replication) const;
  /// **Domain** holds(replication).
  [[nodiscard]] models::ReplicationResult load(std::uint32_t replication) const;
  /// Takes a replication that ran to its end; the file has it after one of the next saves.
  /// **Determinism** any thread, any order.
  void add(std::uint32_t replication, const models::ReplicationResult& result);
  /// Saves what was added, unless that is to be put off. **Returns** why it failed, or nothing.
  [[nodiscard]] std::optional<std::string> save_when_due();
  /// Saves what was added, now. **Returns** why it failed, or nothing.
  [[nodiscard]] std::optional<std::string> save();
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  struct Place {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
  };
  using Clock = std::chrono::steady_clock;

  [[nodiscard]] std::optional<CheckpointProblem> read_existing(const CheckpointIdentity& run);
  [[nodiscard]] std::string check_bytes(std::uint64_t size);
  [[nodiscard]] std::string scan_records(std::uint64_t first);
  [[nodiscard]] std::string read_record(std::uint64_t& at);
  [[nodiscard]] std::optional<std::string> write();
  [[nodiscard]] std::string bytes(std::uint64_t offset, std::uint64_t size) const;
  [[nodiscard]] std::optional<std::string> reopen();

  mutable std::mutex mutex_;
  std::string path_;
  const models::Plan* plan_ = nullptr;
  int descriptor_ = -1;                    // of the file as it is now
  std::map<std::uint32_t, Place> places_;  // of the replications in the file
  std::map<std::uint32_t, Place> pending_places_;
  std::string pending_;          // bytes that follow body_size_
  std::uint64_t body_size_ = 0;  // header and records, without the end
  Sha256 hash_;                  // of the body
  Clock::time_point saved_;
  Clock::duration saving_took_{};
};

}  // namespace haldane::cli
