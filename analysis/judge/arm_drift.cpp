#include "analysis/judge/arm_drift.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <span>

#include "analysis/compare/mean.h"
#include "analysis/judge/gauge_adjustment.h"
#include "analysis/judge/sequential_effects.h"

namespace haldane::analysis {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
// A step within one side looks like correlation and costs most of its effective size, so splits are
// close. Those of wider slices are among those of narrower ones, which keeps them in their places
// while data come: 29 at first, and 14 more each time that the widths double.
constexpr std::size_t first_split = 32;
constexpr std::size_t split_step = 16;
const double log_weight = -std::log(128.0);

GaugeArms between(const GaugeArms& arms, std::size_t from, std::size_t to) {
  const auto part = [=](const std::vector<double>& values) {
    return std::vector<double>(values.begin() + static_cast<std::ptrdiff_t>(from),
                               values.begin() + static_cast<std::ptrdiff_t>(to));
  };
  return {true, part(arms.baseline), part(arms.canary)};
}

struct Means {
  explicit Means(const GaugeArms& arms)
      : baseline(mean_of(arms.baseline)), canary(mean_of(arms.canary)) {}
  [[nodiscard]] bool positive() const { return baseline > 0 && canary > 0; }
  double baseline;
  double canary;
};

double log_sum(double a, double b) {
  const double larger = std::max(a, b);
  return std::isfinite(larger) ? larger + std::log1p(std::exp(std::min(a, b) - larger)) : larger;
}

// Of either direction; nothing where one side of the split is too short.
std::optional<double> log_e_moved(const GaugeArms& before, const GaugeArms& after,
                                  Evidence::Scale scale, double margin) {
  const GaugeAdjustment level({before, {}}, scale);
  if (!level.obstacle().empty()) return std::nullopt;
  const AdjustableArms followed{after, {}};
  const Effect effect = sequential_gauge(level.contrast(std::span(&followed, 1)), scale);
  if (!effect.obstacle.empty()) return std::nullopt;
  return log_sum(effect.log_e_above(margin), effect.log_e_below(-margin)) - std::numbers::ln2;
}

}  // namespace

std::optional<ArmDrift> arm_drift(const SlicedArms& arms, Evidence::Scale scale, double margin) {
  const std::size_t size = arms.values.baseline.size();
  const bool relative = scale == Evidence::Scale::relative;
  std::optional<ArmDrift> drift;
  double most = -infinity;
  for (std::size_t split = first_split; split < size; split += split_step) {
    const GaugeArms before = between(arms.values, 0, split);
    const GaugeArms after = between(arms.values, split, size);
    const Means first(before);
    const Means then(after);
    if (relative && !(first.positive() && then.positive())) continue;
    const std::optional<double> log_e = log_e_moved(before, after, scale, margin);
    if (!log_e) continue;
    if (!drift) drift = ArmDrift{-infinity, 0, 0, 0};
    drift->log_e = log_sum(drift->log_e, *log_e + log_weight);
    if (*log_e < most) continue;
    most = *log_e;
    drift->after_s = static_cast<double>(split) * arms.width_s;
    drift->baseline =
        relative ? then.baseline / first.baseline - 1 : then.baseline - first.baseline;
    drift->canary = relative ? then.canary / first.canary - 1 : then.canary - first.canary;
  }
  return drift;
}

}  // namespace haldane::analysis
