// The answer of Prometheus' query_range: gauges, counters, classic histograms (series with `le`)
// and native ones. Histograms and counters are cumulative; what happened is the increase, restarts
// taken into account. What a series held when it was first seen came before anybody looked, so it
// is not counted, unless its process was seen before.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "analysis/ingest/cells.h"
#include "analysis/ingest/formats/counter_series.h"
#include "analysis/ingest/formats/cumulative_bins.h"
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

// Where a counter was first seen.
struct Start {
  std::string process;
  Point point;
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
    for (const Json& warning : elements(document, "warnings")) {
      table().remark(fmt::format("Prometheus warns: {}", excerpt(text_of(&warning), 200)));
    }
    series_ = 0;
    for (const Json& series : elements(*data, "result")) {
      take_series(series);
      ++series_;
    }
    return {};
  }

  std::string finish_documents() override {
    for (const auto& [name, buckets] : classic_) give_classic(name, buckets);
    count_late_counters();
    counters_.give(table());
    gauges_.give(table());
    return {};
  }

  void refuse(std::string label, std::string why) {
    table().malformed(0, fmt::format("result[{}]{}", series_, label), std::move(why));
  }

  void take_series(const Json& series) {
    const Json* labels = member(series, "metric");
    std::string name = labels != nullptr ? text_of(member(*labels, "__name__")) : std::string();
    const std::string le = labels != nullptr ? text_of(member(*labels, "le")) : std::string();
    if (member(series, "histograms") != nullptr) {
      take_native(name, elements(series, "histograms"));
    } else if (!le.empty() && name.empty()) {
      refuse(" le=" + le,
             "is a bucket without a name, as rate() and increase() leave it; query the _bucket "
             "series themselves");
    } else if (!le.empty() && !take_suffix(name, "_bucket")) {
      refuse(" le=" + le, fmt::format("is a bucket, but \"{}\" does not end in _bucket; query the "
                                      "_bucket series themselves",
                                      excerpt(name)));
    } else if (!le.empty()) {
      take_bucket(name, le, points_of(series, name));
    } else if (name.ends_with("_total") || name.ends_with("_count")) {
      take_counter(name, labels, points_of(series, name));
    } else if (!name.ends_with("_sum") && !name.ends_with("_created")) {
      if (name.empty()) name = "value";
      for (const Point& p : points_of(series, name)) {
        table().count_row();
        gauges_.add(name, p.time_s, p.value);
      }
    }
  }

  // [[time, "value"], ...]; NaN is how Prometheus says that there is none.
  std::vector<Point> points_of(const Json& series, const std::string& name) {
    std::vector<Point> points;
    std::size_t place = 0;
    for (const Json& pair : elements(series, "values")) {
      const bool whole = pair.is_array() && pair.size() == 2;
      const auto time = whole ? number_of(&pair[0]) : std::nullopt;
      const auto value = whole ? number_of(&pair[1]) : std::nullopt;
      if (!time || !value) {
        refuse(fmt::format(".values[{}]", place), "is no [time, \"value\"]");
      } else if (std::isfinite(*value)) {
        points.push_back({*time, *value});
      } else if (std::isinf(*value)) {
        table().count_row();
        table().add(name, *value, *time);  // counted as infinite
      }
      ++place;
    }
    return points;
  }

  void take_counter(const std::string& name, const Json* labels, const std::vector<Point>& points) {
    CounterSeries counter;
    for (const Point& p : points) {
      table().count_row();
      if (const auto increase = counter.increase(p.value)) counters_.add(name, p.time_s, *increase);
    }
    if (points.empty()) return;
    starts_[name].push_back({process_of(labels), points.front()});
  }

  // Empty where it is not known which process a series is of.
  static std::string process_of(const Json* labels) {
    const std::string instance = labels == nullptr ? "" : text_of(member(*labels, "instance"));
    return instance.empty() ? "" : text_of(member(*labels, "job")) + '\n' + instance;
  }

  // A counter that is made at its first event begins with it, and a rare error may be all there is:
  // where its process had others of the name before, what it holds came since.
  void count_late_counters() {
    for (const auto& [name, starts] : starts_) {
      std::map<std::string, double> earliest;
      double first_s = unbounded;
      for (const Start& s : starts) {
        double& known = earliest.try_emplace(s.process, s.point.time_s).first->second;
        known = std::min(known, s.point.time_s);
        first_s = std::min(first_s, s.point.time_s);
      }
      double missed = 0;
      for (const auto& [process, point] : starts) {
        if (!process.empty() && point.time_s > earliest[process]) {
          counters_.add(name, point.time_s, point.value);
        } else if (point.time_s > first_s) {
          missed += point.value;
        }
      }
      if (missed > 0) remark_missed(name, missed);
    }
  }

  void remark_missed(const std::string& name, double missed) {
    table().remark(fmt::format(
        "series of {} that begin later than others hold {:g} when they are first seen, which is "
        "not counted: keep the label instance, or let counters be there from the start, at 0",
        name, missed));
  }

  void take_bucket(const std::string& name, const std::string& le,
                   const std::vector<Point>& points) {
    const Json text = le;
    const auto bound = number_of(&text);
    if (!bound || std::isnan(*bound)) {
      refuse(" " + name, fmt::format("le=\"{}\" is no bound", excerpt(le)));
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
    if (name.empty()) {
      refuse("",
             "is a histogram without a name, as rate() and increase() leave it; query the "
             "histogram itself");
      return;
    }
    CumulativeBins series;
    double last_count = 0;
    std::size_t place = 0;
    for (const Json& pair : histograms) {
      const Json* histogram = pair.is_array() && pair.size() == 2 ? &pair[1] : nullptr;
      const auto count =
          histogram != nullptr ? number_of(member(*histogram, "count")) : std::nullopt;
      if (count) {
        table().count_row();
        const auto grown = series.increase(buckets_of(*histogram), *count < last_count);
        if (grown) give_native(name, *grown);
        last_count = *count;
      } else {
        refuse(fmt::format(".histograms[{}]", place), "has no count");
      }
      ++place;
    }
  }

  void give_native(const std::string& name, const BoundedCounts& grown) {
    for (const auto& [bounds, count] : grown) {
      table().add_bin(name, {bounds.first, bounds.second, count});
    }
  }

  BoundedCounts buckets_of(const Json& histogram) {
    BoundedCounts buckets;
    for (const Json& bucket : elements(histogram, "buckets")) {
      const bool whole = bucket.is_array() && bucket.size() == 4;
      const auto low = whole ? number_of(&bucket[1]) : std::nullopt;
      const auto high = whole ? number_of(&bucket[2]) : std::nullopt;
      const auto count = whole ? number_of(&bucket[3]) : std::nullopt;
      if (!low || !high || !count || std::isnan(*low) || std::isnan(*high)) {
        refuse(" buckets", "an element is no [rule, low, high, count]");
        continue;
      }
      buckets[{std::max(*low, -unbounded), std::min(*high, unbounded)}] += *count;
    }
    return buckets;
  }

  static constexpr double unbounded = 1e300;  // infinity that can be divided

  std::size_t series_ = 0;  // place of the present one
  std::map<std::string, std::map<double, double>> classic_;
  CounterSums counters_;
  std::map<std::string, std::vector<Start>> starts_;  // of counters, by name
  GaugeMeans gauges_;
};

}  // namespace

std::unique_ptr<RecordReader> make_prometheus_reader(TableBuilder& table) {
  return std::make_unique<PrometheusReader>(table);
}

}  // namespace haldane::analysis
