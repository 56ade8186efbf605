// Counters that only grow, and start again at zero when a process restarts.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "analysis/ingest/formats/table_builder.h"

namespace haldane::analysis {

/// One counter's increases. A fall is a restart: what is there then came since.
class CounterSeries {
 public:
  /// **Returns** the increase since the value before; nothing for the first.
  std::optional<double> increase(double value) {
    const std::optional<double> before = std::exchange(last_, value);
    if (!before) return std::nullopt;
    return value >= *before ? value - *before : value;
  }

 private:
  std::optional<double> last_;
};

/// Increases of several series under one name, added up at each time.
class CounterSums {
 public:
  void add(const std::string& name, double time_s, double increase) {
    sums_[name][time_s] += increase;
  }
  void give(TableBuilder& table) const {
    for (const auto& [name, points] : sums_) {
      for (const auto& [time_s, sum] : points) table.add(name, sum, time_s);
    }
  }

 private:
  std::map<std::string, std::map<double, double>> sums_;
};

/// Gauges of several series under one name, averaged at each time.
class GaugeMeans {
 public:
  void add(const std::string& name, double time_s, double value) {
    auto& [sum, count] = sums_[name][time_s];
    sum += value;
    ++count;
  }
  void give(TableBuilder& table) const {
    for (const auto& [name, points] : sums_) {
      for (const auto& [time_s, mean] : points) {
        table.add(name, mean.first / mean.second, time_s);
      }
    }
  }

 private:
  std::map<std::string, std::map<double, std::pair<double, double>>> sums_;
};

}  // namespace haldane::analysis
