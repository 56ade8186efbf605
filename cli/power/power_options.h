// What the user asked `haldane power` to do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cli/power/power_effects.h"
#include "sim/base/expected.h"

namespace haldane::cli {

/// So many looks, evenly over the window, or one every so many seconds and one at the end.
struct LookWish {
  std::uint32_t count = 8;
  std::optional<double> every_s;
};

struct PowerOptions {
  std::string scenario;           ///< a path, or the name of a folder under scenarios/
  std::vector<std::string> sets;  ///< "path=value"
  std::string policy;
  std::vector<CanaryEffect> effects;  ///< empty = one of each kind
  std::uint32_t runs = 200;           ///< of each release
  std::uint32_t threads = 0;          ///< 0 = as many as the machine has
  std::optional<std::uint64_t> seed;  ///< empty = the scenario's
  LookWish looks;
  std::optional<double> share;  ///< of the canary; empty = the scenario's, or else the policy's
  std::optional<double> power;  ///< what to recommend a share, a window and margins for
  std::uint32_t latencies = 200'000;  ///< a run, over both arms
  double kayenta_step_s = 60;
  std::string format = "text";  ///< text or json
  std::string out;              ///< empty = standard output
  std::string html;             ///< a page beside it; empty = none
};

/// The most looks that one run may have.
inline constexpr std::uint32_t looks_max = 1'000;

/// "8" or "1m". **Errors** one sentence naming the rule.
[[nodiscard]] Expected<LookWish, std::string> parse_looks(const std::string& text);

/// A share above 0 and below 100 %, as a number. **Errors** one sentence naming the rule.
[[nodiscard]] Expected<double, std::string> parse_open_share(const std::string& text);

/// A step of at least a second, in seconds. **Errors** one sentence naming the rule.
[[nodiscard]] Expected<double, std::string> parse_step(const std::string& text);

}  // namespace haldane::cli
