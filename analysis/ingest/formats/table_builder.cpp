#include "analysis/ingest/formats/table_builder.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "analysis/ingest/column_sketch.h"

namespace haldane::analysis {

ObservationColumn& TableBuilder::find_or_add(std::string_view name) {
  if (!table_.columns.empty() && last_name_ == name) return table_.columns[last_];
  const auto [found, fresh] = index_.try_emplace(std::string(name), table_.columns.size());
  if (fresh) {
    if (table_.columns.size() >= columns_max) {
      index_.erase(found);
      overflow_ = {};
      return overflow_;
    }
    table_.columns.emplace_back().name = name;
  }
  last_name_ = name;
  last_ = found->second;
  return table_.columns[last_];
}

bool TableBuilder::has(std::string_view column) const {
  return index_.contains(std::string(column));
}

void TableBuilder::add(std::string_view name, double value, std::optional<double> time_s) {
  ObservationColumn& column = find_or_add(name);
  if (!std::isfinite(value)) {
    ++(std::isnan(value) ? column.nan_cells : column.infinite_cells);
    return;
  }
  column.values.push_back(value);
  if (time_s && std::isfinite(*time_s)) column.times_s.push_back(*time_s);
}

void TableBuilder::add_bin(std::string_view name, ValueBin bin) {
  if (!(bin.count > 0) || !std::isfinite(bin.count) || !(bin.low <= bin.high)) return;
  ObservationColumn& column = find_or_add(name);
  column.quality = Quality::binned;
  BinCounts& bins = bins_[column.name];
  if (bins.size() >= bins_max && !bins.contains({bin.low, bin.high})) {
    malformed(0, column.name, "has more than a million different bins");
    return;
  }
  bins[{bin.low, bin.high}] += bin.count;
}

void TableBuilder::add_summary(std::string_view name, SummaryPoint point) {
  ObservationColumn& column = find_or_add(name);
  column.quality = Quality::summary;
  column.summary.push_back(point);
}

void TableBuilder::malformed(std::int64_t line, std::string field, std::string message) {
  ++table_.malformed_rows;
  if (table_.problems.size() >= problems_shown) return;
  Diagnostic d;
  d.id = "IN-101";
  d.file = table_.path;
  d.line = static_cast<int>(std::min<std::int64_t>(line, std::numeric_limits<int>::max()));
  d.path = std::move(field);
  d.message = std::move(message);
  table_.problems.push_back(std::move(d));
}

ObservationTable TableBuilder::finish() {
  for (ObservationColumn& column : table_.columns) {
    if (column.times_s.size() != column.values.size()) column.times_s.clear();
    const bool timed = column.sketch ? column.sketch->is_timed() : !column.times_s.empty();
    table_.has_timestamps = table_.has_timestamps || timed;
    std::sort(column.summary.begin(), column.summary.end(),
              [](const auto& a, const auto& b) { return a.probability < b.probability; });
    const auto bins = bins_.find(column.name);
    if (bins == bins_.end()) continue;
    for (const auto& [bounds, count] : bins->second) {
      column.bins.push_back({bounds.first, bounds.second, count});
    }
    // A column is of one quality; what came as single values beside bins would be counted twice.
    column.values.clear();
    column.times_s.clear();
  }
  return std::move(table_);
}

}  // namespace haldane::analysis
