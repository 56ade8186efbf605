// The `fixed` mode: classical tests for one look. Each fails with the stated probability only if
// the data are looked at once, when they are complete.
#pragma once

#include <functional>
#include <optional>
#include <span>

#include "analysis/judge/arms.h"
#include "analysis/judge/effect.h"
#include "analysis/judge/gauge_contrast.h"

namespace haldane::analysis {

/// One quantile by the profile likelihood of both arms' counts (asymptotic). **Returns** an
/// obstacle below 5 effective observations on the rarer side of the quantile.
[[nodiscard]] Effect fixed_quantile(const RankedArms& arms, double probability, double dispersion,
                                    Evidence::Scale scale);

/// A test of whole samples before the scale is known: its location of each arm decides that.
struct WholeSampleTest {
  double baseline_value = 0;  ///< median or mean, as the test compares it
  double canary_value = 0;
  bool relative_possible = false;  ///< all values (rank tests) or the baseline mean are positive
  std::function<Effect(Evidence::Scale)> effect;
};

/// Mann-Whitney, Welch, bootstrap or Kolmogorov-Smirnov. **Domain** `test` is one of them; both
/// arms not empty. The arms must outlive the effect.
[[nodiscard]] WholeSampleTest fixed_whole_sample(FixedTest test, const SampleArms& arms);

/// Two-proportion, Fisher or Poisson rates; without a named test two-proportion for ratios and
/// Poisson for counts. Dispersion above 1 widens the normal tests, which fewer than ten events
/// turn into those of few_events.h; other exact tests ignore it.
[[nodiscard]] Effect fixed_rate(const RateArms& arms, std::optional<FixedTest> test, EventLaw law,
                                double dispersion, Evidence::Scale scale);

/// The same of columns, their dispersion seen over time.
[[nodiscard]] Effect fixed_rate(const ColumnPair& events, const ColumnPair& exposure,
                                std::optional<FixedTest> test, EventLaw law, Evidence::Scale scale);

/// Means by 9,999 resamples. **Returns** an obstacle below 20 and above 20,000 values an arm.
/// **Determinism** the resamples have a seed of their own.
[[nodiscard]] Effect bootstrap_samples(const SampleArms& arms, Evidence::Scale scale);
/// The same of series, in blocks as long as their correlation asks for.
[[nodiscard]] Effect bootstrap_gauge(const GaugeArms& arms, Evidence::Scale scale);

/// Means of gauges by Student's t with the effective size.
[[nodiscard]] Effect fixed_gauge(GaugeContrast gauges, Evidence::Scale scale);
[[nodiscard]] inline Effect fixed_gauge(const GaugeArms& arms, Evidence::Scale scale) {
  return fixed_gauge(GaugeContrast(arms), scale);
}

}  // namespace haldane::analysis
