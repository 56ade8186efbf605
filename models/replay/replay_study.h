// All policies and capacities that were asked for, over one trace, exact or from a sample of it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "models/replay/policy.h"
#include "models/replay/replay.h"
#include "models/trace/access_trace.h"

namespace haldane::models {

enum class CapacityUnit : std::uint8_t { objects, bytes };

struct ReplayCapacity {
  std::uint64_t amount = 1;
  CapacityUnit unit = CapacityUnit::objects;
};

struct ReplayQuestion {
  std::vector<ReplayPolicy> policies;
  std::vector<ReplayCapacity> capacities;
  double sample_rate = 1;  ///< with which the trace was read
  unsigned threads = 1;
};

/// One policy with one capacity over the whole trace.
struct ReplayAnswer {
  ReplayPolicy policy = ReplayPolicy::lru;
  ReplayCapacity capacity;
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  double miss_ratio = 0;
  std::optional<double> byte_miss_ratio;  ///< empty where the trace has no sizes
};

/// **Domain** amounts >= 1; bytes only with a trace with sizes; a trace
/// of at least one request seen. **Returns** for each policy, in that order, each capacity.
/// **Cost** one pass for LRU in objects, one replay for every other answer. **Determinism** threads
/// change nothing.
[[nodiscard]] std::vector<ReplayAnswer> replay_study(const AccessTrace& trace,
                                                     const ReplayQuestion& question);

/// How many objects a trace has: those of the sample stand for 1 / rate each.
[[nodiscard]] std::uint64_t estimated_objects(const AccessTrace& trace, double sample_rate);

/// Bytes of all objects, each of the size it had first; of a sample, scaled up.
[[nodiscard]] std::uint64_t working_set_bytes(const AccessTrace& trace, double sample_rate);

/// Capacities of a curve when none is asked for: 0.01, 0.02, 0.05 ... 50, 100 % of the objects.
[[nodiscard]] std::vector<ReplayCapacity> default_capacities(std::uint64_t objects);

}  // namespace haldane::models
