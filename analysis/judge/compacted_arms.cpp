#include "analysis/judge/compacted_arms.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "analysis/ingest/column_sketch.h"
#include "analysis/judge/time_slices.h"

namespace haldane::analysis {
namespace {

using SketchPointer = std::shared_ptr<const ColumnSketch>;

SketchPointer sketch_of(const ObservationColumn& column) {
  if (column.sketch) return column.sketch;
  const auto sketch = std::make_shared<ColumnSketch>();
  sketch->add(column.values, column.times_s);
  return sketch;
}

// A slice without its cells; `least` and `most` count values at or below a threshold.
struct SliceSums {
  double index = 0;
  double count = 0;
  double sum = 0;
  double least = 0;
  double most = 0;
};

// Slices of 2^exponent, joined from those of the sketch, with counts of cells up to `key`.
std::vector<SliceSums> sums_at(const ColumnSketch& sketch, int exponent, std::int64_t key = 0) {
  std::vector<SliceSums> sums;
  for (const SketchSlice& slice : sketch.slices()) {
    const double index = std::floor(std::ldexp(slice.index, sketch.exponent() - exponent));
    if (sums.empty() || sums.back().index != index) sums.push_back({index});
    SliceSums& into = sums.back();
    into.count += slice.count;
    into.sum += slice.sum;
    for (const SketchCell& cell : slice.cells) {
      if (cell.key > key) break;
      into.most += cell.count;
      if (cell.key < key) into.least += cell.count;
    }
  }
  return sums;
}

// Calls visit(baseline, canary) for each slice of either arm, with empty sums for the other.
template <class Visit>
void walk_both(const std::vector<SliceSums>& baseline, const std::vector<SliceSums>& canary,
               const Visit& visit) {
  auto b = baseline.begin();
  auto c = canary.begin();
  while (b != baseline.end() || c != canary.end()) {
    const bool of_b = b != baseline.end() && (c == canary.end() || b->index <= c->index);
    const bool of_c = c != canary.end() && (b == baseline.end() || c->index <= b->index);
    visit(of_b ? *b : SliceSums{}, of_c ? *c : SliceSums{});
    if (of_b) ++b;
    if (of_c) ++c;
  }
}

void push(const SliceSums& slice, SampleSlices::Arm& arm) {
  arm.sizes.push_back(slice.count);
  arm.hits_least.push_back(slice.least);
  arm.hits_most.push_back(slice.most);
}

// One row a slice: its sum, or its count.
ObservationColumn rows_of(const ColumnSketch& sketch, int exponent, bool timed, bool counts) {
  ObservationColumn column;
  if (!timed) {
    column.values = {counts ? sketch.count() : sketch.sum()};
    return column;
  }
  for (const SliceSums& slice : sums_at(sketch, exponent)) {
    column.values.push_back(counts ? slice.count : slice.sum);
    column.times_s.push_back(std::ldexp(slice.index + 0.5, exponent));
  }
  return column;
}

std::vector<double> means_of(const std::vector<SliceSums>& slices) {
  std::vector<double> means;
  means.reserve(slices.size());
  for (const SliceSums& slice : slices) means.push_back(slice.sum / slice.count);
  return means;
}

double rows_a_slice(const ColumnSketch& sketch, std::size_t slices) {
  return sketch.count() / std::max(1.0, static_cast<double>(slices));
}

}  // namespace

bool is_compacted(const ColumnPair& columns) {
  const auto folded = [](const ObservationColumn* c) { return c != nullptr && c->sketch; };
  return folded(columns.baseline) || folded(columns.canary);
}

double span_s(const ColumnPair& columns) {
  double first = std::numeric_limits<double>::infinity();
  double last = -first;
  for (const ObservationColumn* column : {columns.baseline, columns.canary}) {
    const auto [low, high] = column->sketch ? column->sketch->time_range() : time_range(*column);
    first = std::min(first, low);
    last = std::max(last, high);
  }
  return last - first;
}

SampleSlices sample_slices(const ColumnPair& columns, double threshold) {
  const SketchPointer b = sketch_of(*columns.baseline);
  const SketchPointer c = sketch_of(*columns.canary);
  const int exponent = std::max(b->exponent(), c->exponent());
  const std::int64_t key = ColumnSketch::cell_key(threshold);
  SampleSlices slices;
  walk_both(sums_at(*b, exponent, key), sums_at(*c, exponent, key),
            [&slices](const SliceSums& of_b, const SliceSums& of_c) {
              push(of_b, slices.baseline);
              push(of_c, slices.canary);
            });
  return slices;
}

RateSlices::RateSlices(const ColumnPair& events, const ColumnPair& exposure) {
  const bool counts = exposure.baseline == nullptr;
  SketchPointer sketches[] = {sketch_of(*events.baseline), sketch_of(*events.canary), nullptr,
                              nullptr};
  sketches[2] = counts ? sketches[0] : sketch_of(*exposure.baseline);
  sketches[3] = counts ? sketches[1] : sketch_of(*exposure.canary);
  int exponent = sketches[0]->exponent();
  bool timed = true;
  for (const SketchPointer& sketch : sketches) {
    exponent = std::max(exponent, sketch->exponent());
    timed = timed && sketch->is_timed();
  }
  for (std::size_t i = 0; i < 4; ++i) {
    columns_[i] = rows_of(*sketches[i], exponent, timed, counts && i >= 2);
  }
}

std::vector<MeanSeries> mean_series(std::initializer_list<const ObservationColumn*> columns) {
  std::vector<SketchPointer> sketches;
  int exponent = std::numeric_limits<int>::min();
  for (const ObservationColumn* column : columns) {
    sketches.push_back(sketch_of(*column));
    exponent = std::max(exponent, sketches.back()->exponent());
  }
  std::vector<MeanSeries> all;
  for (const SketchPointer& sketch : sketches) {
    MeanSeries& series = all.emplace_back();
    for (const SliceSums& slice : sums_at(*sketch, exponent)) {
      series.emplace_back(slice.index, slice.sum / slice.count);
    }
  }
  return all;
}

GaugeArms gauge_slices(const ColumnPair& columns) {
  const SketchPointer b = sketch_of(*columns.baseline);
  const SketchPointer c = sketch_of(*columns.canary);
  const bool timed = b->is_timed() && c->is_timed();
  const int exponent = std::max(b->exponent(), c->exponent());
  const std::vector<SliceSums> of_b = sums_at(*b, timed ? exponent : b->exponent());
  const std::vector<SliceSums> of_c = sums_at(*c, timed ? exponent : c->exponent());
  GaugeArms arms;
  arms.rows_a_value = std::max(rows_a_slice(*b, of_b.size()), rows_a_slice(*c, of_c.size()));
  if (timed) {
    walk_both(of_b, of_c, [&arms](const SliceSums& left, const SliceSums& right) {
      if (left.count == 0 || right.count == 0) return;
      arms.baseline.push_back(left.sum / left.count);
      arms.canary.push_back(right.sum / right.count);
    });
    arms.paired = arms.baseline.size() * 5 >= std::min(of_b.size(), of_c.size()) * 4;
  }
  if (arms.paired) return arms;
  arms.baseline = means_of(of_b);
  arms.canary = means_of(of_c);
  return arms;
}

}  // namespace haldane::analysis
