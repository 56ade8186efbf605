#include "analysis/ingest/append_table.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "analysis/ingest/column_sketch.h"
#include "sim/base/check.h"

namespace haldane::analysis {
namespace {

constexpr std::size_t problems_shown = 5;

ObservationColumn& column_named(ObservationTable& table, const ObservationColumn& like) {
  for (ObservationColumn& column : table.columns) {
    if (column.name == like.name) return column;
  }
  ObservationColumn& column = table.columns.emplace_back();
  column.name = like.name;
  column.detail = like.detail;
  return column;
}

void add_bins(const std::vector<ValueBin>& bins, std::vector<ValueBin>& into) {
  std::map<std::pair<double, double>, double> counts;
  for (const std::vector<ValueBin>* some : {&std::as_const(into), &bins}) {
    for (const ValueBin& bin : *some) counts[{bin.low, bin.high}] += bin.count;
  }
  into.clear();
  for (const auto& [bounds, count] : counts) into.push_back({bounds.first, bounds.second, count});
}

void append(const ObservationColumn& piece, double after_s, ObservationColumn& column) {
  column.nan_cells += piece.nan_cells;
  column.infinite_cells += piece.infinite_cells;
  if (piece.quality == Quality::binned || column.quality == Quality::binned) {
    column.quality = Quality::binned;
    column.values.clear();
    column.times_s.clear();
    column.sketch.reset();
    add_bins(piece.bins, column.bins);
    return;
  }
  HALDANE_CHECK(piece.times_s.size() == piece.values.size());
  for (std::size_t i = 0; i < piece.values.size(); ++i) {
    if (!(piece.times_s[i] > after_s)) continue;
    column.values.push_back(piece.values[i]);
    column.times_s.push_back(piece.times_s[i]);
  }
}

}  // namespace

void append_after(ObservationTable& table, const ObservationTable& piece, double after_s,
                  std::size_t kept_max) {
  table.has_timestamps = table.has_timestamps || piece.has_timestamps;
  table.rows += piece.rows;
  table.malformed_rows += piece.malformed_rows;
  for (const Diagnostic& problem : piece.problems) {
    if (table.problems.size() < problems_shown) table.problems.push_back(problem);
  }
  for (const std::string& remark : piece.remarks) {
    if (std::find(table.remarks.begin(), table.remarks.end(), remark) == table.remarks.end())
      table.remarks.push_back(remark);
  }
  if (!piece.censored.empty()) table.censored = piece.censored;
  for (const ObservationColumn& column : piece.columns) {
    append(column, after_s, column_named(table, column));
  }
  for (ObservationColumn& column : table.columns) {
    if (column.sketch) column.sketch = std::make_shared<ColumnSketch>(*column.sketch);
    compact_rows(column, kept_max);
  }
}

}  // namespace haldane::analysis
