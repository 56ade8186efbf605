// How many servers were up: integrals and maxima per bin, from scripted outages.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/plan.h"
#include "sim/measure/interval_series.h"

namespace haldane::models {

/// into += from * factor, element by element.
void add_series(std::vector<std::int64_t>& into, const std::vector<std::int64_t>& from,
                std::int64_t factor = 1);

/// Adds [from, to) without what lies in the outages of the server.
void add_up(sim::IntervalSeries& into, SimTime from, SimTime to, std::span<const Outage> outages);

/// Adds price x time in the unit of Counter::cost.
void add_cost(std::vector<std::int64_t>& into, const std::vector<std::int64_t>& server_time,
              double per_hour);

/// Servers whose changes are known, and where their capacity is counted. Spans are of each server;
/// those beyond have none.
struct ScriptedServers {
  std::uint32_t servers;
  std::uint32_t slots;                               ///< a server
  std::span<const std::vector<Outage>> not_serving;  ///< takes nothing
  std::span<const std::vector<Outage>> not_there;    ///< nor works on anything, nor costs
  Counter server_time;
  Counter slot_time;
  Gauge largest_number;
  double price_per_hour;
};

/// Adds capacity and cost; **Domain** once, after the run.
void report_capacity(sim::Measurements& m, const sim::BinLocator& bins,
                     const ScriptedServers& fleet);

/// Server time and largest number up, per bin.
class CapacitySeries {
 public:
  CapacitySeries(const sim::BinLocator& bins, std::uint32_t servers,
                 std::span<const std::vector<Outage>> outages);
  [[nodiscard]] const std::vector<std::int64_t>& time() const { return time_; }
  [[nodiscard]] const std::vector<std::int64_t>& maxima() const { return maxima_; }

 private:
  std::vector<std::int64_t> time_;
  std::vector<std::int64_t> maxima_;
};

}  // namespace haldane::models
