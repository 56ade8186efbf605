// "METRIC < NUMBER": the part that objectives and alert rules share. Internal to models/spec.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/quantity.h"
#include "config/value.h"
#include "models/spec/scenario.h"

namespace haldane::models {

/// Without blanks at both ends.
[[nodiscard]] std::string_view trim(std::string_view text);

/// A comparison taken apart; the bound is still text.
struct Comparison {
  std::string metric;
  ObjectiveSpec::Relation relation = ObjectiveSpec::Relation::less;
  std::string_view bound;  ///< points into the text that was split
};

/// Splits "NAME op REST". **Returns** nothing where a part is missing.
[[nodiscard]] std::optional<Comparison> split_comparison(std::string_view text);

/// **Errors** SCN-602 at `value`, with the nearest name.
[[nodiscard]] bool is_known_metric(const config::Value& value, const std::string& metric);

/// A plain number in the unit of the metric; of a ratio also a share with %.
[[nodiscard]] config::Quantity<double> parse_bound(std::string_view metric, std::string_view text);

}  // namespace haldane::models
