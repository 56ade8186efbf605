// From a law as written in a scenario to a law that can be sampled.
#pragma once

#include "models/spec/scenario.h"
#include "sim/random/distribution.h"

namespace haldane::models {

/// **Units** a law in seconds becomes one in nanoseconds. **Domain** `spec` is valid (the reader
/// checked it).
[[nodiscard]] sim::Distribution duration_law(const LawSpec& spec);

/// **Units** bytes stay bytes.
[[nodiscard]] sim::Distribution size_law(const LawSpec& spec);

}  // namespace haldane::models
