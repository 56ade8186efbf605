#include "analysis/ingest/time_columns.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "analysis/ingest/column_sketch.h"

namespace haldane::analysis {
namespace {

constexpr std::array<std::string_view, 12> time_names = {
    "timestamp", "@timestamp", "time_stamp", "time",      "datetime",   "date_time",
    "date",      "ts",         "epoch",      "unix_time", "event_time", "start_time"};

struct TimeUnit {
  const char* name;
  double per_s;
};
constexpr TimeUnit units[] = {{"Unix seconds", 1},
                              {"Unix milliseconds", 1e3},
                              {"Unix microseconds", 1e6},
                              {"Unix nanoseconds", 1e9}};
constexpr double earliest_s = 1e9;    // September 2001
constexpr double latest_s = 4.102e9;  // the end of 2099
constexpr double year_s = 366.0 * 86'400;

bool has_time_name(std::string_view name) {
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::find(time_names.begin(), time_names.end(), lower) != time_names.end();
}

const TimeUnit* unit_of(double value) {
  const auto* found = std::find_if(std::begin(units), std::end(units), [value](const TimeUnit& u) {
    return value >= earliest_s * u.per_s && value <= latest_s * u.per_s;
  });
  return found == std::end(units) ? nullptr : found;
}

std::optional<std::pair<double, double>> range_of(const ObservationColumn& column) {
  const auto& bins = bins_of(column);
  if (!bins.empty()) return std::pair(bins.front().low, bins.back().high);
  if (column.values.empty() || unit_of(column.values.front()) == nullptr) return std::nullopt;
  const auto [low, high] = std::minmax_element(column.values.begin(), column.values.end());
  return std::pair(*low, *high);
}

// The unit that all values of the column are times in, or null.
const TimeUnit* unit_of(const ObservationColumn& column) {
  const auto range = range_of(column);
  if (!range) return nullptr;
  const auto [low, high] = *range;
  const TimeUnit* unit = unit_of(low);
  const bool alike = unit != nullptr && unit_of(high) == unit;
  return alike && high > low && high - low <= year_s * unit->per_s ? unit : nullptr;
}

}  // namespace

void mark_time_columns(ObservationTable& table) {
  if (table.has_timestamps) return;
  for (ObservationColumn& column : table.columns) {
    if (column.detail) continue;
    const TimeUnit* unit = unit_of(column);
    if (unit == nullptr && !has_time_name(column.name)) continue;
    column.detail = true;
    table.remarks.push_back(fmt::format(
        "the column \"{}\" looks like times{}, but is read as a metric: only a column named "
        "\"timestamp\", in Unix time or RFC 3339, gives the rows their times",
        column.name, unit == nullptr ? "" : fmt::format(" ({})", unit->name)));
  }
}

}  // namespace haldane::analysis
