// Sequential stopping: more replications until the named intervals are narrow enough.
//
// `analysis` does not know what is simulated; whoever joins it with the models hands in something
// that runs replications by number.
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/estimate/run_estimator.h"
#include "sim/measure/measurements.h"

namespace haldane::analysis {

/// Runs replications `first` to `first + count - 1` and returns what they measured, in order. It
/// may return fewer when it was told to stop from outside.
template <class Source>
concept ReplicationSource = requires(Source& source, std::uint32_t first, std::uint32_t count) {
  { source.run(first, count) } -> std::same_as<std::vector<sim::Measurements>>;
};

/// Wanted: half the interval of `metric` is at most `relative` times its value.
struct PrecisionGoal {
  std::string metric;
  double relative = 0.01;
};

/// How a goal came out.
struct PrecisionOutcome {
  PrecisionGoal goal;
  std::optional<double> achieved;  ///< empty: the metric has no value or no interval
  bool met = false;
};

/// Each goal against the estimates. **Returns** one outcome a goal, in order; a metric that is not
/// there is not met.
[[nodiscard]] std::vector<PrecisionOutcome> check_precision(
    const std::vector<PrecisionGoal>& goals, const std::vector<MetricEstimate>& metrics);

/// How many replications are probably enough, given `replications` done: the widths shrink with the
/// square root. **Returns** more than `replications`, at most twice as many, at most
/// `replications_max`; equal to `replications` when everything is met or the limit is reached.
[[nodiscard]] std::uint32_t next_replications(const std::vector<PrecisionOutcome>& outcomes,
                                              std::uint32_t replications,
                                              std::uint32_t replications_max);

/// Where sequential stopping starts: fewer replications stop too early too often, because an
/// interval from two or three is narrow by chance.
inline constexpr std::uint32_t precision_replications_min = 8;

/// Adds `replications` runs to `estimator`, then, while a goal is not met, more, up to
/// `replications_max`. Runs are asked for in portions of `portion` so that only so many are held
/// whole. **Returns** how the goals came out; the caller tells from `met` whether the limit was
/// hit.
/// **Determinism** depends on the measurements only, not on threads.
template <ReplicationSource Source>
std::vector<PrecisionOutcome> run_until_precise(Source& source, RunEstimator& estimator,
                                                const std::vector<PrecisionGoal>& goals,
                                                std::uint32_t replications,
                                                std::uint32_t replications_max,
                                                std::uint32_t portion = 16) {
  if (!goals.empty()) replications = std::max(replications, precision_replications_min);
  std::uint32_t wanted = std::max(1U, std::min(replications, std::max(replications_max, 1U)));
  std::uint32_t done = 0;
  for (;;) {
    while (done < wanted) {
      const std::uint32_t count = std::min(portion, wanted - done);
      std::vector<sim::Measurements> runs = source.run(done, count);
      for (sim::Measurements& run : runs) estimator.add(std::move(run));
      done += static_cast<std::uint32_t>(runs.size());
      if (runs.size() < count) return {};  // stopped from outside: the goals do not matter any more
    }
    const std::vector<PrecisionOutcome> outcomes =
        goals.empty() ? std::vector<PrecisionOutcome>{}
                      : check_precision(goals, estimator.metrics());
    const std::uint32_t next = next_replications(outcomes, done, replications_max);
    if (next <= done) return outcomes;
    wanted = next;
  }
}

}  // namespace haldane::analysis
