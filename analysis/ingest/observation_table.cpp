#include "analysis/ingest/observation_table.h"

#include <algorithm>
#include <utility>

#include "analysis/ingest/column_sketch.h"

namespace haldane::analysis {
namespace {

std::pair<double, double> time_range(const ObservationColumn& column) {
  if (column.sketch) return column.sketch->time_range();
  const auto [low, high] = std::minmax_element(column.times_s.begin(), column.times_s.end());
  return {*low, *high};
}

}  // namespace

const ObservationColumn* ObservationTable::find(std::string_view name) const {
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [name](const ObservationColumn& c) { return c.name == name; });
  return found == columns.end() ? nullptr : &*found;
}

std::optional<double> ObservationTable::span_s() const {
  std::optional<double> first;
  std::optional<double> last;
  for (const ObservationColumn& column : columns) {
    if (column.times_s.empty() && !(column.sketch && column.sketch->is_timed())) continue;
    const auto [low, high] = time_range(column);
    first = first ? std::min(*first, low) : low;
    last = last ? std::max(*last, high) : high;
  }
  if (!first) return std::nullopt;
  return *last - *first;
}

}  // namespace haldane::analysis
