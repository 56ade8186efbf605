// What an autoscaler said at one look, with the rule that had the last word.
//
// Every controller of this folder answers in this form, so that a replica count can be explained
// without knowing which controller gave it.
#pragma once

#include <cstdint>
#include <string_view>

namespace haldane::models {

/// The rule that made the count differ from the raw recommendation.
enum class ScaleLimit : std::uint8_t {
  none,           ///< the recommendation was followed
  tolerance,      ///< the signal is near enough to the target
  no_signal,      ///< nothing was measured yet
  missing,        ///< one of several metrics cannot be had, and the others would take away
  stabilization,  ///< an earlier recommendation of the window holds
  rate,           ///< no faster than a policy allows
  minimum,
  maximum,
  running,   ///< others that were started earlier are for it, or leave no room
  panic,     ///< the short window rules, and nothing is taken away
  cooldown,  ///< too early after the last change, or too few looks agree
};

/// A word for people and documents.
[[nodiscard]] constexpr std::string_view to_string(ScaleLimit limit) {
  switch (limit) {
    case ScaleLimit::none:
      return "none";
    case ScaleLimit::tolerance:
      return "tolerance";
    case ScaleLimit::no_signal:
      return "no_signal";
    case ScaleLimit::missing:
      return "missing";
    case ScaleLimit::stabilization:
      return "stabilization";
    case ScaleLimit::rate:
      return "rate";
    case ScaleLimit::minimum:
      return "minimum";
    case ScaleLimit::maximum:
      return "maximum";
    case ScaleLimit::running:
      return "running";
    case ScaleLimit::panic:
      return "panic";
    case ScaleLimit::cooldown:
      return "cooldown";
  }
  return "none";
}

/// One look of a controller.
struct ScaleDecision {
  std::uint32_t replicas = 0;        ///< wanted from now on
  std::uint32_t recommendation = 0;  ///< before windows, rates and bounds
  ScaleLimit limit = ScaleLimit::none;
  std::uint32_t metric = 0;  ///< which of several metrics recommends, or is missing
};

}  // namespace haldane::models
