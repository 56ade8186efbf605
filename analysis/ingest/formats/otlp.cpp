// OpenTelemetry metrics as JSON (OTLP): histograms with explicit bounds, exponential histograms,
// sums and gauges, as deltas or cumulative. The file exporter writes one document a line.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "analysis/ingest/formats/counter_series.h"
#include "analysis/ingest/formats/cumulative_bins.h"
#include "analysis/ingest/formats/json_document.h"

namespace haldane::analysis {
namespace {

using Json = nlohmann::json;

constexpr double unbounded = 1e300;  // infinity that can be divided

std::optional<BoundedCounts> explicit_bins(const Json& point) {
  const Json& bounds = elements(point, "explicitBounds");
  const Json& counts = elements(point, "bucketCounts");
  BoundedCounts bins;
  if (counts.empty() && bounds.empty()) {  // only count and sum were kept
    const auto count = number_of(member(point, "count"));
    if (count) bins[{-unbounded, unbounded}] = *count;
    return count ? std::optional(std::move(bins)) : std::nullopt;
  }
  if (counts.size() != bounds.size() + 1) return std::nullopt;
  const auto first = bounds.empty() ? std::nullopt : number_of(&bounds[0]);
  double low = first && *first > 0 ? 0 : -unbounded;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto high = i < bounds.size() ? number_of(&bounds[i]) : unbounded;
    const auto count = number_of(&counts[i]);
    if (!high || !count || !(*high >= low)) return std::nullopt;
    bins[{low, *high}] += *count;
    low = *high;
  }
  return bins;
}

// Bucket i of a side holds values from base^(offset + i) to base^(offset + i + 1).
bool add_side(const Json* side, double growth, double sign, BoundedCounts& bins) {
  if (side == nullptr) return true;
  double index = number_of(member(*side, "offset")).value_or(0);
  for (const Json& json : elements(*side, "bucketCounts")) {
    const auto count = number_of(&json);
    if (!count) return false;
    const double near = std::min(std::exp2(index * growth), unbounded);
    const double far = std::min(std::exp2((index + 1) * growth), unbounded);
    bins[sign > 0 ? std::pair(near, far) : std::pair(-far, -near)] += *count;
    ++index;
  }
  return true;
}

std::optional<BoundedCounts> exponential_bins(const Json& point) {
  const auto scale = number_of(member(point, "scale"));
  if (!scale || !(std::abs(*scale) <= 20)) return std::nullopt;
  const double growth = std::exp2(-*scale);
  const double zero = number_of(member(point, "zeroThreshold")).value_or(0);
  BoundedCounts bins;
  const auto zeros = number_of(member(point, "zeroCount"));
  if (zeros && *zeros > 0) bins[{-zero, zero}] += *zeros;
  const bool good = add_side(member(point, "positive"), growth, 1, bins) &&
                    add_side(member(point, "negative"), growth, -1, bins);
  return good ? std::optional(std::move(bins)) : std::nullopt;
}

// The flag of a point that only says that its series has ended.
bool has_no_value(const Json& point) {
  return static_cast<std::int64_t>(number_of(member(point, "flags")).value_or(0)) % 2 == 1;
}

bool is_cumulative(const Json& metric) {
  const Json* temporality = member(metric, "aggregationTemporality");
  return number_of(temporality) == 2.0 ||
         text_of(temporality) == "AGGREGATION_TEMPORALITY_CUMULATIVE";
}

class OtlpReader final : public JsonDocumentReader {
 public:
  using JsonDocumentReader::JsonDocumentReader;

 private:
  struct Histogram {
    CumulativeBins bins;
    double count = 0;
    double start = 0;
  };
  struct Counter {
    CounterSeries series;
    int points = 0;
    double time_s = 0;
    double value = 0;
    bool counted = false;  // its first value, too
  };
  using SeriesKey = std::pair<std::string, std::string>;  // the metric, and whose it is

  std::string take_document(const Json& document) override {
    if (member(document, "resourceMetrics") == nullptr) return "has no resourceMetrics";
    for (const Json& resource : elements(document, "resourceMetrics")) {
      const Json* owner = member(resource, "resource");
      for (const Json& scope : elements(resource, "scopeMetrics")) {
        owner_ = dumped(owner == nullptr ? nullptr : member(*owner, "attributes"));
        owner_ += dumped(member(scope, "scope"));
        for (const Json& metric : elements(scope, "metrics")) take_metric(metric);
      }
    }
    return {};
  }

  // A series seen once holds everything since its process started.
  std::string finish_documents() override {
    for (const auto& [key, histogram] : histograms_) {
      if (histogram.bins.histograms() == 1) add_bins(key.first, histogram.bins.last());
    }
    for (const auto& [key, counter] : counters_) {
      if (counter.points == 1 && !counter.counted)
        sums_.add(key.first, counter.time_s, counter.value);
    }
    sums_.give(table());
    gauges_.give(table());
    if (summaries_ > 0) {
      table().remark(fmt::format(
          "{} points of summaries were passed over: quantiles of processes cannot be joined",
          summaries_));
    }
    return {};
  }

  static std::string dumped(const Json* json) {
    return json == nullptr ? std::string("-") : json->dump();
  }

  [[nodiscard]] SeriesKey key_of(const std::string& name, const Json& point) const {
    return {name, owner_ + dumped(member(point, "attributes"))};
  }

  void take_metric(const Json& metric) {
    const std::string name = text_of(member(metric, "name"));
    if (name.empty()) {
      table().malformed(0, "metrics", "one has no name");
    } else if (const Json* h = member(metric, "histogram")) {
      for (const Json& p : elements(*h, "dataPoints")) {
        take_histogram(name, p, explicit_bins(p), is_cumulative(*h));
      }
    } else if (const Json* e = member(metric, "exponentialHistogram")) {
      for (const Json& p : elements(*e, "dataPoints")) {
        take_histogram(name, p, exponential_bins(p), is_cumulative(*e));
      }
    } else if (const Json* s = member(metric, "sum")) {
      for (const Json& p : elements(*s, "dataPoints")) take_number(name, p, s);
    } else if (const Json* g = member(metric, "gauge")) {
      for (const Json& p : elements(*g, "dataPoints")) take_number(name, p, nullptr);
    } else if (const Json* q = member(metric, "summary")) {
      summaries_ += elements(*q, "dataPoints").size();
    }
  }

  void take_histogram(const std::string& name, const Json& point,
                      const std::optional<BoundedCounts>& bins, bool cumulative) {
    if (has_no_value(point)) return;
    if (!bins) {
      table().malformed(0, name, "a point's bounds and counts do not fit");
      return;
    }
    table().count_row();
    if (!cumulative) {
      add_bins(name, *bins);
      return;
    }
    Histogram& series = histograms_[key_of(name, point)];
    const double count = number_of(member(point, "count")).value_or(0);
    const double start = number_of(member(point, "startTimeUnixNano")).value_or(series.start);
    const bool restarted = count < series.count || start > series.start;
    if (const auto grown = series.bins.increase(*bins, restarted)) add_bins(name, *grown);
    series.count = count;
    series.start = start;
  }

  void add_bins(const std::string& name, const BoundedCounts& bins) {
    for (const auto& [bounds, count] : bins) {
      table().add_bin(name, {bounds.first, bounds.second, count});
    }
  }

  // A sum that only grows is a counter; any other number is a gauge.
  void take_number(const std::string& name, const Json& point, const Json* sum) {
    if (has_no_value(point)) return;
    const Json* as_double = member(point, "asDouble");
    const auto value = number_of(as_double != nullptr ? as_double : member(point, "asInt"));
    const auto time = number_of(member(point, "timeUnixNano"));
    if (!value || !time) {
      table().malformed(0, name, "a point lacks its value or timeUnixNano");
      return;
    }
    table().count_row();
    const double time_s = *time / 1e9;
    const Json* monotonic = sum != nullptr ? member(*sum, "isMonotonic") : nullptr;
    if (monotonic == nullptr || *monotonic != true) {
      gauges_.add(name, time_s, *value);
    } else if (!is_cumulative(*sum)) {
      sums_.add(name, time_s, *value);
    } else {
      take_counter(counters_[key_of(name, point)], name, time_s, *value);
    }
  }

  void take_counter(Counter& counter, const std::string& name, double time_s, double value) {
    const auto increase = counter.series.increase(value);
    if (increase) sums_.add(name, time_s, *increase);
    // Attributes that come later, of a process that counted before, begin with their first event.
    const double first_s = first_seen_.try_emplace({name, owner_}, time_s).first->second;
    counter.counted = counter.counted || (!increase && time_s > first_s);
    if (!increase && counter.counted) sums_.add(name, time_s, value);
    ++counter.points;
    counter.time_s = time_s;
    counter.value = value;
  }

  std::string owner_;  // of the present metrics: resource and scope
  std::map<SeriesKey, Histogram> histograms_;
  std::map<SeriesKey, Counter> counters_;
  std::map<SeriesKey, double> first_seen_;  // of a metric and owner, seconds
  CounterSums sums_;
  GaugeMeans gauges_;
  std::size_t summaries_ = 0;
};

}  // namespace

std::unique_ptr<RecordReader> make_otlp_reader(TableBuilder& table) {
  return std::make_unique<OtlpReader>(table);
}

}  // namespace haldane::analysis
