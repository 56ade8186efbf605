// What the oracle measured, kept as plainly as possible: additions into bins, maps of buckets.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "models/metrics.h"
#include "models/plan.h"
#include "sim/measure/measurements.h"

namespace haldane::test::oracle {

/// One arm's books. Times after the end of the run belong to the last bin.
class Books {
 public:
  explicit Books(const sim::TimeGrid& grid);

  void count(models::Counter counter, SimTime at, std::int64_t amount = 1);
  void record(models::Histogram histogram, SimTime at, Duration latency);
  /// Adds one to a level over [from, to), cut at the end of the run.
  void occupy(models::Counter counter, SimTime from, SimTime to);
  /// The age of the queue's head over [from, to), where `since` is its birth.
  void age(models::Counter counter, SimTime since, SimTime from, SimTime to);
  /// A level's value at one of several parts (cells) whose largest values are summed.
  void note(models::Gauge gauge, std::uint32_t part, std::size_t bin, std::int64_t value);
  /// Up time per bin of servers with scripted outages (those beyond the list have none).
  [[nodiscard]] std::vector<std::int64_t> up_time(
      std::uint32_t servers, const std::vector<std::vector<models::Outage>>& outages) const;
  void add_cost(const std::vector<std::int64_t>& up_time, double price_per_hour);
  void add(models::Counter counter, const std::vector<std::int64_t>& bins, std::int64_t factor = 1);
  void note_servers(models::Gauge gauge, std::uint32_t part,
                    const std::vector<std::int64_t>& up_time);

  [[nodiscard]] std::size_t bin_of(SimTime at) const;
  [[nodiscard]] sim::Measurements measurements() const;

 private:
  struct Latencies {
    std::int64_t count = 0;
    std::int64_t sum_ns = 0;
    std::int64_t max_ns = 0;
    std::map<std::int64_t, std::int64_t> buckets;
  };
  [[nodiscard]] std::int64_t width(std::size_t bin) const;

  sim::TimeGrid grid_;
  std::vector<std::vector<std::int64_t>> counters_;
  std::map<std::pair<std::size_t, std::uint32_t>, std::vector<std::int64_t>> maxima_;
  std::vector<std::vector<Latencies>> latencies_;
};

/// The blocks of models/metrics.h: the sum of the arms, then the arms if there are two.
[[nodiscard]] sim::Measurements joined(const std::vector<Books>& arms);

}  // namespace haldane::test::oracle
