// Guesses a policy from names and contents. Every guess is written down, because a guessed margin
// decides a release.
#include <algorithm>
#include <cctype>
#include <initializer_list>
#include <string_view>

#include <fmt/format.h>

#include "analysis/ingest/column_sketch.h"
#include "analysis/judge/default_margins.h"
#include "analysis/judge/judge.h"

namespace haldane::analysis {
namespace {

std::string lowered(std::string_view name) {
  std::string text(name);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool contains_any(std::string_view name, std::initializer_list<std::string_view> parts) {
  return std::any_of(parts.begin(), parts.end(), [name](std::string_view part) {
    return name.find(part) != std::string_view::npos;
  });
}

// Of single values, kept or compacted.
bool has_single_values(const ObservationColumn& column) {
  return column.quality == Quality::raw || column.quality == Quality::compacted;
}

bool only_zero_and_one(const ObservationColumn& column) {
  const auto is_either = [](double v) { return v == 0 || v == 1; };
  const std::vector<ValueBin>& bins = bins_of(column);
  return has_single_values(column) &&
         std::all_of(column.values.begin(), column.values.end(), is_either) &&
         std::all_of(bins.begin(), bins.end(), [&](const ValueBin& bin) {
           return bin.low == bin.high && is_either(bin.low);
         });
}

class Inference {
 public:
  Inference(const ObservationTable& baseline, const ObservationTable& canary)
      : baseline_(baseline), canary_(canary) {
    result_.policy.inferred = true;
    for (const std::string_view name : {"requests", "request_count", "requests_total"}) {
      if (exposure_.empty() && baseline.find(name) && canary.find(name)) exposure_ = name;
    }
  }

  InferredPolicy run() {
    const JudgePolicy& p = result_.policy;
    say(fmt::format("no policy was given: mode sequential, alpha {:g} %, beta {:g} %",
                    p.alpha * 100, p.beta * 100));
    for (const ObservationColumn& column : baseline_.columns) {
      const ObservationColumn* other = canary_.find(column.name);
      if (!other) {
        say(fmt::format("{}: only the baseline has it, so it is not judged", column.name));
      } else if (column.detail || other->detail) {
        continue;  // a part of what is judged already, such as the phases of a request
      } else if (column.name == exposure_) {
        say(fmt::format("{}: taken as the exposure of errors and counts", column.name));
      } else {
        add(column, *other);
      }
    }
    for (const ObservationColumn& column : canary_.columns) {
      if (!baseline_.find(column.name)) {
        say(fmt::format("{}: only the canary has it, so it is not judged", column.name));
      }
    }
    ensure_critical();
    return std::move(result_);
  }

 private:
  void say(std::string text) { result_.assumptions.push_back(std::move(text)); }

  void add(const ObservationColumn& b, const ObservationColumn& c) {
    const std::string name = lowered(b.name);
    if (!has_single_values(b) || !has_single_values(c)) {
      add_samples(b.name, Worse::higher);
    } else if (contains_any(name, {"error", "fail", "5xx", "timeout"})) {
      exposure_.empty() && !(only_zero_and_one(b) && only_zero_and_one(c)) ? add_count(b.name)
                                                                           : add_ratio(b.name);
    } else if (contains_any(name, {"dead_letter", "_total", "retries", "rejected", "dropped"})) {
      add_count(b.name);
    } else if (contains_any(name, {"queue", "depth", "utilization", "utilisation", "cpu", "memory",
                                   "lag", "backlog", "in_flight"})) {
      add_gauge(b.name);
    } else if (contains_any(name, {"latency", "duration", "elapsed", "response_time", "wait", "_ms",
                                   "_seconds"})) {
      add_samples(b.name, Worse::higher);
    } else if (only_zero_and_one(b) && only_zero_and_one(c)) {
      add_ratio(b.name);
    } else {
      add_samples(b.name, Worse::either);
    }
  }

  void add_samples(const std::string& name, Worse worse) {
    MetricPolicy metric;
    metric.name = name;
    metric.kind = MetricKind::samples;
    metric.worse = worse;
    metric.quantiles = {0.5, 0.95, 0.99};
    metric.margin = default_margin(metric.kind, false);
    metric.role = Role::critical;
    push(std::move(metric), fmt::format("samples, critical, p50 p95 p99, {} is worse, margin 5 %",
                                        worse == Worse::higher ? "higher" : "either direction"));
  }

  void add_ratio(const std::string& name) {
    MetricPolicy metric;
    metric.name = name;
    metric.kind = MetricKind::ratio;
    metric.exposure = exposure_;
    metric.margin = default_margin(metric.kind, !exposure_.empty());
    metric.role = Role::guardrail;
    push(std::move(metric), fmt::format("share of {}, guardrail, higher is worse, margin 0.1 "
                                        "percentage points",
                                        exposure_.empty() ? "rows" : exposure_));
  }

  void add_count(const std::string& name) {
    MetricPolicy metric;
    metric.name = name;
    metric.kind = MetricKind::count;
    metric.exposure = exposure_;
    metric.role = Role::guardrail;
    metric.margin = default_margin(metric.kind, !exposure_.empty());
    push(std::move(metric),
         exposure_.empty()
             ? "count a row, guardrail, higher is worse, margin 50 %"
             : fmt::format("count per {}, guardrail, higher is worse, margin 0.01 %", exposure_));
  }

  void add_gauge(const std::string& name) {
    MetricPolicy metric;
    metric.name = name;
    metric.kind = MetricKind::gauge;
    metric.margin = default_margin(metric.kind, false);
    metric.role = Role::informational;
    push(std::move(metric), "gauge, informational, higher is worse, margin 50 %");
  }

  void push(MetricPolicy metric, const std::string& words) {
    say(fmt::format("{}: {}", metric.name, words));
    result_.policy.metrics.push_back(std::move(metric));
  }

  // Without a critical metric nothing could ever promote.
  void ensure_critical() {
    std::vector<MetricPolicy>& metrics = result_.policy.metrics;
    const auto has = [&metrics](Role role) {
      return std::any_of(metrics.begin(), metrics.end(),
                         [role](const MetricPolicy& m) { return m.role == role; });
    };
    if (metrics.empty() || has(Role::critical)) return;
    const Role from = has(Role::guardrail) ? Role::guardrail : Role::informational;
    for (MetricPolicy& metric : metrics) {
      if (metric.role != from) continue;
      metric.role = Role::critical;
      say(fmt::format("{}: critical, since no other metric is", metric.name));
    }
  }

  const ObservationTable& baseline_;
  const ObservationTable& canary_;
  std::string exposure_;
  InferredPolicy result_;
};

}  // namespace

InferredPolicy infer_policy(const ObservationTable& baseline, const ObservationTable& canary) {
  return Inference(baseline, canary).run();
}

}  // namespace haldane::analysis
