#include "cli/simulate/cut_runs.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "sim/measure/beginning.h"

namespace haldane::cli {
namespace {

/// Slices that lie within the complete bins.
std::size_t whole_slices(const sim::Measurements& run) {
  const std::size_t bins = complete_bins(run);
  const auto& begin = run.grid.slice_begin;
  if (bins == 0 || begin.size() < 2) return 0;
  const auto beyond = std::upper_bound(begin.begin(), begin.end(), bins);
  return static_cast<std::size_t>(beyond - begin.begin()) - 1;
}

bool measures_something(const sim::Measurements& run, std::uint32_t warmup_bins) {
  const std::size_t slices = whole_slices(run);
  return slices > 0 && run.grid.slice_begin[slices] > warmup_bins;
}

/// How many slices two grids begin with in common. **Domain** `limit` is at most either's number.
std::size_t common_slices(const sim::TimeGrid& a, const sim::TimeGrid& b, std::size_t limit) {
  const auto end = a.slice_begin.begin() + static_cast<std::ptrdiff_t>(limit) + 1;
  const auto differ = std::mismatch(a.slice_begin.begin(), end, b.slice_begin.begin());
  return static_cast<std::size_t>(differ.first - a.slice_begin.begin()) - 1;
}

}  // namespace

std::size_t complete_bins(const sim::Measurements& run) {
  return run.grid.bin_bounds.size() < 2 ? 0 : run.grid.bins();
}

std::vector<sim::Measurements> common_beginning(std::vector<sim::Measurements> runs,
                                                std::uint32_t warmup_bins) {
  std::erase_if(
      runs, [&](const sim::Measurements& run) { return !measures_something(run, warmup_bins); });
  std::size_t slices = std::numeric_limits<std::size_t>::max();
  for (const sim::Measurements& run : runs) slices = std::min(slices, whole_slices(run));
  for (const sim::Measurements& run : runs) {
    slices = common_slices(runs.front().grid, run.grid, slices);
  }
  if (runs.empty() || runs.front().grid.slice_begin[slices] <= warmup_bins) return {};
  for (sim::Measurements& run : runs) run = sim::beginning(std::move(run), slices);
  return runs;
}

}  // namespace haldane::cli
