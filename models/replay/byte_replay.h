// Caches whose room is counted in bytes: a miss evicts until the object fits.
#pragma once

#include <cstdint>

#include "models/replay/replay.h"

namespace haldane::models {

/// As replay(), with the capacity in bytes. A resident keeps the size it came with; what is larger
/// than the whole cache is a miss and is not kept; an object of no bytes takes no room.
/// **Domain** trace.has_sizes(), capacity_bytes >= 1. **Cost** 25 to 70 ns a request, GDSF and LFU
/// above 500; 16 to 32 bytes an object.
[[nodiscard]] MissCounts replay_bytes(const AccessTrace& trace, ReplayPolicy policy,
                                      std::uint64_t capacity_bytes);

}  // namespace haldane::models
