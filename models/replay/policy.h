// Eviction policies by name.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace haldane::models {

enum class ReplayPolicy : std::uint8_t {
  lru,
  fifo,
  clock,
  sieve,
  s3_fifo,
  arc,
  w_tinylfu,
  gdsf,
  lfu
};

/// All of them with their names, which are those of scenarios.
struct NamedPolicy {
  ReplayPolicy policy;
  std::string_view name;
};
inline constexpr std::array<NamedPolicy, 9> all_policies = {{{ReplayPolicy::lru, "lru"},
                                                             {ReplayPolicy::fifo, "fifo"},
                                                             {ReplayPolicy::clock, "clock"},
                                                             {ReplayPolicy::sieve, "sieve"},
                                                             {ReplayPolicy::s3_fifo, "s3_fifo"},
                                                             {ReplayPolicy::arc, "arc"},
                                                             {ReplayPolicy::w_tinylfu, "w_tinylfu"},
                                                             {ReplayPolicy::gdsf, "gdsf"},
                                                             {ReplayPolicy::lfu, "lfu"}}};

[[nodiscard]] std::string_view name_of(ReplayPolicy policy);

/// Letter case, dashes and underscores do not matter: "S3-FIFO" is s3_fifo. **Returns** empty for
/// an unknown name.
[[nodiscard]] std::optional<ReplayPolicy> policy_of(std::string_view name);

}  // namespace haldane::models
