// The whole system as one plain event loop: what the engine must agree with to the bit.
#pragma once

#include <cstdint>

#include "models/plan.h"
#include "sim/measure/measurements.h"

namespace haldane::test {

/// Counters, maxima and latencies of one replication, as models::run_replication lays them out;
/// `events` and `digest`, which tell how a run was made, stay 0. **Domain** services longer
/// than 0, LRU, FIFO, CLOCK or SIEVE. **Cost** microseconds an event.
[[nodiscard]] sim::Measurements simulate_by_events(const models::Plan& plan, std::uint64_t seed,
                                                   std::uint64_t replication);

}  // namespace haldane::test
