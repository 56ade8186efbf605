#include "analysis/estimate/run_estimator.h"

#include <fmt/format.h>

#include "sim/base/check.h"
#include "sim/base/hash.h"

namespace haldane::analysis {
namespace {

/// A run that is shorter than its warm-up's slice leaves nothing to measure.
std::uint32_t clamp_to_grid(const sim::TimeGrid& grid, std::uint32_t bins) {
  const std::uint32_t last = grid.slice_begin[grid.slice_begin.size() - 2];
  return bins < last ? bins : last;
}

/// What the published request rate counts, as a number.
std::uint64_t count_requests(const sim::MetricCatalogue& catalogue, const UnitSet& units) {
  std::int64_t count = 0;
  for (const sim::MetricDefinition& metric : catalogue) {
    if (metric.name != "requests.rate_per_s" || metric.absent) continue;
    for (const Unit& unit : units.units) count += unit.counters[metric.a];
  }
  return static_cast<std::uint64_t>(count);
}

}  // namespace

RunEstimator::RunEstimator(sim::MetricCatalogue catalogue, bool warmup_automatic,
                           std::vector<std::string> guides)
    : catalogue_(std::move(catalogue)),
      warmup_automatic_(warmup_automatic),
      guides_(std::move(guides)) {}

void RunEstimator::add_arm(std::string name, sim::MetricCatalogue catalogue) {
  arms_.emplace_back(std::move(name), std::move(catalogue));
}

void RunEstimator::add(sim::Measurements run) {
  if (replications_ == 1) merge_run(merged_, pilot_.front());
  if (replications_ >= 1) merge_run(merged_, run);
  digests_.push_back(run.digest);
  ++replications_;
  if (replications_ > pilot_max) {
    if (reduced_.empty()) reduce_pilot();
    reduced_.push_back(whole_run(run, warmup_.bins));
    return;
  }
  pilot_.push_back(std::move(run));
}

void RunEstimator::reduce_pilot() {
  warmup_ = warmup();
  for (const sim::Measurements& run : pilot_) reduced_.push_back(whole_run(run, warmup_.bins));
  pilot_.clear();
}

Warmup RunEstimator::warmup() const {
  HALDANE_CHECK(replications_ >= 1);
  if (!reduced_.empty()) return warmup_;
  Warmup warmup = warmup_automatic_ ? automatic_warmup(catalogue_, merged(), guides_)
                                    : stated_warmup(merged().grid);
  warmup.bins = clamp_to_grid(merged().grid, warmup.bins);
  return warmup;
}

UnitSet RunEstimator::evidence() const {
  if (!reduced_.empty()) return {reduced_, replications_};
  const std::uint32_t bins = warmup().bins;
  UnitSet evidence{{}, replications_};
  for (const sim::Measurements& run : pilot_) {
    for (Unit& unit : batches(run, bins)) evidence.units.push_back(std::move(unit));
  }
  return evidence;
}

std::vector<MetricEstimate> RunEstimator::metrics() const {
  return estimate_metrics(catalogue_, evidence());
}

Curve RunEstimator::curve(std::string_view metric, std::string_view arm) const {
  const sim::MetricCatalogue* catalogue = arm.empty() ? &catalogue_ : nullptr;
  for (const auto& [name, definitions] : arms_) {
    if (name == arm) catalogue = &definitions;
  }
  if (catalogue == nullptr) return {};
  for (const sim::MetricDefinition& definition : *catalogue) {
    if (definition.name != metric) continue;
    return watched_curve(definition, merged(), static_cast<std::uint32_t>(replications_),
                         warmup().seconds);
  }
  return {};
}

std::vector<EventPoint> RunEstimator::failures(std::string_view ratio) const {
  std::vector<EventPoint> points;
  for (const sim::MetricDefinition& definition : catalogue_) {
    const bool is_it = definition.name == ratio && definition.kind == sim::MetricKind::ratio;
    if (!is_it || definition.absent) continue;
    const std::vector<SimTime>& bounds = merged().grid.bin_bounds;
    for (std::size_t bin = warmup().bins; bin < merged().grid.bins(); ++bin) {
      points.push_back({bounds[bin].as_seconds(), bounds[bin + 1].as_seconds(),
                        static_cast<double>(merged().counters[definition.b][bin]),
                        static_cast<double>(merged().counters[definition.a][bin])});
    }
  }
  return points;
}

std::vector<EventPoint> RunEstimator::slower_than(std::string_view metric, double limit_ms) const {
  std::vector<EventPoint> points;
  const std::string mean = std::string(metric) + ".mean";
  for (const sim::MetricDefinition& definition : catalogue_) {
    const bool is_it = definition.name == mean && definition.kind == sim::MetricKind::latency_mean;
    if (!is_it || definition.absent) continue;
    const sim::TimeGrid& grid = merged().grid;
    const std::uint32_t begin = warmup().bins;
    for (std::size_t slice = 0; slice < grid.slices(); ++slice) {
      if (grid.slice_begin[slice] < begin) continue;
      const sim::LatencySlice& latencies = merged().latencies[definition.a][slice];
      EventPoint point{grid.bin_bounds[grid.slice_begin[slice]].as_seconds(),
                       grid.bin_bounds[grid.slice_begin[slice + 1]].as_seconds(),
                       static_cast<double>(latencies.count), 0};
      for (const sim::HistogramBucket& bucket : latencies.buckets) {
        if (static_cast<double>(bucket.value_ns) >= limit_ms * 1e6)
          point.bad += static_cast<double>(bucket.count);
      }
      points.push_back(point);
    }
  }
  return points;
}

void RunEstimator::fill(RunResult& result) const {
  const UnitSet units = evidence();
  const Warmup left_out = warmup();
  const auto replications = static_cast<std::uint32_t>(replications_);
  result.replications = replications;
  result.warmup_s = left_out.seconds;
  result.warmup_automatic = left_out.automatic;
  result.warmup_doubtful = left_out.doubtful;
  result.simulated_s = published_seconds(merged().grid.bin_bounds.back());
  result.events = merged().events;
  result.digest = combine_digests(digests_);
  result.requests = count_requests(catalogue_, units);
  result.metrics = estimate_metrics(catalogue_, units);
  result.series = make_series(catalogue_, merged(), replications);
  result.distributions = latency_distributions(catalogue_, units);
  for (const auto& [name, catalogue] : arms_) {
    result.arms.push_back(
        {name, estimate_metrics(catalogue, units), latency_distributions(catalogue, units)});
  }
}

std::string combine_digests(const std::vector<std::uint64_t>& digests) {
  Digest combined;
  for (const std::uint64_t digest : digests) combined.add(digest);
  return fmt::format("{:016x}", combined.value());
}

}  // namespace haldane::analysis
