#include "analysis/judge/rate_dispersion.h"

#include <algorithm>
#include <cmath>

#include "analysis/judge/time_slices.h"

namespace haldane::analysis {
namespace {

constexpr std::size_t parts_min = 8;  // fewer tell nothing about a variance
// Below what chance hardly ever exceeds at a look, dispersion costs power for nothing: at 2 to 2.5
// one in thirty releases with independent errors was missed for it.
constexpr double clear_of_chance_sd = 3.5;
// An incident of hundreds of errors that one arm alone had is a reason to act, whatever it was.
constexpr double dispersion_max = 50;
constexpr double early_s = 120;
constexpr double events_for_a_small_share = 40;

// One part of the time: how much more the canary had than the baseline's rate predicts, and what
// independent events would scatter by.
struct Part {
  double difference = 0;
  double variance = 0;
  double null_variance = 0;  // were the arms' rates alike
  double fourth_cumulant = 0;
  double weight = 0;
};

struct ArmSlices {
  std::vector<double> events;
  std::vector<double> exposure;
};

ArmSlices slices_of(const ObservationColumn& events, const ObservationColumn* exposure,
                    const TimeAxis& axis) {
  const auto inside = [&axis](const ObservationColumn& column, std::size_t i) {
    const double since_s = column.times_s[i] - axis.begin_s;
    return since_s >= 0 && since_s <= axis.span_s();
  };
  const auto values_of = [&](const ObservationColumn& column) {
    return slice_sums(column, axis,
                      [&](std::size_t i) { return inside(column, i) ? column.values[i] : 0.0; });
  };
  if (exposure != nullptr) return {values_of(events), values_of(*exposure)};
  return {values_of(events),
          slice_sums(events, axis, [&](std::size_t i) { return inside(events, i) ? 1.0 : 0.0; })};
}

// The time that both arms cover.
struct SharedTime {
  double begin_s = 0;
  double end_s = 0;
};

SharedTime shared_time(const ColumnPair& columns) {
  const auto [b_first, b_last] = time_range(*columns.baseline);
  const auto [c_first, c_last] = time_range(*columns.canary);
  return {std::max(b_first, c_first), std::min(b_last, c_last)};
}

// In slices of at least one row of the smaller arm on average.
TimeAxis axis_over(const SharedTime& time, const ColumnPair& columns) {
  TimeAxis axis;
  axis.begin_s = time.begin_s;
  const double end_s = time.end_s;
  if (!(end_s > axis.begin_s)) return axis;
  const auto rows = [&](const ObservationColumn& column) {
    return std::count_if(column.times_s.begin(), column.times_s.end(),
                         [&](double t) { return t >= axis.begin_s && t <= end_s; });
  };
  axis.slices = static_cast<int>(std::min<std::ptrdiff_t>(
      slices_max, std::min(rows(*columns.baseline), rows(*columns.canary))));
  if (axis.slices > 0) axis.width_s = (end_s - axis.begin_s) / axis.slices;
  return axis;
}

// Parts in which both arms were exposed.
std::vector<Part> parts_of(const ArmSlices& baseline, const ArmSlices& canary) {
  std::vector<Part> parts;
  for (std::size_t i = 0; i < baseline.events.size(); ++i) {
    const double exposed = baseline.exposure[i] + canary.exposure[i];
    if (!(baseline.exposure[i] > 0) || !(canary.exposure[i] > 0)) continue;
    const double share = canary.exposure[i] / exposed;
    const double of_canary = (1 - share) * (1 - share);
    const double of_baseline = share * share;
    const double c = canary.events[i];
    const double b = baseline.events[i];
    parts.push_back({(1 - share) * c - share * b, of_canary * c + of_baseline * b,
                     share * (1 - share) * (b + c),
                     of_canary * of_canary * c + of_baseline * of_baseline * b,
                     share * baseline.exposure[i]});
  }
  return parts;
}

// Neighbours joined; an odd one at the beginning is left out.
std::vector<Part> joined(const std::vector<Part>& parts) {
  std::vector<Part> pairs(parts.size() / 2);
  const std::size_t first = parts.size() % 2;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    for (const Part& part : {parts[first + 2 * i], parts[first + 2 * i + 1]}) {
      pairs[i].difference += part.difference;
      pairs[i].variance += part.variance;
      pairs[i].null_variance += part.null_variance;
      pairs[i].fourth_cumulant += part.fourth_cumulant;
      pairs[i].weight += part.weight;
    }
  }
  return pairs;
}

// Differences less the constant one that explains them best.
std::vector<double> deviations_of(const std::vector<Part>& parts) {
  double difference = 0;
  double weight = 0;
  for (const Part& part : parts) {
    difference += part.difference;
    weight += part.weight;
  }
  std::vector<double> deviations;
  deviations.reserve(parts.size());
  for (const Part& part : parts) {
    deviations.push_back(part.difference - part.weight * difference / weight);
  }
  return deviations;
}

// What parts that follow one another are fewer than they seem, where their correlation is clear.
double correlation_factor(const std::vector<double>& deviations, double squares) {
  double products = 0;
  for (std::size_t i = 1; i < deviations.size(); ++i) products += deviations[i] * deviations[i - 1];
  const double correlation = std::min(products / squares, 0.9);
  const bool clear =
      correlation > clear_of_chance_sd / std::sqrt(static_cast<double>(deviations.size()));
  return clear ? (1 + correlation) / (1 - correlation) : 1;
}

// `scale` turns the variance of Poisson events into that of the law.
double dispersion_of(const std::vector<Part>& parts, double scale) {
  const double count = static_cast<double>(parts.size());
  double variance = 0;
  double null_variance = 0;
  double fourth_cumulant = 0;
  for (const Part& part : parts) {
    variance += part.variance;
    null_variance += part.null_variance;
    fourth_cumulant += part.fourth_cumulant;
  }
  if (!(variance > 0)) return 1;
  const std::vector<double> deviations = deviations_of(parts);
  double squares = 0;
  double fourths = 0;
  for (const double d : deviations) {
    squares += d * d;
    fourths += d * d * d * d;
  }
  double dispersion = squares / (variance * scale) * count / (count - 1);
  dispersion *= correlation_factor(deviations, squares);
  const double sd = std::sqrt(2 / count + fourth_cumulant / (variance * variance));
  if (dispersion <= 1 + clear_of_chance_sd * sd) return 1;
  // Few bursts make most of it: their number is what the estimate is worth.
  const double bursts = squares * squares / fourths;
  const double of_null = std::max(1.0, variance / null_variance);
  return dispersion * of_null * (1 + 1 / std::sqrt(bursts));
}

double largest_dispersion(std::vector<Part> parts, double scale) {
  double largest = 1;
  for (; parts.size() >= parts_min; parts = joined(parts)) {
    largest = std::max(largest, dispersion_of(parts, scale));
  }
  return std::min(largest, dispersion_max);
}

double variance_scale(const RateArms& totals, EventLaw law) {
  if (law == EventLaw::poisson) return 1;
  return 1 - (totals.baseline.events + totals.canary.events) /
                 (totals.baseline.exposure + totals.canary.exposure);
}

// Each event of an arm with a small share weighs much, so that one burst of it would decide: few
// expected events are then too few to tell bursts by.
bool has_few_for_its_share(const RateArms& totals) {
  const double exposure = totals.baseline.exposure + totals.canary.exposure;
  const double smaller = std::min(totals.baseline.exposure, totals.canary.exposure) / exposure;
  const double expected = smaller * (totals.baseline.events + totals.canary.events);
  return expected < events_for_a_small_share * (1 - 2 * smaller);
}

}  // namespace

RateDispersion rate_dispersion(const ColumnPair& events, const ColumnPair& exposure, EventLaw law) {
  RateDispersion dispersion;
  const bool timed = has_times(events) && (exposure.baseline == nullptr || has_times(exposure));
  if (!timed) return dispersion;
  const SharedTime time = shared_time(events);
  if (!(time.begin_s <= time.end_s)) return dispersion;
  const TimeAxis axis = axis_over(time, events);
  std::vector<Part> parts;
  if (axis.slices > 0) {
    parts = parts_of(slices_of(*events.baseline, exposure.baseline, axis),
                     slices_of(*events.canary, exposure.canary, axis));
  }
  const RateArms totals = rate_arms(events, exposure);
  dispersion.early =
      parts.size() < parts_min || axis.span_s() < early_s || has_few_for_its_share(totals);
  const double scale = variance_scale(totals, law);
  if (scale > 0) dispersion.factor = largest_dispersion(std::move(parts), scale);
  return dispersion;
}

}  // namespace haldane::analysis
