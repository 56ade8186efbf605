// One metric by the rule of Kayenta's NetflixACAJudge-v1.0: values cleaned, compared by ranks, and
// put into one of six classes, with the reason in Kayenta's own words.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/kayenta/shift_interval.h"
#include "analysis/kayenta/statistics.h"

namespace haldane::analysis::kayenta {

enum class Direction : std::uint8_t { increase, decrease, either };
enum class NanStrategy : std::uint8_t { remove, replace };
enum class EffectMeasure : std::uint8_t { mean_ratio, cles };
enum class Class : std::uint8_t { pass, high, low, nodata, nodata_fail_metric, error };

/// How large an effect must be to count; 1 stands for "no change" of a mean ratio, 0.5 for that of
/// a probability of superiority.
struct EffectLimits {
  double allowed_increase = 1;
  double allowed_decrease = 1;
  double critical_increase = 1;
  double critical_decrease = 1;
};

struct MetricRule {
  Direction direction = Direction::either;
  NanStrategy nan_strategy = NanStrategy::remove;
  bool remove_outliers = false;
  double outlier_factor = 3;
  bool critical = false;
  bool must_have_data = false;
  bool muted = false;
  EffectMeasure measure = EffectMeasure::mean_ratio;
  EffectLimits limits;
  double tolerance = 0.25;   ///< of the estimate: the judge has no other
  double confidence = 0.98;  ///< likewise
};

struct Classified {
  Class label = Class::pass;
  std::optional<std::string> reason;  ///< as Kayenta words it; often none
  bool critical = false;              ///< this metric alone fails the canary
  std::optional<double> ratio;        ///< mean ratio, NaN with a zero mean; empty for `error`
  ArmStatistics control;              ///< after cleaning
  ArmStatistics experiment;
  std::optional<ShiftInterval> shift;  ///< when the arms were compared; Kayenta keeps it to itself
  std::optional<double> effect;        ///< in the rule's measure, when they were
};

/// "Pass", "High", "Low", "Nodata", "NodataFailMetric" or "Error".
[[nodiscard]] std::string_view class_name(Class label);

/// P(experiment > control) + P(tie) / 2. **Domain** sorted ascending, not empty.
[[nodiscard]] double common_language_effect(std::span<const double> experiment,
                                            std::span<const double> control);

/// **Domain** values finite or NaN. **Determinism** pure: where Kayenta adds unseeded noise to two
/// constant arms, normal scores of the same deviation stand in. **Cost** one sort an arm.
[[nodiscard]] Classified classify(const std::string& name, const MetricRule& rule,
                                  std::vector<double> control, std::vector<double> experiment);

}  // namespace haldane::analysis::kayenta
