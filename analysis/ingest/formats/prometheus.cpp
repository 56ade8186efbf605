// The answer of Prometheus' query_range: gauges, counters, classic histograms (series with `le`)
// and native ones. Histograms and counters are cumulative; what happened is the increase, restarts
// taken into account.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "analysis/ingest/formats/counter_series.h"
#include "analysis/ingest/formats/json_document.h"

namespace haldane::analysis {
namespace {

using Json = nlohmann::json;

bool take_suffix(std::string& name, std::string_view suffix) {
  if (name.size() <= suffix.size() || !name.ends_with(suffix)) return false;
  name.resize(name.size() - suffix.size());
  return true;
}

struct Point {
  double time_s = 0;
  double value = 0;
};

class PrometheusReader final : public JsonDocumentReader {
 public:
  using JsonDocumentReader::JsonDocumentReader;

 private:
  std::string take_document(const Json& document) override {
    if (text_of(member(document, "status")) != "success") {
      return fmt::format("is no success: {}", text_of(member(document, "error")));
    }
    const Json* data = member(document, "data");
    if (data == nullptr || text_of(member(*data, "resultType")) != "matrix") {
      return "is no range (resultType matrix); use query_range";
    }
    for (const Json& series : elements(*data, "result")) take_series(series);
    return {};
  }

  std::string finish_documents() override {
    for (const auto& [name, buckets] : classic_) give_classic(name, buckets);
    gauges_.give(table());
    return {};
  }

  void take_series(const Json& series) {
    const Json* labels = member(series, "metric");
    std::string name = labels != nullptr ? text_of(member(*labels, "__name__")) : std::string();
    const std::string le = labels != nullptr ? text_of(member(*labels, "le")) : std::string();
    if (member(series, "histograms") != nullptr) {
      take_native(name.empty() ? "value" : name, elements(series, "histograms"));
    } else if (!le.empty() && name.empty()) {
      table().malformed(0, "le=" + le,
                        "is a bucket without a name, as rate() and increase() leave it; query the "
                        "_bucket series themselves");
    } else if (!le.empty() && take_suffix(name, "_bucket")) {
      take_bucket(name, le, points_of(series));
    } else if (name.ends_with("_total") || name.ends_with("_count")) {
      take_counter(name, points_of(series));
    } else if (!name.ends_with("_sum") && !name.ends_with("_created")) {
      for (const Point& p : points_of(series)) {
        table().count_row();
        gauges_.add(name.empty() ? "value" : name, p.time_s, p.value);
      }
    }
  }

  // [[time, "value"], ...]; NaN is how Prometheus says that there is none.
  std::vector<Point> points_of(const Json& series) {
    std::vector<Point> points;
    for (const Json& pair : elements(series, "values")) {
      const bool whole = pair.is_array() && pair.size() == 2;
      const auto time = whole ? number_of(&pair[0]) : std::nullopt;
      const auto value = whole ? number_of(&pair[1]) : std::nullopt;
      if (!time || !value) {
        table().malformed(0, "values", "an element is no [time, \"value\"]");
      } else if (std::isfinite(*value)) {
        points.push_back({*time, *value});
      }
    }
    return points;
  }

  void take_counter(const std::string& name, const std::vector<Point>& points) {
    CounterSeries counter;
    for (const Point& p : points) {
      table().count_row();
      if (const auto increase = counter.increase(p.value)) table().add(name, *increase, p.time_s);
    }
  }

  void take_bucket(const std::string& name, const std::string& le,
                   const std::vector<Point>& points) {
    const Json text = le;
    const auto bound = number_of(&text);
    if (!bound || std::isnan(*bound)) {
      table().malformed(0, name, fmt::format("le=\"{}\" is no bound", le.substr(0, 40)));
      return;
    }
    CounterSeries counter;
    double& total = classic_[name][*bound];
    for (const Point& p : points) {
      table().count_row();
      total += counter.increase(p.value).value_or(0);
    }
  }

  // Counts at or below each bound become counts between bounds. Durations start at 0.
  void give_classic(const std::string& name, const std::map<double, double>& buckets) {
    double low = buckets.begin()->first > 0 ? 0 : -unbounded;
    double below = 0;
    for (const auto& [bound, total] : buckets) {
      const double high = std::isfinite(bound) ? bound : unbounded;
      table().add_bin(name, {low, high, std::max(0.0, total - below)});
      low = high;
      below = std::max(below, total);
    }
  }

  // [[time, {count, sum, buckets: [[rule, low, high, count]]}], ...], cumulative.
  void take_native(const std::string& name, const Json& histograms) {
    double last_count = 0;
    bool first = true;
    std::map<std::pair<double, double>, double> last;
    for (const Json& pair : histograms) {
      const Json* histogram = pair.is_array() && pair.size() == 2 ? &pair[1] : nullptr;
      const auto count =
          histogram != nullptr ? number_of(member(*histogram, "count")) : std::nullopt;
      if (!count) {
        table().malformed(0, "histograms", "an element has no count");
        continue;
      }
      table().count_row();
      if (*count < last_count) last.clear();  // a restart
      std::map<std::pair<double, double>, double> now = buckets_of(*histogram);
      for (const auto& [bounds, total] : now) {
        if (!first) add_increase(name, bounds, total - last[bounds]);
      }
      last = std::move(now);
      last_count = *count;
      first = false;
    }
  }

  void add_increase(const std::string& name, std::pair<double, double> bounds, double count) {
    table().add_bin(name, {bounds.first, bounds.second, count});
  }

  std::map<std::pair<double, double>, double> buckets_of(const Json& histogram) {
    std::map<std::pair<double, double>, double> buckets;
    for (const Json& bucket : elements(histogram, "buckets")) {
      const bool whole = bucket.is_array() && bucket.size() == 4;
      const auto low = whole ? number_of(&bucket[1]) : std::nullopt;
      const auto high = whole ? number_of(&bucket[2]) : std::nullopt;
      const auto count = whole ? number_of(&bucket[3]) : std::nullopt;
      if (!low || !high || !count || std::isnan(*low) || std::isnan(*high)) {
        table().malformed(0, "buckets", "an element is no [rule, low, high, count]");
        continue;
      }
      buckets[{std::max(*low, -unbounded), std::min(*high, unbounded)}] += *count;
    }
    return buckets;
  }

  static constexpr double unbounded = 1e300;  // infinity that can be divided

  std::map<std::string, std::map<double, double>> classic_;
  GaugeMeans gauges_;
};

}  // namespace

std::unique_ptr<RecordReader> make_prometheus_reader(TableBuilder& table) {
  return std::make_unique<PrometheusReader>(table);
}

}  // namespace haldane::analysis
