#include "analysis/judge/steps.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>

#include "analysis/compare/normal.h"

namespace haldane::analysis {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double z_max = 37;  // beyond it a p-value is 0 or 1 in double precision

using Parts = std::shared_ptr<const std::vector<Effect>>;
using OfEffect = std::function<double(double)> Effect::*;

double size_of(const Effect& effect) {
  return std::max(0.0, effect.n_effective.value_or(0));
}

double joined_log_e(const std::vector<Effect>& parts, OfEffect log_e, double bound) {
  double sum = 0;
  for (const Effect& part : parts) sum += (part.*log_e)(bound);
  return sum;
}

double z_of(double p) {
  if (!(p > 0)) return z_max;
  return p < 1 ? std::clamp(normal_upper_quantile(p), -z_max, z_max) : -z_max;
}

double joined_p(const std::vector<Effect>& parts, OfEffect p, double bound) {
  double sum = 0;
  double squares = 0;
  for (const Effect& part : parts) {
    sum += std::sqrt(size_of(part)) * z_of((part.*p)(bound));
    squares += size_of(part);
  }
  return squares > 0 ? normal_above(sum / std::sqrt(squares)) : 1;
}

// An error at which bounds of single parts are so far out that the joined evidence, were every part
// to say just that, would not refute at `error`.
double error_a_part(double error, std::size_t parts, bool by_e_values) {
  const double count = static_cast<double>(parts);
  return by_e_values ? std::pow(error, 1 / count)
                     : std::min(0.5, normal_above(normal_upper_quantile(error) / std::sqrt(count)));
}

// Where `refuted` changes, seen from the side on which it is true. Sides without an end are
// searched for one, and where there is none nothing can be said.
template <class Refuted>
double crossing(double refuted_at, double open_at, double nowhere, const Refuted& refuted) {
  if (!std::isfinite(open_at)) return nowhere;
  if (!std::isfinite(refuted_at)) {
    double step = std::max(std::abs(open_at), 1e-9);
    refuted_at = open_at;
    for (int i = 0; i < 60 && !refuted(refuted_at); ++i, step *= 2) {
      refuted_at += nowhere < 0 ? -step : step;
    }
    if (!refuted(refuted_at)) return nowhere;
  }
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (refuted_at + open_at);
    (refuted(middle) ? refuted_at : open_at) = middle;
  }
  return refuted_at;
}

double joined_low(const Effect& joined, const std::vector<Effect>& parts, double error) {
  const bool by_e_values = static_cast<bool>(joined.log_e_above);
  const double each = error_a_part(error, parts.size(), by_e_values);
  double refuted_at = infinity;
  double open_at = -infinity;
  for (const Effect& part : parts) {
    refuted_at = std::min(refuted_at, part.low(error));
    open_at = std::max(open_at, part.low(each));
  }
  return crossing(refuted_at, open_at, -infinity, [&](double bound) {
    return by_e_values ? joined.log_e_above(bound) >= -std::log(error)
                       : joined.p_above(bound) <= error;
  });
}

double joined_high(const Effect& joined, const std::vector<Effect>& parts, double error) {
  const bool by_e_values = static_cast<bool>(joined.log_e_below);
  const double each = error_a_part(error, parts.size(), by_e_values);
  double refuted_at = -infinity;
  double open_at = infinity;
  for (const Effect& part : parts) {
    refuted_at = std::max(refuted_at, part.high(error));
    open_at = std::min(open_at, part.high(each));
  }
  return crossing(refuted_at, open_at, infinity, [&](double bound) {
    return by_e_values ? joined.log_e_below(bound) >= -std::log(error)
                       : joined.p_below(bound) <= error;
  });
}

void join_evidence(Effect& joined, const Parts& parts) {
  if (parts->front().log_e_above) {
    joined.log_e_above = [parts](double b) {
      return joined_log_e(*parts, &Effect::log_e_above, b);
    };
    joined.log_e_below = [parts](double b) {
      return joined_log_e(*parts, &Effect::log_e_below, b);
    };
  } else {
    joined.p_above = [parts](double b) { return joined_p(*parts, &Effect::p_above, b); };
    joined.p_below = [parts](double b) { return joined_p(*parts, &Effect::p_below, b); };
  }
  const bool bounded = std::all_of(parts->begin(), parts->end(),
                                   [](const Effect& part) { return part.low && part.high; });
  if (!bounded) return;
  Effect evidence;
  evidence.log_e_above = joined.log_e_above;
  evidence.log_e_below = joined.log_e_below;
  evidence.p_above = joined.p_above;
  evidence.p_below = joined.p_below;
  joined.low = [evidence, parts](double error) { return joined_low(evidence, *parts, error); };
  joined.high = [evidence, parts](double error) { return joined_high(evidence, *parts, error); };
}

// The joined effect without caution; none where no step has one.
std::shared_ptr<const Effect> join_without_caution(const std::vector<Effect>& steps) {
  bool cautious = false;
  std::vector<Effect> bold;
  for (const Effect& step : steps) {
    cautious = cautious || step.without_caution;
    bold.push_back(step.without_caution ? *step.without_caution : step);
  }
  return cautious ? std::make_shared<const Effect>(join_steps(std::move(bold))) : nullptr;
}

}  // namespace

Effect join_steps(std::vector<Effect> steps) {
  std::vector<Effect> usable;
  for (const Effect& step : steps) {
    if (step.obstacle.empty()) usable.push_back(step);
  }
  if (usable.empty()) return std::move(steps.back());
  if (usable.size() == 1) return std::move(usable.front());
  Effect joined;
  joined.method = usable.front().method + "_by_step";
  joined.cannot_show_inside = usable.front().cannot_show_inside;
  double size = 0;
  double sum = 0;
  for (const Effect& step : usable) {
    if (!step.estimate) continue;
    size += size_of(step);
    sum += size_of(step) * *step.estimate;
  }
  if (size > 0) joined.estimate = sum / size;
  double total = 0;
  for (const Effect& step : usable) total += size_of(step);
  joined.n_effective = total;
  joined.without_caution = join_without_caution(usable);
  join_evidence(joined, std::make_shared<const std::vector<Effect>>(std::move(usable)));
  return joined;
}

}  // namespace haldane::analysis
