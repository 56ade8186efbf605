#include "models/spec/comparison.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "config/nearest.h"
#include "config/problems.h"
#include "models/spec/metric_names.h"

namespace haldane::models {

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::optional<Comparison> split_comparison(std::string_view text) {
  using Relation = ObjectiveSpec::Relation;
  // Two-letter operators come first: "<=" starts like "<".
  constexpr std::array<std::pair<std::string_view, Relation>, 4> relations = {
      {{"<=", Relation::less_equal},
       {">=", Relation::greater_equal},
       {"<", Relation::less},
       {">", Relation::greater}}};
  for (const auto& [symbol, relation] : relations) {
    const std::size_t at = text.find(symbol);
    if (at == std::string_view::npos) continue;
    Comparison out{std::string(trim(text.substr(0, at))), relation,
                   trim(text.substr(at + symbol.size()))};
    if (out.metric.empty() || out.bound.empty()) return std::nullopt;
    return out;
  }
  return std::nullopt;
}

bool is_known_metric(const config::Value& value, const std::string& metric) {
  const std::vector<std::string_view> names(metric_names().begin(), metric_names().end());
  if (std::find(names.begin(), names.end(), metric) != names.end()) return true;
  const auto nearest = config::nearest_name(metric, names);
  value.fail("SCN-602", fmt::format("there is no metric \"{}\"", config::excerpt(metric)),
             nearest ? fmt::format("did you mean \"{}\"?", *nearest)
                     : std::string("docs/scenario-format.md lists them"));
  return false;
}

config::Quantity<double> parse_bound(std::string_view metric, std::string_view text) {
  return metric_is_ratio(metric) ? config::parse_share(text) : config::parse_number(text);
}

}  // namespace haldane::models
