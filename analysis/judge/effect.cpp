#include "analysis/judge/effect.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace haldane::analysis {
namespace {

std::optional<double> finite(double bound) {
  return std::isfinite(bound) ? std::optional(bound) : std::nullopt;
}

bool judges_higher(Worse worse) {
  return worse != Worse::lower;
}
bool judges_lower(Worse worse) {
  return worse != Worse::higher;
}

// Is "effect <= bound" (above) or "effect >= bound" refuted at this error?
bool refuted(const std::function<double(double)>& log_e, const std::function<double(double)>& p,
             double bound, double error) {
  if (log_e) return log_e(bound) >= -std::log(error);
  return p && p(bound) <= error;
}

bool above(const Effect& effect, double bound, double error) {
  return refuted(effect.log_e_above, effect.p_above, bound, error);
}
bool below(const Effect& effect, double bound, double error) {
  return refuted(effect.log_e_below, effect.p_below, bound, error);
}

// Of the error of a rollback, what the effect over all the time has.
double whole_part(const Effect& effect) {
  return effect.later ? 1 - later_error_part : 1;
}

bool is_beyond(const Effect& effect, double margin, Worse worse, double error) {
  const double side = worse == Worse::either ? error / 2 : error;
  return (judges_higher(worse) && above(effect, margin, side)) ||
         (judges_lower(worse) && below(effect, -margin, side));
}

bool is_beyond_whole(const Effect& effect, double margin, Worse worse, double error) {
  return effect.obstacle.empty() && is_beyond(effect, margin, worse, error * whole_part(effect));
}

// What a later part of the time says; null where it says nothing.
const Effect* later_effect(const Effect& effect) {
  const bool says = effect.later && effect.later->effect && effect.later->effect->obstacle.empty();
  return says ? &*effect.later->effect : nullptr;
}

bool is_beyond_later(const Effect& effect, double margin, Worse worse, double error) {
  const Effect* later = later_effect(effect);
  return later != nullptr && is_beyond(*later, margin, worse, error * effect.later->error_part);
}

Evidence::Outcome decide(const Effect& effect, double margin, Worse worse,
                         const ErrorShare& share) {
  const bool beyond = is_beyond_whole(effect, margin, worse, share.rollback) ||
                      is_beyond_later(effect, margin, worse, share.rollback);
  if (beyond) return Evidence::Outcome::beyond_margin;
  if (!effect.obstacle.empty()) return Evidence::Outcome::undecided;
  const bool inside = !effect.cannot_show_inside &&
                      (!judges_higher(worse) || below(effect, margin, share.inside)) &&
                      (!judges_lower(worse) || above(effect, -margin, share.inside));
  return inside ? Evidence::Outcome::within_margin : Evidence::Outcome::undecided;
}

// The interval shows the two bounds that the decision looks at: towards "worse" the error share of
// a rollback, away from it that of a promotion.
void fill_interval(const Effect& effect, Worse worse, const ErrorShare& share, Evidence& evidence) {
  if (!effect.low) return;
  const double rollback = share.rollback * whole_part(effect);
  const double either = std::min(rollback / 2, share.inside);
  const double low_error = worse == Worse::higher  ? rollback
                           : worse == Worse::lower ? share.inside
                                                   : either;
  const double high_error = worse == Worse::higher  ? share.inside
                            : worse == Worse::lower ? rollback
                                                    : either;
  evidence.ci_low = finite(effect.low(low_error));
  evidence.ci_high = finite(effect.high(high_error));
}

double e_value_beyond(const Effect& effect, double margin, Worse worse) {
  double log_e = -std::numeric_limits<double>::infinity();
  if (judges_higher(worse)) log_e = std::max(log_e, effect.log_e_above(margin));
  if (judges_lower(worse)) log_e = std::max(log_e, effect.log_e_below(-margin));
  if (worse == Worse::either) log_e -= std::log(2.0);
  return std::exp(std::min(log_e, 690.0));
}

// Strength of the evidence that the effect is beyond its margin. With two sides, the stronger one,
// counted for two looks.
void fill_strength(const Effect& effect, double margin, Worse worse, Evidence& evidence) {
  if (effect.log_e_above) {
    double e_value = 0;
    if (effect.obstacle.empty())
      e_value = whole_part(effect) * e_value_beyond(effect, margin, worse);
    if (const Effect* later = later_effect(effect))
      e_value += effect.later->error_part * e_value_beyond(*later, margin, worse);
    evidence.e_value = e_value;
  } else if (effect.p_above) {
    double p = 1;
    if (judges_higher(worse)) p = std::min(p, effect.p_above(margin));
    if (judges_lower(worse)) p = std::min(p, effect.p_below(-margin));
    evidence.p_value = worse == Worse::either ? std::min(1.0, 2 * p) : p;
  }
}

// Strength of the evidence that it is inside, with both sides the weaker one: an intersection-union
// test, so neither is counted twice (Schuirmann's two one-sided tests).
void fill_equivalence(const Effect& effect, double margin, Worse worse, Evidence& evidence) {
  if (effect.log_e_above || !effect.p_above || effect.cannot_show_inside) return;
  double p = 0;
  if (judges_higher(worse)) p = std::max(p, effect.p_below(margin));
  if (judges_lower(worse)) p = std::max(p, effect.p_above(-margin));
  evidence.equivalence_p_value = p;
}

// Intervals shrink with the square root of the data, until a planned end with the data themselves:
// the factor that brings the bound to the margin.
std::optional<double> growth(double estimate, double bound, double margin, const Effect& effect) {
  const double gap = std::abs(margin - estimate);
  const double width = std::abs(bound - estimate);
  if (!std::isfinite(width) || !(gap > 0)) return std::nullopt;
  const double lasting = effect.lasting_share;
  const double shrinks_to = (gap / width) * (gap / width) - lasting;
  double factor = width > gap ? (1 - lasting) / shrinks_to : 1;
  if (!(factor > 0)) return std::nullopt;
  if (width > gap) factor = std::max(width / gap, effect.planned_share * factor);
  // Beyond this the estimate sits on the margin, and no amount of data can be named.
  return factor < 1e4 ? std::optional(std::max(factor, 1.0)) : std::nullopt;
}

// Uses the bounds of the interval: they are those that the decision looks at (for `either` the
// wider ones, which asks for a little too much).
void fill_growth(const Effect& effect, Worse worse, Assessment& assessment) {
  if (effect.least_growth) {
    assessment.growth_to_inside = assessment.growth_to_beyond = effect.least_growth;
    return;
  }
  const Evidence& e = assessment.evidence;
  if (!e.estimate || !effect.low) return;
  const auto [least, greatest] =
      effect.estimate_within.value_or(std::pair(*e.estimate, *e.estimate));
  const auto grown_up = [&](double margin) {
    return e.ci_high && greatest < margin ? growth(greatest, *e.ci_high, margin, effect)
                                          : std::nullopt;
  };
  const auto grown_down = [&](double margin) {
    return e.ci_low && least > margin ? growth(least, *e.ci_low, margin, effect) : std::nullopt;
  };
  if (judges_higher(worse) && *e.estimate > e.margin) {
    assessment.growth_to_beyond = grown_down(e.margin);
  } else if (judges_lower(worse) && *e.estimate < -e.margin) {
    assessment.growth_to_beyond = grown_up(-e.margin);
  } else if (!effect.cannot_show_inside) {
    const auto up = judges_higher(worse) ? grown_up(e.margin) : 1.0;
    const auto down = judges_lower(worse) ? grown_down(-e.margin) : 1.0;
    if (up && down) assessment.growth_to_inside = std::max(*up, *down);
  }
}

bool is_suspect(const Effect& effect, const Evidence& evidence, Worse worse,
                const ErrorShare& share) {
  return evidence.outcome == Evidence::Outcome::undecided && effect.without_caution &&
         decide(*effect.without_caution, evidence.margin, worse, share) ==
             Evidence::Outcome::beyond_margin;
}

std::string interval_text(const Evidence& e) {
  const auto bound = [&e](const std::optional<double>& value) {
    return value ? format_effect(*value, e.scale) : std::string("unbounded");
  };
  return fmt::format("[{}, {}]", bound(e.ci_low), bound(e.ci_high));
}

// The canary is beyond its margin by what it did from some time on.
std::string later_text(const LaterStart& later, const Evidence& e) {
  const std::string change =
      later.effect->estimate
          ? fmt::format(", change {}", format_effect(*later.effect->estimate, e.scale))
          : std::string();
  return fmt::format("{}: from minute {:.0f} on{}: beyond the margin of {}", metric_label(e),
                     later.after_s / 60, change, format_effect(e.margin, e.scale).substr(1));
}

// Whether the estimate may lie on both sides of a margin, for all that its bins say.
bool is_blurred(const Effect& effect, double margin, Worse worse) {
  if (!effect.estimate_within) return false;
  const auto [least, greatest] = *effect.estimate_within;
  return (judges_higher(worse) && least <= margin && margin <= greatest) ||
         (judges_lower(worse) && least <= -margin && -margin <= greatest);
}

std::string undecided_text(bool blurred, const std::string& margin) {
  if (!blurred) return fmt::format(": not yet clear of the margin of {}", margin);
  return fmt::format(
      ": the bins around it are too wide to tell it from the margin of {}, which more data will "
      "hardly change",
      margin);
}

std::string describe(const Effect& effect, const Evidence& e, Worse worse) {
  std::string text = metric_label(e);
  if (e.baseline.value && e.canary.value) {
    text += fmt::format(": {:.4g} -> {:.4g}", *e.baseline.value, *e.canary.value);
  }
  if (!effect.obstacle.empty()) return text + ": " + effect.obstacle;
  if (e.estimate) text += fmt::format(", change {}", format_effect(*e.estimate, e.scale));
  if (e.adjustment) {
    text += fmt::format(" (beside {} before the release)",
                        format_effect(e.adjustment->before, e.scale));
  }
  if (effect.low) text += ", interval " + interval_text(e);
  if (e.p_value) text += fmt::format(", p = {:.2g}", *e.p_value);
  const std::string margin = format_effect(e.margin, e.scale).substr(1);
  switch (e.outcome) {
    case Evidence::Outcome::beyond_margin:
      return text + fmt::format(": beyond the margin of {}", margin);
    case Evidence::Outcome::within_margin:
      return text + fmt::format(": within the margin of {}", margin);
    case Evidence::Outcome::undecided:
      return text + undecided_text(is_blurred(effect, e.margin, worse), margin);
    case Evidence::Outcome::reported:
      return text + fmt::format(": reported only (margin {})", margin);
  }
  return text;
}

std::string reason_of(const Effect& effect, const Evidence& e, Worse worse,
                      const ErrorShare& share) {
  const bool by_later_start = e.outcome == Evidence::Outcome::beyond_margin &&
                              !is_beyond_whole(effect, e.margin, worse, share.rollback);
  return by_later_start ? later_text(*effect.later, e) : describe(effect, e, worse);
}

}  // namespace

std::string format_effect(double effect, Evidence::Scale scale) {
  return scale == Evidence::Scale::relative ? fmt::format("{:+.3g} %", effect * 100)
                                            : fmt::format("{:+.4g}", effect);
}

std::string metric_label(const Evidence& evidence) {
  return evidence.quantile ? fmt::format("{} p{:g}", evidence.name, *evidence.quantile * 100)
                           : evidence.name;
}

Assessment assess(const Effect& effect, Evidence evidence, Worse worse, const ErrorShare& share) {
  evidence.method = effect.method;
  evidence.estimate = effect.estimate;
  evidence.n_effective = effect.n_effective;
  Assessment assessment;
  assessment.share = share;
  const double margin = evidence.margin;
  if (effect.obstacle.empty()) {
    fill_interval(effect, worse, share, evidence);
    fill_equivalence(effect, margin, worse, evidence);
  }
  if (effect.obstacle.empty() || later_effect(effect) != nullptr) {
    fill_strength(effect, margin, worse, evidence);
    evidence.outcome = decide(effect, margin, worse, share);
  }
  if (evidence.role == Role::informational) evidence.outcome = Evidence::Outcome::reported;
  assessment.suspect = is_suspect(effect, evidence, worse, share);
  evidence.reason = reason_of(effect, evidence, worse, share);
  if (assessment.suspect) {
    evidence.reason +=
        fmt::format(", but beyond it unless {}, which is too early to say",
                    evidence.kind == MetricKind::samples ? "its requests share what slows them"
                                                         : "its events come in bursts");
  }
  assessment.evidence = std::move(evidence);
  fill_growth(effect, worse, assessment);
  return assessment;
}

}  // namespace haldane::analysis
