#include "analysis/ingest/sketch_strata.h"

#include <algorithm>
#include <cmath>

#include "sim/base/check.h"

namespace haldane::analysis {
namespace {

std::shared_ptr<SketchStrata> empty_strata(std::span<const double> cuts_s,
                                           const SketchLimits& limits) {
  auto strata = std::make_shared<SketchStrata>();
  strata->cuts_s.assign(cuts_s.begin(), cuts_s.end());
  for (std::size_t i = 0; i <= cuts_s.size(); ++i) {
    strata->parts.push_back(std::make_shared<ColumnSketch>(limits));
  }
  return strata;
}

std::size_t part_of(const std::vector<double>& cuts_s, double time_s) {
  const auto next = std::upper_bound(cuts_s.begin(), cuts_s.end(), time_s);
  return static_cast<std::size_t>(next - cuts_s.begin());
}

// Rows mostly come in the order of time, so long runs belong to one part.
void add_rows(const ObservationColumn& rows, SketchStrata& strata) {
  const std::span<const double> values(rows.values);
  const std::span<const double> times_s(rows.times_s);
  for (std::size_t from = 0; from < values.size();) {
    const std::size_t part = part_of(strata.cuts_s, times_s[from]);
    std::size_t to = from + 1;
    while (to < values.size() && part_of(strata.cuts_s, times_s[to]) == part) ++to;
    strata.parts[part]->add(values.subspan(from, to - from), times_s.subspan(from, to - from));
    from = to;
  }
}

bool is_bound(const SketchStrata& strata, double bound_s) {
  return std::isinf(bound_s) ||
         std::binary_search(strata.cuts_s.begin(), strata.cuts_s.end(), bound_s);
}

}  // namespace

void compact_between(ObservationColumn& column, std::span<const double> cuts_s,
                     std::size_t kept_max, const SketchLimits& limits) {
  if (column.quality == Quality::raw && column.values.size() <= kept_max) return;
  const bool timed = column.times_s.size() == column.values.size();
  if (timed && column.quality == Quality::raw) {
    column.quality = Quality::compacted;
    column.strata = empty_strata(cuts_s, limits);
  }
  if (!timed && column.strata) {
    join_strata(column);
    column.strata.reset();
  }
  if (!column.strata) {
    compact_rows(column, kept_max, limits);
    return;
  }
  add_rows(column, *column.strata);
  column.values = std::vector<double>();
  column.times_s = std::vector<double>();
}

void join_strata(ObservationColumn& column) {
  if (!column.strata) return;
  std::vector<std::shared_ptr<ColumnSketch>> filled;
  for (const auto& part : column.strata->parts) {
    if (part->count() > 0) filled.push_back(part);
  }
  if (filled.size() == 1) {
    column.sketch = filled.front();
    return;
  }
  column.sketch = std::make_shared<ColumnSketch>(*filled.front());
  for (std::size_t i = 1; i < filled.size(); ++i) column.sketch->join(*filled[i]);
}

ObservationColumn compacted_between(const ObservationColumn& column, double begin_s, double end_s) {
  const SketchStrata& whole = *column.strata;
  HALDANE_CHECK(is_bound(whole, begin_s) && is_bound(whole, end_s));
  ObservationColumn part;
  part.name = column.name;
  auto strata = std::make_shared<SketchStrata>();
  double count = 0;
  for (std::size_t i = 0; i < whole.parts.size(); ++i) {
    const bool begins_before = i == 0 ? std::isfinite(begin_s) : whole.cuts_s[i - 1] < begin_s;
    const bool ends_after =
        i == whole.cuts_s.size() ? std::isfinite(end_s) : whole.cuts_s[i] > end_s;
    if (begins_before || ends_after) continue;
    if (!strata->parts.empty()) strata->cuts_s.push_back(whole.cuts_s[i - 1]);
    strata->parts.push_back(whole.parts[i]);
    count += whole.parts[i]->count();
  }
  if (count == 0) return part;
  part.quality = Quality::compacted;
  part.strata = std::move(strata);
  join_strata(part);
  return part;
}

}  // namespace haldane::analysis
