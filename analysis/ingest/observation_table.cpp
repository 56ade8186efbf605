#include "analysis/ingest/observation_table.h"

#include <algorithm>

namespace haldane::analysis {

const ObservationColumn* ObservationTable::find(std::string_view name) const {
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [name](const ObservationColumn& c) { return c.name == name; });
  return found == columns.end() ? nullptr : &*found;
}

std::optional<double> ObservationTable::span_s() const {
  std::optional<double> first;
  std::optional<double> last;
  for (const ObservationColumn& column : columns) {
    if (column.times_s.empty()) continue;
    const auto [low, high] = std::minmax_element(column.times_s.begin(), column.times_s.end());
    first = first ? std::min(*first, *low) : *low;
    last = last ? std::max(*last, *high) : *high;
  }
  if (!first) return std::nullopt;
  return *last - *first;
}

}  // namespace haldane::analysis
