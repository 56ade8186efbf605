// How a measured value is held against a bound: objectives and alert rules.
#pragma once

#include "models/spec/scenario.h"

namespace haldane::models {

/// Whether "value relation bound" is true.
[[nodiscard]] constexpr bool holds(double value, ObjectiveSpec::Relation relation, double bound) {
  using Relation = ObjectiveSpec::Relation;
  switch (relation) {
    case Relation::less:
      return value < bound;
    case Relation::less_equal:
      return value <= bound;
    case Relation::greater:
      return value > bound;
    case Relation::greater_equal:
      break;
  }
  return value >= bound;
}

}  // namespace haldane::models
