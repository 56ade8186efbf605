// Every benchmark shows a hash of its result, so that nobody makes it faster by changing what it
// computes.
#pragma once

#include <cinttypes>
#include <cstdint>
#include <cstdio>

#include <benchmark/benchmark.h>

#include "sim/base/hash.h"

namespace haldane::bench {

/// Prints 16 hex digits beside the time.
inline void label_with_hash(benchmark::State& state, std::uint64_t result) {
  char text[24];
  std::snprintf(text, sizeof text, "%016" PRIx64, mix(result));
  state.SetLabel(text);
}

}  // namespace haldane::bench
