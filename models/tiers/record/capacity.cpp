#include "models/tiers/record/capacity.h"

#include <algorithm>
#include <cmath>

namespace haldane::models {

void add_series(std::vector<std::int64_t>& into, const std::vector<std::int64_t>& from,
                std::int64_t factor) {
  for (std::size_t i = 0; i < into.size(); ++i) into[i] += from[i] * factor;
}

void add_cost(std::vector<std::int64_t>& into, const std::vector<std::int64_t>& server_time,
              double per_hour) {
  for (std::size_t i = 0; i < into.size(); ++i) {
    into[i] += std::llround(per_hour * 1e3 * static_cast<double>(server_time[i]));
  }
}

void report_capacity(sim::Measurements& m, const sim::BinLocator& bins,
                     const ScriptedServers& fleet) {
  const CapacitySeries serving(bins, fleet.servers, fleet.not_serving);
  const CapacitySeries there(bins, fleet.servers, fleet.not_there);
  add_series(m.counters[index(fleet.server_time)], serving.time());
  add_series(m.counters[index(fleet.slot_time)], there.time(), fleet.slots);
  add_series(m.maxima[index(fleet.largest_number)], serving.maxima());
  add_cost(m.counters[index(Counter::cost)], there.time(), fleet.price_per_hour);
}

void add_up(sim::IntervalSeries& into, SimTime from, SimTime to, std::span<const Outage> outages) {
  for (const Outage& outage : outages) {
    if (from < std::min(outage.down, to)) into.add(from, std::min(outage.down, to));
    from = std::max(from, outage.up);
  }
  if (from < to) into.add(from, to);
}

CapacitySeries::CapacitySeries(const sim::BinLocator& bins, std::uint32_t servers,
                               std::span<const std::vector<Outage>> outages) {
  sim::IntervalSeries up(bins);
  for (std::uint32_t server = 0; server < servers; ++server) {
    const auto of_server = server < outages.size() ? std::span<const Outage>(outages[server])
                                                   : std::span<const Outage>{};
    add_up(up, SimTime::zero(), bins.end(), of_server);
  }
  time_ = up.integrals();
  // Outages hardly ever begin and end inside one bin; the largest number up is then the average,
  // rounded up.
  for (std::size_t bin = 0; bin < time_.size(); ++bin) {
    const std::int64_t width = (bins.bounds()[bin + 1] - bins.bounds()[bin]).count_ns();
    maxima_.push_back((time_[bin] + width - 1) / width);
  }
}

}  // namespace haldane::models
