#include "sim/measure/time_grid.h"

#include <algorithm>

namespace haldane::sim {
namespace {

constexpr std::int64_t bins_min = 100;
constexpr std::int64_t bins_max = 2000;
constexpr std::int64_t slices_wanted = 64;

// The candidate widths are 1, 2 and 5 times powers of ten (of a nanosecond), which include the
// second.
Duration bin_width(Duration duration) {
  const Duration second = Duration::seconds(1);
  const auto fits = [duration](Duration width) { return duration / width <= bins_max - 2; };
  if (fits(second) && duration / second >= bins_min) return second;
  Duration decade = Duration::nanoseconds(1);
  while (true) {
    for (const std::int64_t step : {1, 2, 5}) {
      const Duration width = decade * step;
      const bool wide_enough = width >= second || duration / width <= 10 * bins_min;
      if (fits(width) && wide_enough) return width;
    }
    decade = decade * 10;
  }
}

}  // namespace

TimeGrid make_time_grid(Duration duration, Duration warmup) {
  const Duration width = bin_width(duration);
  TimeGrid grid;
  const SimTime end = SimTime::zero() + duration;
  grid.bin_bounds.push_back(SimTime::zero());
  const Duration lead = warmup - width * (warmup / width);
  SimTime bound = SimTime::zero() + (lead > Duration{} ? lead : width);
  for (; bound < end; bound += width) grid.bin_bounds.push_back(bound);
  grid.bin_bounds.push_back(end);
  const auto warm =
      std::lower_bound(grid.bin_bounds.begin(), grid.bin_bounds.end(), SimTime::zero() + warmup);
  grid.warmup_bins = static_cast<std::uint32_t>(warm - grid.bin_bounds.begin());

  const auto measured = static_cast<std::int64_t>(grid.bins()) - grid.warmup_bins;
  const auto bins_a_slice =
      static_cast<std::uint32_t>(std::max<std::int64_t>(1, measured / slices_wanted));
  for (std::uint32_t bin = 0; bin < grid.warmup_bins; bin += bins_a_slice)
    grid.slice_begin.push_back(bin);
  for (auto bin = grid.warmup_bins; bin < grid.bins(); bin += bins_a_slice)
    grid.slice_begin.push_back(bin);
  grid.slice_begin.push_back(static_cast<std::uint32_t>(grid.bins()));
  return grid;
}

}  // namespace haldane::sim
