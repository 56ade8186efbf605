// How a release is judged: contract haldane.policy/1 as a value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace haldane::analysis {

enum class Mode : std::uint8_t { sequential, fixed, kayenta };
enum class Role : std::uint8_t { critical, guardrail, informational };
enum class MetricKind : std::uint8_t { samples, ratio, count, gauge };
enum class Worse : std::uint8_t { higher, lower, either };
enum class FixedTest : std::uint8_t {
  mann_whitney,
  welch,
  ks,
  two_proportion,
  fisher,
  poisson_rate,
  quantile,
  bootstrap,
};

/// mode fixed: how entries share alpha. Holm bounds the chance of naming any entry that is within
/// its margin; Benjamini-Hochberg the expected share of such among those named.
enum class Multiplicity : std::uint8_t { holm, benjamini_hochberg };

/// The largest change that is still acceptable. At least one side is given after inference; with
/// both, a change is beyond the margin where it is beyond the relative one (the absolute one serves
/// a zero baseline).
struct Margin {
  std::optional<double> relative;  ///< 0.05 = 5 % of the baseline
  std::optional<double> absolute;  ///< in the metric's unit
};

struct MetricPolicy {
  std::string name;
  MetricKind kind = MetricKind::samples;
  Worse worse = Worse::higher;
  std::vector<double> quantiles;  ///< samples: each in (0, 1)
  std::string exposure;           ///< ratio: key `of`; count: key `per`; empty = rows
  Margin margin;
  Role role = Role::critical;
  std::optional<FixedTest> test;          ///< mode fixed
  bool from_pre_period = false;           ///< key `adjust`: measured from how the arms stood before
  std::optional<double> unhealthy_above;  ///< ratio: a baseline beyond it is no yardstick
  std::string covariate;  ///< gauge: a column that the release cannot move; empty = none
};

/// mode kayenta: the scores, 0 to 100, from which it says Pass and Marginal.
struct ScoreThresholds {
  double pass = 95;
  double marginal = 75;
};

/// From `after_s` on, counted from the first observation, the canary meets another share.
struct CanaryStep {
  double after_s = 0;
  double canary_share = 0.5;
};

struct JudgePolicy {
  Mode mode = Mode::sequential;
  double alpha = 0.01;  ///< bound on ever rolling back a release within every margin
  double beta = 0.05;   ///< bound on ever promoting one beyond a critical margin
  double canary_share = 0.5;
  bool share_stated = false;      ///< the split of the traffic is then checked against it
  double pre_period_s = 0;        ///< before the release: an A/A test, not judged
  double horizon_s = 0;           ///< sequential: planned end of the watch; 0 = none
  std::vector<CanaryStep> steps;  ///< ascending from 0; empty = one share for all the time
  Multiplicity multiplicity = Multiplicity::holm;  ///< mode fixed
  ScoreThresholds score;                           ///< mode kayenta
  std::vector<MetricPolicy> metrics;
  bool inferred = false;  ///< no policy was given
};

}  // namespace haldane::analysis
