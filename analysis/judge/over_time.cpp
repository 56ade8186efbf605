#include "analysis/judge/over_time.h"

#include <algorithm>
#include <limits>

#include "analysis/judge/error_allocation.h"

namespace haldane::analysis {
namespace {

constexpr double values_times_looks_max = 1e8;
constexpr int looks_min = 10;

double values_in(const ObservationTable& table) {
  double count = 0;
  for (const ObservationColumn& column : table.columns)
    count += static_cast<double>(column.values.size());
  return count;
}

bool is_timed(const ObservationTable& table) {
  return std::all_of(table.columns.begin(), table.columns.end(), [](const ObservationColumn& c) {
    return c.values.size() == c.times_s.size();
  });
}

bool has_sketch(const ObservationTable& table) {
  return std::any_of(table.columns.begin(), table.columns.end(),
                     [](const ObservationColumn& c) { return c.sketch != nullptr; });
}

struct Span {
  double begin_s = std::numeric_limits<double>::infinity();
  double end_s = -std::numeric_limits<double>::infinity();

  void widen(const ObservationTable& table) {
    for (const ObservationColumn& column : table.columns) {
      for (const double time_s : column.times_s) {
        begin_s = std::min(begin_s, time_s);
        end_s = std::max(end_s, time_s);
      }
    }
  }
};

// What a table held when a share of the whole had been seen: of the time, or of its rows.
class Past {
 public:
  Past(const ObservationTable& baseline, const ObservationTable& canary)
      : timed_(is_timed(baseline) && is_timed(canary)) {
    if (!timed_) return;
    span_.widen(baseline);
    span_.widen(canary);
    timed_ = span_.end_s > span_.begin_s;
  }

  [[nodiscard]] ObservationTable table(const ObservationTable& whole, double share) const {
    ObservationTable part;
    part.begins_s = whole.begins_s;
    for (const ObservationColumn& column : whole.columns) {
      part.columns.push_back(timed_ ? until(column, time_s(share)) : first(column, share));
    }
    return part;
  }
  /// Seconds since the beginning.
  [[nodiscard]] std::optional<double> elapsed_s(double share) const {
    return timed_ ? std::optional(time_s(share) - span_.begin_s) : std::nullopt;
  }

 private:
  [[nodiscard]] double time_s(double share) const {
    return share >= 1 ? span_.end_s : span_.begin_s + (span_.end_s - span_.begin_s) * share;
  }

  static ObservationColumn until(const ObservationColumn& column, double end_s) {
    ObservationColumn part;
    part.name = column.name;
    for (std::size_t i = 0; i < column.values.size(); ++i) {
      if (column.times_s[i] > end_s) continue;
      part.values.push_back(column.values[i]);
      part.times_s.push_back(column.times_s[i]);
    }
    return part;
  }

  static ObservationColumn first(const ObservationColumn& column, double share) {
    const auto end = static_cast<std::ptrdiff_t>(static_cast<double>(column.values.size()) * share);
    ObservationColumn part;
    part.name = column.name;
    part.values.assign(column.values.begin(), column.values.begin() + end);
    return part;
  }

  bool timed_;
  Span span_;
};

EvidencePoint point_of(const Evidence& evidence, double share, std::optional<double> elapsed_s) {
  return {share,
          elapsed_s,
          evidence.baseline.n + evidence.canary.n,
          evidence.estimate,
          evidence.ci_low,
          evidence.ci_high,
          evidence.e_value};
}

}  // namespace

std::optional<double> condemning_e_value(const JudgePolicy& policy) {
  const ErrorAllocation allocation(policy);
  std::optional<double> e_value;
  for (const MetricPolicy& metric : policy.metrics) {
    if (metric.role == Role::informational) continue;
    e_value = std::max(e_value.value_or(1), 1 / allocation.share_of(metric).rollback);
  }
  return e_value;
}

std::vector<EvidenceSeries> evidence_over_time(const JudgePolicy& policy,
                                               const ObservationTable& baseline,
                                               const ObservationTable& canary, int looks) {
  std::vector<EvidenceSeries> all;
  if (policy.mode != Mode::sequential || has_sketch(baseline) || has_sketch(canary)) return all;
  const double values = values_in(baseline) + values_in(canary);
  const int affordable =
      static_cast<int>(std::min<double>(looks, values_times_looks_max / std::max(1.0, values)));
  const int count = std::max(affordable, std::min(looks, looks_min));
  const Past past(baseline, canary);
  for (int look = 1; look <= count; ++look) {
    const double share = static_cast<double>(look) / count;
    const Verdict verdict = judge(policy, past.table(baseline, share), past.table(canary, share));
    all.resize(verdict.metrics.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      const Evidence& evidence = verdict.metrics[i];
      all[i].name = evidence.name;
      all[i].quantile = evidence.quantile;
      // A zero baseline changes the scale: what was on another one cannot be compared.
      if (all[i].scale != evidence.scale) all[i].points.clear();
      all[i].scale = evidence.scale;
      all[i].margin = evidence.margin;
      all[i].points.push_back(point_of(evidence, share, past.elapsed_s(share)));
    }
  }
  return all;
}

}  // namespace haldane::analysis
