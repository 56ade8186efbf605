// `objectives`: "requests.latency_ms.p99 < 200", what the system is expected to keep.
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "config/nearest.h"
#include "config/quantity.h"
#include "models/spec/metric_names.h"
#include "models/spec/sections.h"

namespace haldane::models {
namespace {

using Relation = ObjectiveSpec::Relation;

constexpr std::string_view form_hint = "for example requests.latency_ms.p99 < 200";

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// Splits "NAME op REST". Two-letter operators come first: "<=" starts like "<".
bool split(std::string_view text, ObjectiveSpec& out, std::string_view& bound) {
  constexpr std::array<std::pair<std::string_view, Relation>, 4> relations = {
      {{"<=", Relation::less_equal},
       {">=", Relation::greater_equal},
       {"<", Relation::less},
       {">", Relation::greater}}};
  for (const auto& [symbol, relation] : relations) {
    const std::size_t at = text.find(symbol);
    if (at == std::string_view::npos) continue;
    out.metric = trim(text.substr(0, at));
    out.relation = relation;
    bound = trim(text.substr(at + symbol.size()));
    return !out.metric.empty() && !bound.empty();
  }
  return false;
}

bool known_metric(const Value& value, const std::string& metric) {
  const std::vector<std::string_view> names(metric_names().begin(), metric_names().end());
  for (const std::string_view name : names) {
    if (name == metric) return true;
  }
  const auto nearest = config::nearest_name(metric, names);
  value.fail("SCN-602", fmt::format("there is no metric \"{}\"", config::excerpt(metric)),
             nearest ? fmt::format("did you mean \"{}\"?", *nearest)
                     : std::string("docs/scenario-format.md lists them"));
  return false;
}

std::optional<ObjectiveSpec> read_objective(const Value& value) {
  ObjectiveSpec out;
  if (!value.text(out.expr)) return std::nullopt;
  std::string_view bound;
  if (!split(out.expr, out, bound)) {
    value.fail("SCN-601",
               fmt::format("must be METRIC < NUMBER (or <=, >, >=), but was \"{}\"",
                           config::excerpt(out.expr)),
               std::string(form_hint));
    return std::nullopt;
  }
  if (!known_metric(value, out.metric)) return std::nullopt;
  const auto number =
      metric_is_ratio(out.metric) ? config::parse_share(bound) : config::parse_number(bound);
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
