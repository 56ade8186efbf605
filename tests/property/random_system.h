// A random small system as the text of a scenario: tiers, links, policies and faults in all
// combinations, a few thousand requests each.
#pragma once

#include <cstdint>
#include <string>

namespace haldane::test {

enum class Breadth : std::uint8_t {
  of_the_oracle,  ///< what tests/support/oracle simulates
  everything,     ///< and what it leaves out: autoscalers, rate limits, proxies, shields
};

/// A valid scenario. Deterministic laws of round values are common, so that many events share
/// their nanosecond. **Determinism** depends on the arguments only.
[[nodiscard]] std::string random_system(std::uint64_t seed,
                                        Breadth breadth = Breadth::of_the_oracle);

}  // namespace haldane::test
