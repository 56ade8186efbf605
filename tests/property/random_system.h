// A random small system as the text of a scenario: tiers, links, policies and faults in all
// combinations, a few thousand requests each.
#pragma once

#include <cstdint>
#include <string>

namespace haldane::test {

/// A valid scenario. Deterministic laws of round values are common, so that many events share
/// their nanosecond. **Determinism** depends on the seed only.
[[nodiscard]] std::string random_system(std::uint64_t seed);

}  // namespace haldane::test
