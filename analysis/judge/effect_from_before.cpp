#include "analysis/judge/effect_from_before.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace haldane::analysis {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double tolerance = 0.02;  // of a log e-value
constexpr int splits_max = 100;
// Each e-value is mixed with the constant 1, which costs 0.05 in its logarithm and keeps it from
// falling to nothing far from its data.
constexpr double weight_of_one = 0.05;

using OfPlace = std::function<double(double)>;

double mixed(double log_e) {
  if (log_e > 100) return log_e + std::log1p(-weight_of_one);
  return std::log(weight_of_one + (1 - weight_of_one) * std::exp(log_e));
}

// Effects where they add: logarithms of ratios, or differences.
struct Coordinate {
  bool relative;
  [[nodiscard]] double to(double effect) const {
    if (!relative) return effect;
    return effect > -1 ? std::log1p(effect) : -infinity;
  }
  [[nodiscard]] double from(double place) const { return relative ? std::expm1(place) : place; }
};

struct Cell {
  double from, to;
  double rising_from, falling_from;  // at its ends
  double rising_to, falling_to;
  // Nowhere between is the sum less, since one rises and the other falls.
  [[nodiscard]] double least() const { return rising_from + falling_to; }
  [[nodiscard]] double seen() const {
    return std::min(rising_from + falling_from, rising_to + falling_to);
  }
};

// A lower bound of the least sum of both over all places, found by splitting where it may be least.
double least_sum(const OfPlace& rising, const OfPlace& falling, double from, double to) {
  const Cell first{from, to, rising(from), falling(from), rising(to), falling(to)};
  const double floor = std::log(weight_of_one);
  const double outside = floor + std::min(first.falling_from, first.rising_to);
  const auto more = [](const Cell& a, const Cell& b) { return a.least() > b.least(); };
  std::vector<Cell> cells = {first};
  for (int split = 0; split < splits_max; ++split) {
    const Cell cell = cells.front();
    if (cell.least() >= outside || cell.seen() - cell.least() < tolerance) break;
    std::pop_heap(cells.begin(), cells.end(), more);
    cells.pop_back();
    const double middle = 0.5 * (cell.from + cell.to);
    const double r = rising(middle);
    const double f = falling(middle);
    cells.push_back({cell.from, middle, cell.rising_from, cell.falling_from, r, f});
    std::push_heap(cells.begin(), cells.end(), more);
    cells.push_back({middle, cell.to, r, f, cell.rising_to, cell.falling_to});
    std::push_heap(cells.begin(), cells.end(), more);
  }
  return std::min(outside, cells.front().least());
}

// Both times, and where the effects lie.
class BothTimes {
 public:
  BothTimes(Effect before, Effect after, Evidence::Scale scale)
      : before_(std::move(before)),
        after_(std::move(after)),
        coordinate_{scale == Evidence::Scale::relative} {}

  // Against "after is at most `bound` beyond before".
  [[nodiscard]] double log_e_above(double bound) const {
    const double shift = coordinate_.to(bound);
    return over_offsets([&](double p) { return mixed(before_.log_e_below(at(p))); },
                        [&](double p) { return mixed(after_.log_e_above(at(p + shift))); },
                        [&](double error) {
                          return std::pair(coordinate_.to(after_.low(error)) - shift,
                                           coordinate_.to(before_.high(error)));
                        });
  }
  [[nodiscard]] double log_e_below(double bound) const {
    const double shift = coordinate_.to(bound);
    return over_offsets([&](double p) { return mixed(after_.log_e_below(at(p + shift))); },
                        [&](double p) { return mixed(before_.log_e_above(at(p))); },
                        [&](double error) {
                          return std::pair(coordinate_.to(before_.low(error)),
                                           coordinate_.to(after_.high(error)) - shift);
                        });
  }
  // The last bound that is refuted, seen from outside.
  [[nodiscard]] double low(double error) const {
    const double outer =
        coordinate_.to(after_.low(error / 8)) - coordinate_.to(before_.high(error / 8));
    return last_refuted(outer, -infinity, error, &BothTimes::log_e_above);
  }
  [[nodiscard]] double high(double error) const {
    const double outer =
        coordinate_.to(after_.high(error / 8)) - coordinate_.to(before_.low(error / 8));
    return last_refuted(outer, infinity, error, &BothTimes::log_e_below);
  }
  [[nodiscard]] std::optional<double> estimate() const {
    if (!before_.estimate || !after_.estimate) return std::nullopt;
    const double place = coordinate_.to(*after_.estimate) - coordinate_.to(*before_.estimate);
    return std::isfinite(place) ? std::optional(at(place)) : std::nullopt;
  }
  // Part of the squared width that comes from the time before.
  [[nodiscard]] double lasting_share() const {
    const double before = width(before_);
    const double after = width(after_);
    return std::isfinite(before) && std::isfinite(after)
               ? before * before / (before * before + after * after)
               : 0;
  }

 private:
  [[nodiscard]] double at(double place) const { return coordinate_.from(place); }
  [[nodiscard]] double width(const Effect& effect) const {
    return coordinate_.to(effect.high(0.05)) - coordinate_.to(effect.low(0.05));
  }

  // Between the outermost bounds that both times have.
  template <class Range>
  [[nodiscard]] static double over_offsets(const OfPlace& rising, const OfPlace& falling,
                                           const Range& range) {
    for (const double error : {1e-12, 1e-8, 1e-5, 1e-3, 1e-2, 0.1}) {
      const auto [from, to] = range(error);
      if (!std::isfinite(from) || !std::isfinite(to)) continue;
      return least_sum(rising, falling, std::min(from, to), std::max(from, to));
    }
    return 2 * std::log(weight_of_one);
  }

  [[nodiscard]] double last_refuted(double refuted_at, double nowhere, double error,
                                    double (BothTimes::*log_e)(double) const) const {
    const auto middle_place = estimate();
    if (!middle_place || !std::isfinite(refuted_at)) return nowhere > 0 ? nowhere : at(nowhere);
    double open_at = coordinate_.to(*middle_place);
    const auto refuted = [&](double p) { return (this->*log_e)(at(p)) >= -std::log(error); };
    for (int i = 0; i < 8 && !refuted(refuted_at); ++i) refuted_at += refuted_at - open_at;
    if (!refuted(refuted_at)) return nowhere > 0 ? nowhere : at(nowhere);
    for (int i = 0; i < 20; ++i) {
      const double middle = 0.5 * (refuted_at + open_at);
      (refuted(middle) ? refuted_at : open_at) = middle;
    }
    return at(refuted_at);
  }

  Effect before_;
  Effect after_;
  Coordinate coordinate_;
};

}  // namespace

Effect effect_from_before(Effect before, Effect after, Evidence::Scale scale) {
  if (!before.obstacle.empty()) return impossible("before the release: " + before.obstacle);
  Effect effect;
  effect.method = after.method + "_from_before";
  effect.n_effective = after.n_effective;
  effect.obstacle = after.obstacle;
  effect.least_growth = after.least_growth;
  if (after.without_caution) {
    effect.without_caution =
        std::make_shared<const Effect>(effect_from_before(before, *after.without_caution, scale));
  }
  const auto both = std::make_shared<const BothTimes>(std::move(before), std::move(after), scale);
  effect.estimate = both->estimate();
  effect.lasting_share = both->lasting_share();
  effect.low = [both](double error) { return both->low(error); };
  effect.high = [both](double error) { return both->high(error); };
  effect.log_e_above = [both](double bound) { return both->log_e_above(bound); };
  effect.log_e_below = [both](double bound) { return both->log_e_below(bound); };
  return effect;
}

Effect adjusted(MetricCase& judged, Effect after, Evidence& evidence, Evidence::Scale scale,
                const std::function<Effect(const MetricCase& before)>& effect_of) {
  if (!judged.metric().from_pre_period || !after.obstacle.empty()) return after;
  if (judged.before() == nullptr) {
    return impossible("not every value has its time, so nothing is known of the time before");
  }
  const MetricCase before = judged.before_release();
  if (!has_observations(before.columns()))
    return impossible("an arm has no data before the release");
  Effect first = effect_of(before);
  if (first.estimate) {
    evidence.scale = scale;
    evidence.adjustment = Adjustment{*first.estimate, {}, {}, {}};
    judged.remark(fmt::format(
        "{}: measured from before the release, when the canary stood {} from the baseline",
        metric_label(evidence), format_effect(*first.estimate, scale)));
  }
  return effect_from_before(std::move(first), std::move(after), scale);
}

}  // namespace haldane::analysis
