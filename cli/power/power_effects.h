// The releases whose fate `haldane power` studies: a canary that changes nothing, and canaries that
// are worse in one named way.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/spec/scenario.h"
#include "sim/base/expected.h"

namespace haldane::cli {

/// One way to be worse. All act on the canary's API; the rest of the system stays as it is.
struct CanaryEffect {
  enum class Kind : std::uint8_t {
    none,      ///< a release like the baseline: the A/A case
    latency,   ///< all service times longer by `size`
    tail,      ///< the share `size` of requests served `factor` times as long
    errors,    ///< failure probability higher by `size`, in absolute terms
    queue,     ///< capacity (replicas or slots) less by the share `size`
    bimodal,   ///< half of the requests longer by `size`, the others shorter by it: equal mean
    scenario,  ///< the canary as the scenario describes it
  };
  Kind kind = Kind::none;
  double size = 0;
  double factor = 1;
  std::string text;  ///< as the user wrote it
};

/// "latency=20%", "tail=3%x5", "errors=1%", "queue=30%", "bimodal=30%" or "scenario".
/// **Errors** one sentence naming the rule.
[[nodiscard]] Expected<CanaryEffect, std::string> parse_effect(const std::string& text);

/// What is studied when nobody names an effect: one of each kind, and the scenario's own canary
/// where it differs from the baseline.
[[nodiscard]] std::vector<CanaryEffect> default_effects(const models::Scenario& scenario);

/// Whether the scenario's canary differs from its baseline in more than share and replicas.
[[nodiscard]] bool canary_differs(const models::Scenario& scenario);

/// The scenario with a canary that takes `share` of the requests and changes nothing. At the share
/// of the scenario's own canary both pools stay as they are; otherwise all replicas (the
/// baseline's, and the canary's where there is one) are divided by the share, at least one each.
/// **Errors** no api.
[[nodiscard]] Expected<models::Scenario, std::string> unchanged_canary(
    const models::Scenario& scenario, double share);

struct ChangedCanary {
  models::Scenario scenario;
  std::string change;  ///< what was set, such as "canary.api.service_factor = 1.2"
};

/// `unchanged` with the effect. `original`: the scenario as it was read, for Kind::scenario.
/// **Errors** one sentence where the effect cannot be had, such as 5 % less of one replica.
[[nodiscard]] Expected<ChangedCanary, std::string> change_canary(const models::Scenario& unchanged,
                                                                 const models::Scenario& original,
                                                                 const CanaryEffect& effect);

}  // namespace haldane::cli
