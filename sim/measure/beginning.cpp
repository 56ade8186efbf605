#include "sim/measure/beginning.h"

#include <algorithm>
#include <utility>

namespace haldane::sim {

std::size_t slices_until(const TimeGrid& grid, SimTime covered) {
  std::size_t slices = 0;
  while (slices < grid.slices() && grid.bin_bounds[grid.slice_begin[slices + 1]] <= covered) {
    ++slices;
  }
  return slices;
}

Measurements beginning(Measurements run, std::size_t slices) {
  const std::size_t bins = run.grid.slice_begin[slices];
  run.grid.slice_begin.resize(slices + 1);
  run.grid.bin_bounds.resize(bins + 1);
  for (auto* table : {&run.counters, &run.maxima}) {
    for (auto& row : *table) row.resize(bins);
  }
  for (auto& histogram : run.latencies) histogram.resize(slices);
  return run;
}

}  // namespace haldane::sim
