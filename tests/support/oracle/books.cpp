#include "tests/support/oracle/books.h"

#include <algorithm>
#include <cmath>

#include "sim/measure/interval_series.h"
#include "sim/measure/latency_histogram.h"

namespace haldane::test::oracle {

using models::Counter;
using models::Gauge;
using models::Histogram;
using models::Outage;

Books::Books(const sim::TimeGrid& grid)
    : grid_(grid),
      counters_(index(Counter::count), std::vector<std::int64_t>(grid.bins())),
      latencies_(index(Histogram::count), std::vector<Latencies>(grid.slices())) {}

std::size_t Books::bin_of(SimTime at) const {
  const auto next = std::upper_bound(grid_.bin_bounds.begin(), grid_.bin_bounds.end(), at);
  const auto bin = static_cast<std::size_t>(next - grid_.bin_bounds.begin()) - 1;
  return std::min(bin, grid_.bins() - 1);
}

std::int64_t Books::width(std::size_t bin) const {
  return (grid_.bin_bounds[bin + 1] - grid_.bin_bounds[bin]).count_ns();
}

void Books::count(Counter counter, SimTime at, std::int64_t amount) {
  counters_[index(counter)][bin_of(at)] += amount;
}

void Books::record(Histogram histogram, SimTime at, Duration latency) {
  const std::size_t bin = bin_of(at);
  std::size_t slice = 0;
  while (grid_.slice_begin[slice + 1] <= bin) ++slice;
  Latencies& all = latencies_[index(histogram)][slice];
  const std::int64_t ns = latency.count_ns();
  ++all.count;
  all.sum_ns += ns;
  all.max_ns = std::max(all.max_ns, ns);
  ++all.buckets[sim::LatencyHistogram::value_of(sim::LatencyHistogram::index_of(ns))];
}

void Books::occupy(Counter counter, SimTime from, SimTime to) {
  for (std::size_t bin = bin_of(from); bin < grid_.bins() && grid_.bin_bounds[bin] < to; ++bin) {
    const SimTime begin = std::max(from, grid_.bin_bounds[bin]);
    const SimTime end = std::min(to, grid_.bin_bounds[bin + 1]);
    if (begin < end) counters_[index(counter)][bin] += (end - begin).count_ns();
  }
}

// The engine's own integral: its rounding to microseconds is a convention, not dynamics.
void Books::age(Counter counter, SimTime since, SimTime from, SimTime to) {
  const sim::BinLocator locator(grid_.bin_bounds);
  sim::AgeSeries series(locator);
  series.add(since, from, to);
  add(counter, series.integrals());
}

void Books::note(Gauge gauge, std::uint32_t part, std::size_t bin, std::int64_t value) {
  std::vector<std::int64_t>& bins = maxima_[{index(gauge), part}];
  bins.resize(grid_.bins());
  bins[bin] = std::max(bins[bin], value);
}

std::vector<std::int64_t> Books::up_time(std::uint32_t servers,
                                         const std::vector<std::vector<Outage>>& outages) const {
  std::vector<std::int64_t> up(grid_.bins());
  for (std::size_t bin = 0; bin < grid_.bins(); ++bin) {
    up[bin] = width(bin) * servers;
    for (std::size_t server = 0; server < std::min<std::size_t>(servers, outages.size());
         ++server) {
      for (const Outage& outage : outages[server]) {
        const SimTime begin = std::max(outage.down, grid_.bin_bounds[bin]);
        const SimTime end = std::min(outage.up, grid_.bin_bounds[bin + 1]);
        if (begin < end) up[bin] -= (end - begin).count_ns();
      }
    }
  }
  return up;
}

void Books::add(Counter counter, const std::vector<std::int64_t>& bins, std::int64_t factor) {
  for (std::size_t bin = 0; bin < grid_.bins(); ++bin)
    counters_[index(counter)][bin] += factor * bins[bin];
}

void Books::add_cost(const std::vector<std::int64_t>& up_time, double price_per_hour) {
  for (std::size_t bin = 0; bin < grid_.bins(); ++bin) {
    counters_[index(Counter::cost)][bin] +=
        std::llround(price_per_hour * 1e3 * static_cast<double>(up_time[bin]));
  }
}

// By convention the largest number of servers in a bin is the average, rounded up.
void Books::note_servers(Gauge gauge, std::uint32_t part,
                         const std::vector<std::int64_t>& up_time) {
  for (std::size_t bin = 0; bin < grid_.bins(); ++bin)
    note(gauge, part, bin, (up_time[bin] + width(bin) - 1) / width(bin));
}

sim::Measurements Books::measurements() const {
  sim::Measurements m;
  m.grid = grid_;
  m.counters = counters_;
  m.maxima.assign(index(Gauge::count), std::vector<std::int64_t>(grid_.bins()));
  for (const auto& [of, bins] : maxima_) {
    for (std::size_t bin = 0; bin < grid_.bins(); ++bin) m.maxima[of.first][bin] += bins[bin];
  }
  for (const auto& slices : latencies_) {
    auto& row = m.latencies.emplace_back();
    for (const Latencies& all : slices) {
      sim::LatencySlice& slice = row.emplace_back();
      slice.count = all.count;
      slice.sum_ns = all.sum_ns;
      slice.max_ns = all.max_ns;
      for (const auto& [value, count] : all.buckets) slice.buckets.push_back({value, count});
    }
  }
  return m;
}

namespace {

void add(sim::Measurements& into, const sim::Measurements& from) {
  for (auto [to, rows] :
       {std::pair{&into.counters, &from.counters}, std::pair{&into.maxima, &from.maxima}}) {
    for (std::size_t row = 0; row < to->size(); ++row) {
      for (std::size_t bin = 0; bin < from.grid.bins(); ++bin) (*to)[row][bin] += (*rows)[row][bin];
    }
  }
  for (std::size_t h = 0; h < into.latencies.size(); ++h) {
    for (std::size_t s = 0; s < from.grid.slices(); ++s)
      sim::merge(into.latencies[h][s], from.latencies[h][s]);
  }
}

}  // namespace

sim::Measurements joined(const std::vector<Books>& arms) {
  sim::Measurements total = arms[0].measurements();
  if (arms.size() == 1) return total;
  const sim::Measurements parts[] = {arms[0].measurements(), arms[1].measurements()};
  add(total, parts[1]);
  for (const sim::Measurements& part : parts) {
    total.counters.insert(total.counters.end(), part.counters.begin(), part.counters.end());
    total.maxima.insert(total.maxima.end(), part.maxima.begin(), part.maxima.end());
    total.latencies.insert(total.latencies.end(), part.latencies.begin(), part.latencies.end());
  }
  return total;
}

}  // namespace haldane::test::oracle
