#include "cli/simulate/arms_otlp.h"

#include <cstdint>
#include <string_view>
#include <utility>

#include <nlohmann/json.hpp>

#include "sim/measure/latency_histogram.h"

namespace haldane::cli {
namespace {

using Json = nlohmann::ordered_json;
using models::Counter;
using models::Histogram;

// AggregationTemporality: what came since the point before.
constexpr int delta = 1;

std::string time_text(SimTime t) {
  return std::to_string(t.count_ns());
}

Json metric(std::string_view name, std::string_view unit, std::string_view kind, Json data) {
  Json one;
  one["name"] = name;
  one["unit"] = unit;
  one[std::string(kind)] = std::move(data);
  return one;
}

// Values of a histogram are whole nanoseconds, so that half of one is a bound that none of them
// meets. **Units** ns.
struct Bounds {
  double below;
  double above;
};

Bounds bounds_of(std::int64_t value_ns) {
  using sim::LatencyHistogram;
  const std::size_t index = LatencyHistogram::index_of(value_ns);
  constexpr std::size_t exact = std::size_t{2} << LatencyHistogram::sub_bucket_bits;
  const auto value = static_cast<double>(value_ns);
  if (index < exact) return {value - 0.5, value + 0.5};
  const std::size_t shift = (index >> LatencyHistogram::sub_bucket_bits) - 1;
  const std::int64_t width = std::int64_t{1} << shift;
  const std::int64_t low = value_ns - (width - 1) / 2;
  return {static_cast<double>(low) - 0.5, static_cast<double>(low + width) - 0.5};
}

// Buckets that hold nothing are joined to one.
Json distribution(const sim::LatencySlice& slice) {
  constexpr double ns_a_ms = 1e6;
  Json bounds = Json::array();
  Json counts = Json::array();
  double reached = 0;
  for (const sim::HistogramBucket& bucket : slice.buckets) {
    const Bounds of_bucket = bounds_of(bucket.value_ns);
    if (of_bucket.below > reached) {
      bounds.push_back(of_bucket.below / ns_a_ms);
      counts.push_back("0");
    }
    reached = of_bucket.above;
    bounds.push_back(reached / ns_a_ms);
    counts.push_back(std::to_string(bucket.count));
  }
  counts.push_back("0");
  Json point;
  point["count"] = std::to_string(slice.count);
  point["sum"] = static_cast<double>(slice.sum_ns) / ns_a_ms;
  point["max"] = static_cast<double>(slice.max_ns) / ns_a_ms;
  point["bucketCounts"] = std::move(counts);
  point["explicitBounds"] = std::move(bounds);
  return point;
}

class ArmWriter {
 public:
  ArmWriter(const sim::Measurements& run, models::Block arm, double from_s) : run_(run), arm_(arm) {
    while (first_bin_ < run.grid.bins() && run.grid.bin_bounds[first_bin_].as_seconds() < from_s)
      ++first_bin_;
  }

  [[nodiscard]] Json latencies() const {
    const auto& slices = run_.latencies[models::index(Histogram::client, arm_)];
    sim::LatencySlice all;
    for (std::size_t s = 0; s < slices.size(); ++s) {
      if (run_.grid.slice_begin[s] >= first_bin_) sim::merge(all, slices[s]);
    }
    Json point;
    point["startTimeUnixNano"] = time_text(run_.grid.bin_bounds[first_bin_]);
    point["timeUnixNano"] = time_text(run_.grid.bin_bounds.back());
    point.update(distribution(all));
    Json data;
    data["aggregationTemporality"] = delta;
    data["dataPoints"] = Json::array({std::move(point)});
    return metric("latency_ms", "ms", "histogram", std::move(data));
  }

  [[nodiscard]] Json sum(std::string_view name, Counter counter) const {
    Json data;
    data["aggregationTemporality"] = delta;
    data["isMonotonic"] = true;
    data["dataPoints"] = points([&](std::size_t bin) {
      return std::pair("asInt", Json(std::to_string(count(counter, bin))));
    });
    return metric(name, "1", "sum", std::move(data));
  }

  [[nodiscard]] Json queue_depth() const {
    Json data;
    data["dataPoints"] = points([&](std::size_t bin) {
      const Duration width = run_.grid.bin_bounds[bin + 1] - run_.grid.bin_bounds[bin];
      return std::pair("asDouble", Json(static_cast<double>(count(Counter::api_queue_time, bin)) /
                                        static_cast<double>(width.count_ns())));
    });
    return metric("queue_depth", "1", "gauge", std::move(data));
  }

 private:
  [[nodiscard]] std::int64_t count(Counter counter, std::size_t bin) const {
    return run_.counters[models::index(counter, arm_)][bin];
  }

  template <class ValueOf>
  [[nodiscard]] Json points(const ValueOf& value_of) const {
    Json all = Json::array();
    for (std::size_t bin = first_bin_; bin < run_.grid.bins(); ++bin) {
      auto [key, value] = value_of(bin);
      Json point;
      point["startTimeUnixNano"] = time_text(run_.grid.bin_bounds[bin]);
      point["timeUnixNano"] = time_text(run_.grid.bin_bounds[bin + 1]);
      point[key] = std::move(value);
      all.push_back(std::move(point));
    }
    return all;
  }

  const sim::Measurements& run_;
  models::Block arm_;
  std::size_t first_bin_ = 0;
};

}  // namespace

std::string arm_otlp_json(const sim::Measurements& run, models::Block arm, double from_s) {
  const ArmWriter writer(run, arm, from_s);
  Json scope;
  scope["scope"] = {{"name", "haldane"}};
  scope["metrics"] =
      Json::array({writer.latencies(), writer.sum("requests", Counter::requests),
                   writer.sum("errors", Counter::request_errors),
                   writer.sum("dead_letters", Counter::dead_letters), writer.queue_depth()});
  Json resource;
  resource["resource"] = Json::object();
  resource["scopeMetrics"] = Json::array({std::move(scope)});
  Json document;
  document["resourceMetrics"] = Json::array({std::move(resource)});
  return document.dump() + "\n";
}

}  // namespace haldane::cli
