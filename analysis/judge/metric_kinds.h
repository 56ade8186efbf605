// How each kind of metric is judged. Each function adds the entries of a metric that both arms have
// data of, one a quantile.
#pragma once

#include <functional>

#include "analysis/judge/metric_case.h"

namespace haldane::analysis {

/// Kind samples, single values.
void judge_samples(MetricCase& judged);
/// Kind samples where an arm is binned: bounds at either end of the bins, since what is between is
/// not known.
void judge_bins(MetricCase& judged);
/// Percentiles without counts carry no evidence: shown, never decided on. **Returns** whether the
/// input is such a summary.
[[nodiscard]] bool report_summary(MetricCase& judged);
/// **Returns** whether the input is binned but asked for in a way that needs single values.
[[nodiscard]] bool refuse_bins(MetricCase& judged);
/// Kinds ratio and count.
void judge_rate(MetricCase& judged);
void judge_gauge(MetricCase& judged);
/// The same measured from how the arms stood before the release; `evidence` names both means.
void judge_adjusted_gauge(MetricCase& judged, Evidence evidence);

/// One quantile by the method of the mode. **Domain** as sequential_quantile.
[[nodiscard]] Effect quantile_effect(Mode mode, const RankedArms& arms, double probability,
                                     double dispersion, Evidence::Scale scale);

/// One quantile of a case as a whole: of single values, and of bins. **Domain** both arms have
/// observations.
[[nodiscard]] Effect sample_quantile_effect(const MetricCase& judged, double probability,
                                            Evidence::Scale scale);
[[nodiscard]] Effect binned_quantile_effect(const MetricCase& judged, double probability,
                                            Evidence::Scale scale);
/// `after` as it is, or measured from the same quantile before the release where the metric asks
/// for that (effect_from_before.h).
[[nodiscard]] Effect adjusted_quantile(MetricCase& judged, Effect after, Evidence& evidence,
                                       Evidence::Scale scale);

/// Where a quantile's dispersion is looked for: the rows of one part of a case, cut at `threshold`
/// and, since what slows all requests shows best there, at their median; for a tail also at the
/// fuller quantile.
struct QuantilePlace {
  ColumnPair columns;
  double threshold = 0;
  double median = 0;
  double fuller = 0;
  double probability = 0.5;
};

/// Where what slows some requests only shows better than at a tail's quantile: five times as many
/// values are beyond it (p95 for p99). From p2.5 to p97.5 the quantile itself.
[[nodiscard]] double fuller_quantile(double probability);

/// The dispersion at a quantile: what is found there, or what is found at the median as far as it
/// would show.
[[nodiscard]] double shared_dispersion(const QuantilePlace& place);

/// The effect at the dispersion of `place`, at least `dispersion_min`. In mode `sequential` rows
/// with times decide nothing below an effective size of 30. While the case spans less than ten
/// minutes slow causes are looked for, and below two the dispersion is at least 4, or 1.36 outside
/// p2.5 to p97.5, and rollbacks believe one value beyond the quantile a second from the twelfth on.
/// Below five, at quantiles from 10 to 90 %, rollbacks count no more than 40 values or one in two
/// seconds, or what twenty times the dispersion found at the median leaves: what requests share for
/// long cannot be told from a steady difference yet.
[[nodiscard]] Effect cautious_effect(const MetricCase& judged, const QuantilePlace& place,
                                     const std::function<Effect(double dispersion)>& effect_at,
                                     double dispersion_min = 1);

}  // namespace haldane::analysis
