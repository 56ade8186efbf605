// What the two arms hold for one metric, in the form its kind needs: sorted samples, event counts
// with exposures, or bucket series, with how much they scatter beyond independence.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "analysis/ingest/observation_table.h"
#include "analysis/sequential/order_statistics.h"
#include "analysis/sequential/rate_bounds.h"

namespace haldane::analysis {

/// Values of one arm, ascending.
struct SampleArms {
  std::vector<double> baseline;
  std::vector<double> canary;
};

/// Order statistics of both arms, however they are kept; what they view must outlive them.
struct RankedArms {
  OrderStatistics baseline;
  OrderStatistics canary;

  RankedArms(OrderStatistics b, OrderStatistics c) : baseline(b), canary(c) {}
  // NOLINTNEXTLINE(google-explicit-constructor): sorted arms are ranked as they are.
  RankedArms(const SampleArms& arms) : baseline(arms.baseline), canary(arms.canary) {}
};

/// Total events and exposure of both arms.
struct RateArms {
  RateArm baseline;
  RateArm canary;
};

/// Bucket values of both arms: matched by time, or two series of their own.
struct GaugeArms {
  bool paired = false;
  std::vector<double> baseline;
  std::vector<double> canary;
  double rows_a_value = 1;  ///< above 1 where values are means of so many rows, on average
  double noise = 0;         ///< as in autocorrelation()
};

/// Both arms' columns of one metric; never null.
struct ColumnPair {
  const ObservationColumn* baseline = nullptr;
  const ObservationColumn* canary = nullptr;
};

[[nodiscard]] SampleArms sample_arms(const ColumnPair& columns);

/// Whether either arm holds bins; the other's single values are bins without width then.
[[nodiscard]] bool has_bins(const ColumnPair& columns);

/// Values that stand for many observations each: `through[i]` of them lie at or below `values[i]`.
struct WeightedValues {
  std::vector<double> values;
  std::vector<double> through;

  [[nodiscard]] OrderStatistics ranked() const { return {values, through}; }
};

/// An arm in bins: all observations at the lower bounds of theirs, and all at the upper ones.
struct ArmEnvelope {
  WeightedValues low;
  WeightedValues high;
};

/// What the observations in bins can be at most and at least: those that make the canary's effect
/// smallest and greatest. Any order statistic of the true observations lies between, so bounds from
/// `least` below and `greatest` above keep their error guarantee.
struct SampleEnvelope {
  ArmEnvelope baseline;
  ArmEnvelope canary;

  [[nodiscard]] RankedArms least() const { return {baseline.high.ranked(), canary.low.ranked()}; }
  [[nodiscard]] RankedArms greatest() const {
    return {baseline.low.ranked(), canary.high.ranked()};
  }
};

/// An arm of more than 2^30 observations is thinned evenly to that many, which moves no rank by
/// more than one and counts as less evidence than there is: larger counts are beyond the accuracy
/// of the evidence. **Cost** one sort of the bins.
[[nodiscard]] SampleEnvelope sample_envelope(const ColumnPair& columns);

/// Observations of a column, in bins or single.
[[nodiscard]] double observations_in(const ObservationColumn& column);

/// `exposure` null: each row is one unit. **Returns** sums in an order that does not depend on the
/// rows' order beyond rounding.
[[nodiscard]] RateArms rate_arms(const ColumnPair& events, const ColumnPair& exposure);

/// Pairs buckets of equal time when at least four fifths of the smaller arm match.
[[nodiscard]] GaugeArms gauge_arms(const ColumnPair& columns);

/// Whether every value of both arms has its time, kept or as a slice of time.
[[nodiscard]] bool has_times(const ColumnPair& columns);

/// How much the difference of the arms' shares at or below a threshold varies over time, over what
/// independent observations would give; at least 1, and 1 without times. Swings common to both arms
/// cancel, so a load surge does not count as dependence.
struct SampleDispersion {
  /// The larger of two: the scatter between some 30 windows, and that between up to 480 slices
  /// times the autocorrelation time of their differences, which sees dependence early, before there
  /// are enough windows.
  double usual = 1;
  /// At least that; also where the slices, or those joined by twos until eight are left, scatter
  /// beyond chance, with the autocorrelation time of their differences. It finds what requests
  /// share for long and slices are too noisy to show, and takes a canary that became worse halfway
  /// for such a cause.
  double of_slow_causes = 1;
};

[[nodiscard]] SampleDispersion sample_dispersion(const ColumnPair& columns, double threshold,
                                                 double probability);

struct Autocorrelation {
  double time = 1;
  double lags = 0;  ///< at which it is still seen, counted from 0
};

/// Integrated autocorrelation time: n / it is the effective number of observations. **Domain** a
/// series in time order. **Returns** at least 1; the larger of Geyer's initial monotone sequence
/// and a bias-corrected AR(1) fit, since each alone is too small for some short series. The
/// sequence ends at the first pair of lags below `noise` standard errors of independent values'
/// pairs. **Source** Geyer 1992, sec. 3.3; Marriott & Pope 1954.
[[nodiscard]] Autocorrelation autocorrelation(std::span<const double> series, double noise = 0);
[[nodiscard]] inline double autocorrelation_time(std::span<const double> series, double noise = 0) {
  return autocorrelation(series, noise).time;
}

}  // namespace haldane::analysis
