// `objectives`: "requests.latency_ms.p99 < 200", what the system is expected to keep.
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "config/quantity.h"
#include "models/spec/comparison.h"
#include "models/spec/sections.h"

namespace haldane::models {
namespace {

constexpr std::string_view form_hint = "for example requests.latency_ms.p99 < 200";

std::optional<ObjectiveSpec> read_objective(const Value& value) {
  ObjectiveSpec out;
  if (!value.text(out.expr)) return std::nullopt;
  const auto comparison = split_comparison(out.expr);
  if (!comparison) {
    value.fail("SCN-601",
               fmt::format("must be METRIC < NUMBER (or <=, >, >=), but was \"{}\"",
                           config::excerpt(out.expr)),
               std::string(form_hint));
    return std::nullopt;
  }
  if (!is_known_metric(value, comparison->metric)) return std::nullopt;
  out.metric = comparison->metric;
  out.relation = comparison->relation;
  const auto number = parse_bound(out.metric, comparison->bound);
  if (!number) {
    value.fail("SCN-601", fmt::format("the bound {}", number.error().message),
               "a plain number in the unit of the metric, or a share of a ratio");
    return std::nullopt;
  }
  out.bound = *number;
  return out;
}

}  // namespace

void read_objectives(const Value& value, std::vector<ObjectiveSpec>& out) {
  const std::vector<Value> elements = value.elements();
  if (elements.size() > ScenarioLimits::objectives_max) {
    value.fail("CFG-107", fmt::format("must have at most {} elements, but has {}",
                                      ScenarioLimits::objectives_max, elements.size()));
    return;
  }
  for (const Value& element : elements) {
    if (auto objective = read_objective(element)) out.push_back(std::move(*objective));
  }
}

}  // namespace haldane::models
