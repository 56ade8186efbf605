// A team of threads that does one phase of work after the other, with a barrier between phases.
//
// Logical processes of one replication are advanced in windows of a millisecond of work or less:
// starting threads for each would cost more than it gains. A team keeps its threads, which wait for
// the next phase in a short spin and then asleep, so that a phase costs about a microsecond where
// cores are free and nothing where they are not needed.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

namespace haldane::sim {

/// Not for use from several threads at once.
class ThreadTeam {
 public:
  /// **Domain** threads >= 1; the caller's is one of them.
  explicit ThreadTeam(unsigned threads);
  ~ThreadTeam();
  ThreadTeam(const ThreadTeam&) = delete;
  ThreadTeam& operator=(const ThreadTeam&) = delete;

  [[nodiscard]] unsigned size() const { return static_cast<unsigned>(helpers_.size()) + 1; }

  /// Runs work(0) ... work(count - 1), each once, and returns when all are done; what they wrote is
  /// then visible to the caller and to the next phase. **Domain** `work` must not throw.
  /// **Determinism** which thread runs an index is not defined, so work must depend on its index
  /// only and write to a place of its own.
  void run(std::size_t count, const std::function<void(std::size_t)>& work);

 private:
  void help();
  void take_part();

  // Written by the caller between phases, read by helpers during one.
  const std::function<void(std::size_t)>* work_ = nullptr;
  std::size_t count_ = 0;
  bool over_ = false;
  int spins_;  // looks at a word before falling asleep over it

  alignas(64) std::atomic<std::size_t> next_{0};
  alignas(64) std::atomic<std::uint32_t> phase_{0};
  alignas(64) std::atomic<std::uint32_t> busy_{0};  // helpers still in the phase
  std::vector<std::jthread> helpers_;
};

}  // namespace haldane::sim
