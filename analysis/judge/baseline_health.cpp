#include "analysis/judge/baseline_health.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "analysis/judge/arm_drift.h"
#include "analysis/judge/compacted_arms.h"
#include "analysis/judge/rate_dispersion.h"
#include "analysis/judge/shared_rows.h"
#include "analysis/sequential/bernoulli_evidence.h"

namespace haldane::analysis {
namespace {

// Strongest at some 80 units of variance, as for quantiles.
constexpr double strength = 5;

// The columns of a rate, by slice where they are compacted; nothing where one arm lacks them.
class RateColumns {
 public:
  explicit RateColumns(const MetricCase& judged) : events_(judged.columns()) {
    const std::string& name = judged.metric().exposure;
    if (!name.empty()) exposure_ = columns_of(judged.tables(), name);
    complete_ = (exposure_.baseline == nullptr) == (exposure_.canary == nullptr);
    if (!complete_ || !(is_compacted(events_) || is_compacted(exposure_))) return;
    slices_.emplace(events_, exposure_);
    events_ = slices_->events();
    exposure_ = slices_->exposure();
  }
  ~RateColumns() = default;
  RateColumns(const RateColumns&) = delete;
  RateColumns& operator=(const RateColumns&) = delete;

  [[nodiscard]] bool complete() const { return complete_; }
  [[nodiscard]] const ColumnPair& events() const { return events_; }
  [[nodiscard]] const ColumnPair& exposure() const { return exposure_; }

 private:
  ColumnPair events_;
  ColumnPair exposure_;
  bool complete_ = false;
  std::optional<RateSlices> slices_;
};

// Events that come in bursts count for as many as they do when the arms are compared.
double dispersion_of(const RateColumns& rate) {
  const RateDispersion seen = rate_dispersion(rate.events(), rate.exposure(), EventLaw::bernoulli);
  return seen.early ? std::max(seen.factor, early_rate_dispersion) : seen.factor;
}

void doubt_level(MetricCase& judged) {
  const double limit = *judged.metric().unhealthy_above;
  const RateColumns rate(judged);
  if (!rate.complete()) return;
  const RateArms arms = rate_arms(rate.events(), rate.exposure());
  const RateArm& b = arms.baseline;
  if (!(b.exposure > 0) || !(arms.canary.exposure > 0) || b.events < 0 || b.events > b.exposure)
    return;
  const double dispersion = dispersion_of(rate);
  const double log_e = BernoulliEvidence::with_strength(limit, strength)
                           .log_e_greater(b.events / dispersion, b.exposure / dispersion);
  if (log_e < -std::log(judged.share().rollback)) return;
  judged.doubt(
      fmt::format("unhealthy baseline: {} are {:.3g} %, shown to be above the {:g} % from which "
                  "on it is unhealthy",
                  judged.metric().name, 100 * b.events / b.exposure, 100 * limit));
}

SlicedArms sliced(const MetricCase& judged) {
  switch (judged.metric().kind) {
    case MetricKind::samples:
      return sliced_medians(judged.columns());
    case MetricKind::gauge:
      return sliced_means(judged.columns());
    case MetricKind::ratio:
    case MetricKind::count:
      break;
  }
  const RateColumns rate(judged);
  return rate.complete() ? sliced_rates(rate.events(), rate.exposure()) : SlicedArms{};
}

// A canary that grew better by itself was warming up.
bool warmed_up(const ArmDrift& drift, Worse worse) {
  if (std::abs(drift.baseline) > std::abs(drift.canary)) return false;
  return worse == Worse::higher ? drift.canary < 0 : worse == Worse::lower && drift.canary > 0;
}

void doubt_steadiness(MetricCase& judged) {
  const Evidence& entry = judged.assessments().front().evidence;
  const auto drift = arm_drift(sliced(judged), entry.scale, entry.margin);
  if (!drift || drift->log_e < -std::log(judged.share().rollback)) return;
  if (warmed_up(*drift, judged.metric().worse)) return;
  judged.doubt(fmt::format(
      "the arms moved apart: {} of the baseline by {} after {:g} s of the window, of the canary "
      "by {}",
      judged.metric().name, format_effect(drift->baseline, entry.scale), drift->after_s,
      format_effect(drift->canary, entry.scale)));
}

bool has_rows(const ObservationColumn& column) {
  return !column.values.empty() || column.sketch;
}

void doubt_rows(MetricCase& judged) {
  const SharedRows shared = shared_rows(judged.columns());
  if (!is_contaminated(shared)) return;
  judged.doubt(
      fmt::format("contaminated arms: {:.2g} % of the smaller one's {} are in the other one too, "
                  "far more than by chance",
                  100 * std::min(shared.share, 1.0), judged.metric().name));
}

}  // namespace

void doubt_baseline(MetricCase& judged) {
  const MetricPolicy& metric = judged.metric();
  if (metric.role == Role::informational) return;
  if (metric.unhealthy_above) doubt_level(judged);
  if (!has_rows(*judged.columns().baseline) || !has_rows(*judged.columns().canary)) return;
  if (!judged.steps()) doubt_steadiness(judged);  // steps move what an arm has to carry
  if (metric.kind == MetricKind::samples) doubt_rows(judged);
}

}  // namespace haldane::analysis
