// OpenTelemetry metrics as JSON (OTLP): histograms with explicit bounds, exponential histograms,
// sums and gauges, as deltas or cumulative. The file exporter writes one document a line.
#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "analysis/ingest/formats/counter_series.h"
#include "analysis/ingest/formats/json_document.h"

namespace haldane::analysis {
namespace {

using Json = nlohmann::json;
using BinCounts = std::map<std::pair<double, double>, double>;

constexpr double unbounded = 1e300;  // infinity that can be divided

std::optional<BinCounts> explicit_bins(const Json& point) {
  const Json& bounds = elements(point, "explicitBounds");
  const Json& counts = elements(point, "bucketCounts");
  if (counts.size() != bounds.size() + 1) return std::nullopt;
  BinCounts bins;
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
bool add_side(const Json* side, double growth, double sign, BinCounts& bins) {
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

std::optional<BinCounts> exponential_bins(const Json& point) {
  const auto scale = number_of(member(point, "scale"));
  if (!scale || !(std::abs(*scale) <= 20)) return std::nullopt;
  const double growth = std::exp2(-*scale);
  const double zero = number_of(member(point, "zeroThreshold")).value_or(0);
  BinCounts bins;
  const auto zeros = number_of(member(point, "zeroCount"));
  if (zeros && *zeros > 0) bins[{-zero, zero}] += *zeros;
  const bool good = add_side(member(point, "positive"), growth, 1, bins) &&
                    add_side(member(point, "negative"), growth, -1, bins);
  return good ? std::optional(std::move(bins)) : std::nullopt;
}

// Where a metric's points come from: process start and attributes.
std::string series_key(const std::string& name, const Json& point) {
  const Json* attributes = member(point, "attributes");
  return name + '\n' + (attributes != nullptr ? attributes->dump() : std::string());
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
  struct CumulativeBins {
    BinCounts last;
    double count = 0;
    int points = 0;
  };

  std::string take_document(const Json& document) override {
    if (member(document, "resourceMetrics") == nullptr) return "has no resourceMetrics";
    for (const Json& resource : elements(document, "resourceMetrics")) {
      for (const Json& scope : elements(resource, "scopeMetrics")) {
        for (const Json& metric : elements(scope, "metrics")) take_metric(metric);
      }
    }
    return {};
  }

  // A series seen once holds everything since its process started.
  std::string finish_documents() override {
    for (const auto& [key, series] : cumulative_) {
      if (series.points == 1) add_bins(key.substr(0, key.find('\n')), series.last);
    }
    gauges_.give(table());
    return {};
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
    }
  }

  void take_histogram(const std::string& name, const Json& point,
                      const std::optional<BinCounts>& bins, bool cumulative) {
    if (!bins) {
      table().malformed(0, name, "a point's bounds and counts do not fit");
      return;
    }
    table().count_row();
    if (!cumulative) {
      add_bins(name, *bins);
      return;
    }
    CumulativeBins& series = cumulative_[series_key(name, point)];
    const double count = number_of(member(point, "count")).value_or(0);
    if (count < series.count) series.last.clear();  // a restart
    if (++series.points > 1) {
      for (const auto& [bounds, total] : *bins) {
        table().add_bin(name, {bounds.first, bounds.second, total - series.last[bounds]});
      }
    }
    series.last = *bins;
    series.count = count;
  }

  void add_bins(const std::string& name, const BinCounts& bins) {
    for (const auto& [bounds, count] : bins) {
      table().add_bin(name, {bounds.first, bounds.second, count});
    }
  }

  // A sum that only grows is a counter; any other number is a gauge.
  void take_number(const std::string& name, const Json& point, const Json* sum) {
    const Json* as_double = member(point, "asDouble");
    const auto value = number_of(as_double != nullptr ? as_double : member(point, "asInt"));
    const auto time = number_of(member(point, "timeUnixNano"));
    if (!value || !time) {
      table().malformed(0, name, "a point lacks its value or timeUnixNano");
      return;
    }
    table().count_row();
    const Json* monotonic = sum != nullptr ? member(*sum, "isMonotonic") : nullptr;
    if (monotonic == nullptr || *monotonic != true) {
      gauges_.add(name, *time / 1e9, *value);
    } else if (!is_cumulative(*sum)) {
      table().add(name, *value, *time / 1e9);
    } else if (const auto increase = counters_[series_key(name, point)].increase(*value)) {
      table().add(name, *increase, *time / 1e9);
    }
  }

  std::map<std::string, CumulativeBins> cumulative_;
  std::map<std::string, CounterSeries> counters_;
  GaugeMeans gauges_;
};

}  // namespace

std::unique_ptr<RecordReader> make_otlp_reader(TableBuilder& table) {
  return std::make_unique<OtlpReader>(table);
}

}  // namespace haldane::analysis
