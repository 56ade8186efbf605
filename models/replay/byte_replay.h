// Caches whose room is counted in bytes: a miss evicts until the object fits.
#pragma once

#include <cstdint>

#include "models/replay/replay.h"

namespace haldane::models {

/// Policies that know sizes: LRU, FIFO, CLOCK, SIEVE, GDSF and LFU. The others divide their
/// capacity in ways that their papers state for objects only.
[[nodiscard]] bool knows_bytes(ReplayPolicy policy);

/// As replay(), with the capacity in bytes. A resident keeps the size it came with; what is larger
/// than the whole cache is a miss and is not kept; an object of no bytes takes no room.
/// **Domain** knows_bytes(policy), trace.has_sizes(), capacity_bytes >= 1. **Cost** 10 to 40 ns a
/// request, GDSF and LFU about 500; 16 to 28 bytes an object.
[[nodiscard]] MissCounts replay_bytes(const AccessTrace& trace, ReplayPolicy policy,
                                      std::uint64_t capacity_bytes);

}  // namespace haldane::models
