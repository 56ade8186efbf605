#include "cli/power/power_effects.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "config/nearest.h"
#include "config/quantity.h"

namespace haldane::cli {
namespace {

using Kind = CanaryEffect::Kind;
using models::CanarySpec;
using models::Scenario;

struct KindRule {
  std::string_view name;
  Kind kind;
  double largest;  ///< of `size`; always above 0
  std::string_view form;
};
constexpr std::array<KindRule, 5> rules = {{
    {"latency", Kind::latency, 100, "latency=20% (service times that much longer, up to 10000%)"},
    {"tail", Kind::tail, 1, "tail=3%x5 (that share of requests, up to 100%, so many times slower)"},
    {"errors", Kind::errors, 1, "errors=1% (that many more failures, up to 100%)"},
    {"queue", Kind::queue, 0.99, "queue=30% (that much less capacity, up to 99%)"},
    {"bimodal", Kind::bimodal, 0.99, "bimodal=30% (half slower, half faster, up to 99%)"},
}};

/// "5" of "3%x5", taken off `text`. **Returns** nothing where it is no factor.
std::optional<double> take_factor(std::string& text) {
  const std::size_t times = text.find('x');
  if (times == std::string::npos) return std::nullopt;
  const auto factor = config::parse_number(text.substr(times + 1));
  text.resize(times);
  if (!factor || !(*factor > 0) || *factor > 1'000 || *factor == 1) return std::nullopt;
  return *factor;
}

Expected<CanaryEffect, std::string> sized(const KindRule& rule, const std::string& text,
                                          std::string size) {
  const auto wrong = [&] {
    return Unexpected{fmt::format("'{}' must be of the form {}", text, rule.form)};
  };
  CanaryEffect effect{rule.kind, 0, 1, text};
  if (rule.kind == Kind::tail) {
    const auto factor = take_factor(size);
    if (!factor) return wrong();
    effect.factor = *factor;
  }
  const auto share = config::parse_share(size);
  if (!share || !(*share > 0) || *share > rule.largest) return wrong();
  effect.size = *share;
  return effect;
}

std::uint32_t canary_replicas(const Scenario& scenario) {
  return scenario.canary->api.replicas.value_or(scenario.api->replicas);
}
std::uint32_t canary_slots(const Scenario& scenario) {
  return scenario.canary->api.concurrency.value_or(scenario.api->concurrency);
}

void divide_replicas(Scenario& scenario, double share) {
  const std::uint32_t all =
      scenario.api->replicas + (scenario.canary ? canary_replicas(scenario) : 0);
  const auto wanted = static_cast<std::uint32_t>(std::lround(share * all));
  const std::uint32_t canary = std::clamp(wanted, 1U, std::max(all, 2U) - 1);
  scenario.api->replicas = std::max(all, 2U) - canary;
  scenario.canary.emplace();
  scenario.canary->share = share;
  scenario.canary->api.replicas = canary;
}

/// A whole number less by about `share` of it; itself where that is not possible.
std::uint32_t lessened(std::uint32_t count, double share) {
  const auto rest = static_cast<std::uint32_t>(std::lround(count * (1 - share)));
  return std::max(rest, 1U);
}

double lost(std::uint32_t before, std::uint32_t after) {
  return 1 - static_cast<double>(after) / before;
}

// Replicas or slots, whichever comes nearer to what was asked for.
Expected<std::string, std::string> cut_capacity(Scenario& scenario, const CanaryEffect& effect) {
  const std::uint32_t replicas = canary_replicas(scenario);
  const std::uint32_t slots = canary_slots(scenario);
  const std::uint32_t fewer_replicas = lessened(replicas, effect.size);
  const std::uint32_t fewer_slots = lessened(slots, effect.size);
  if (fewer_replicas == replicas && fewer_slots == slots) {
    return Unexpected{
        fmt::format("{}: the canary has {} replicas of {} slots, which cannot be cut "
                    "by about that much",
                    effect.text, replicas, slots)};
  }
  CanarySpec::Api& api = scenario.canary->api;
  const double miss_replicas = std::abs(lost(replicas, fewer_replicas) - effect.size);
  const double miss_slots = std::abs(lost(slots, fewer_slots) - effect.size);
  if (miss_replicas <= miss_slots) {
    api.replicas = fewer_replicas;
    return fmt::format("canary.api.replicas = {} instead of {}", fewer_replicas, replicas);
  }
  api.concurrency = fewer_slots;
  return fmt::format("canary.api.concurrency = {} instead of {}", fewer_slots, slots);
}

std::string add_failures(Scenario& scenario, double size) {
  const double before = scenario.api->failure_probability;
  const double after = std::min(1.0, before + size);
  scenario.canary->api.failure_probability = after;
  return fmt::format("canary.api.failure_probability = {:g}% instead of {:g}%", after * 100,
                     before * 100);
}

std::string set_slow(CanarySpec::Api& api, double share, double factor) {
  api.slow = {share, factor};
  return fmt::format("canary.api.slow = {{share: {:g}%, factor: {:g}}}", share * 100, factor);
}

std::string set_factor(CanarySpec::Api& api, double factor) {
  api.service_factor = factor;
  return fmt::format("canary.api.service_factor = {:g}", factor);
}

std::string set_modes(CanarySpec::Api& api, double size) {
  const std::string faster = set_factor(api, 1 - size);
  return faster + ", " + set_slow(api, 0.5, (1 + size) / (1 - size));
}

// Share and pool stay those of the study: the scenario's own are of another share.
Expected<std::string, std::string> take_canary(Scenario& scenario, const Scenario& original) {
  if (!canary_differs(original)) {
    return Unexpected{std::string("scenario: the scenario's canary changes nothing")};
  }
  CanarySpec canary = *original.canary;
  canary.share = scenario.canary->share;
  canary.api.replicas = scenario.canary->api.replicas;
  scenario.canary = canary;
  return std::string("the canary as the scenario describes it");
}

Expected<std::string, std::string> set_effect(Scenario& scenario, const Scenario& original,
                                              const CanaryEffect& effect) {
  CanarySpec::Api& api = scenario.canary->api;
  switch (effect.kind) {
    case Kind::none:
      break;
    case Kind::latency:
      return set_factor(api, 1 + effect.size);
    case Kind::tail:
      return set_slow(api, effect.size, effect.factor);
    case Kind::errors:
      return add_failures(scenario, effect.size);
    case Kind::queue:
      return cut_capacity(scenario, effect);
    case Kind::bimodal:
      return set_modes(api, effect.size);
    case Kind::scenario:
      return take_canary(scenario, original);
  }
  return std::string("nothing");
}

}  // namespace

Expected<CanaryEffect, std::string> parse_effect(const std::string& text) {
  if (text == "scenario") return CanaryEffect{Kind::scenario, 0, 1, text};
  if (text == "none") return CanaryEffect{Kind::none, 0, 1, text};
  const std::size_t equals = text.find('=');
  const std::string name = text.substr(0, equals);
  std::vector<std::string_view> names = {"scenario", "none"};
  for (const KindRule& rule : rules) {
    names.push_back(rule.name);
    if (rule.name != name) continue;
    const std::string size = equals == std::string::npos ? "" : text.substr(equals + 1);
    return sized(rule, text, size);
  }
  return Unexpected{fmt::format("'{}' is no effect; {}", text, config::suggest(name, names))};
}

bool canary_differs(const Scenario& scenario) {
  if (!scenario.canary) return false;
  const CanarySpec& canary = *scenario.canary;
  const CanarySpec::Api& api = canary.api;
  const CanarySpec::Workers& workers = canary.workers;
  return api.concurrency || api.service || api.service_factor || api.slow ||
         api.failure_probability || api.enqueue_probability || workers.service ||
         workers.service_factor || workers.failure_probability;
}

std::vector<CanaryEffect> default_effects(const Scenario& scenario) {
  std::vector<CanaryEffect> effects;
  if (canary_differs(scenario)) effects.push_back({Kind::scenario, 0, 1, "scenario"});
  for (const char* text : {"latency=20%", "tail=3%x5", "errors=2%", "queue=30%", "bimodal=50%"}) {
    effects.push_back(parse_effect(text).value());
  }
  return effects;
}

Expected<Scenario, std::string> unchanged_canary(const Scenario& scenario, double share) {
  if (!scenario.api) {
    return Unexpected{std::string("the scenario has no api of which a canary could be a version")};
  }
  Scenario unchanged = scenario;
  if (!scenario.canary || scenario.canary->share != share) {
    divide_replicas(unchanged, share);
  } else {
    CanarySpec canary;
    canary.share = share;
    canary.api.replicas = scenario.canary->api.replicas;
    unchanged.canary = canary;
  }
  if (scenario.canary) unchanged.canary->workers.replicas = scenario.canary->workers.replicas;
  return unchanged;
}

Expected<ChangedCanary, std::string> change_canary(const Scenario& unchanged,
                                                   const Scenario& original,
                                                   const CanaryEffect& effect) {
  ChangedCanary changed{unchanged, ""};
  auto change = set_effect(changed.scenario, original, effect);
  if (!change) return Unexpected{change.error()};
  changed.change = std::move(change).value();
  return changed;
}

}  // namespace haldane::cli
