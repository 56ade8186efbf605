// Independent pieces of work on all cores: replications of an experiment. The phases of a window
// have a team of their own (thread_team.h).
#pragma once

#include <cstddef>
#include <functional>

namespace haldane::sim {

/// Threads that this process may use: its CPU affinity, not the machine's size.
[[nodiscard]] unsigned available_threads();

/// Runs work(0) ... work(count - 1), each once, on at most `threads` threads (the caller's is one
/// of them), and returns when all are done. **Domain** threads >= 1; `work` must not throw.
/// **Determinism** which thread runs an index is not defined, so work must depend on its index only
/// and write to a place of its own.
void parallel_for(std::size_t count, unsigned threads,
                  const std::function<void(std::size_t)>& work);

}  // namespace haldane::sim
