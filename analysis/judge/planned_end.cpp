#include "analysis/judge/planned_end.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "analysis/judge/cut_tables.h"
#include "analysis/judge/gauge_effect.h"
#include "analysis/sequential/planned_mean.h"

namespace haldane::analysis {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double beginning(const TablePair& tables) {
  return tables.baseline.begins_s.value_or(first_time(tables.baseline, tables.canary));
}

// Of times that ascend without repeats.
double median_distance(const std::vector<double>& times_s) {
  std::vector<double> distances;
  for (std::size_t i = 1; i < times_s.size(); ++i) distances.push_back(times_s[i] - times_s[i - 1]);
  const auto middle = distances.begin() + static_cast<std::ptrdiff_t>(distances.size() / 2);
  std::nth_element(distances.begin(), middle, distances.end());
  return *middle;
}

ObservationColumn until_time(const ObservationColumn& column, double end_s) {
  ObservationColumn part{column.name, {}, {}, 0, 0};
  for (std::size_t i = 0; i < column.times_s.size(); ++i) {
    if (!(column.times_s[i] < end_s)) continue;
    part.times_s.push_back(column.times_s[i]);
    part.values.push_back(column.values[i]);
  }
  return part;
}

// A hair less than its part, so that rounding hides no crossing.
double planned_part(double error) {
  return (1 - open_error_part - 1e-9) * error;
}

// The error at which a side is asked: it condemns, or it shows that the effect is inside.
double error_above(Worse worse, const ErrorShare& errors, double bound) {
  if (worse == Worse::higher) return errors.rollback;
  if (worse == Worse::lower) return errors.inside;
  return bound >= 0 ? errors.rollback / 2 : errors.inside;
}
double error_below(Worse worse, const ErrorShare& errors, double bound) {
  if (worse == Worse::either) return error_above(worse, errors, -bound);
  return error_above(worse == Worse::higher ? Worse::lower : Worse::higher, errors, bound);
}

}  // namespace

PlannedEnd::PlannedEnd(const MetricCase& judged)
    : begin_s_(beginning(judged.tables())), end_s_(begin_s_ + judged.horizon_s()) {
  const ColumnPair& columns = judged.columns();
  share_ = std::min(share_of(*columns.baseline), share_of(*columns.canary));
}

double PlannedEnd::share_of(const ObservationColumn& column) {
  std::vector<double> times_s = column.times_s;
  std::sort(times_s.begin(), times_s.end());
  times_s.erase(std::unique(times_s.begin(), times_s.end()), times_s.end());
  const auto after = std::lower_bound(times_s.begin(), times_s.end(), end_s_);
  if (after != times_s.end()) has_later_ = true;
  times_s.erase(after, times_s.end());
  if (times_s.size() < 2 || column.values.size() != column.times_s.size()) return 0;
  // A point stands for the time until the next.
  const double distance_s = median_distance(times_s);
  const double left_s = std::max(0.0, end_s_ - times_s.back() - distance_s);
  elapsed_s_ = std::max(elapsed_s_, end_s_ - left_s - begin_s_);
  const double points = static_cast<double>(times_s.size());
  return points / (points + left_s / distance_s);
}

std::vector<ColumnPair> PlannedEnd::until(std::vector<ColumnPair> parts) {
  if (!has_later_) return parts;
  const auto cut = [this](const ObservationColumn*& column) {
    if (column) column = &kept_.emplace_back(until_time(*column, end_s_));
  };
  for (ColumnPair& part : parts) {
    cut(part.baseline);
    cut(part.canary);
  }
  return parts;
}

Effect planned_gauge(GaugeContrast until_end, double share, Worse worse, const ErrorShare& errors,
                     Evidence::Scale scale) {
  // What was measured before the release is known as well at the beginning as at the end.
  const double lasting = std::max(0.0, until_end.lasting_share());
  const double known = lasting + (1 - lasting) * share;
  MeanBounds bounds;
  bounds.method = "obrien_fleming_mean";
  bounds.half_width = [known](const MeanEstimate& e, double error) {
    return planned_half_width(e, known, error);
  };
  bounds.log_e_above = [=](const MeanEstimate& e, double null, double bound) {
    const double error = planned_part(error_above(worse, errors, bound));
    return log_evidence_planned_above(e, null, known, error);
  };
  bounds.log_e_below = [=](const MeanEstimate& e, double null, double bound) {
    const double error = planned_part(error_below(worse, errors, bound));
    return log_evidence_planned_above(e, null, known, error);
  };
  Effect effect = gauge_effect(std::move(until_end), bounds, scale);
  effect.planned_share = share;
  return effect;
}

namespace {

using OfError = std::function<double(double)>;

OfError sharper(const OfError& planned, const OfError& open, bool low) {
  return [=](double error) {
    const double by_plan = planned(planned_part(error));
    const double by_open = open(open_error_part * error);
    return low ? std::max(by_plan, by_open) : std::min(by_plan, by_open);
  };
}

// The larger of two weighted e-values is less than their sum, which is one.
OfError stronger(const OfError& planned, const OfError& open) {
  return [=](double bound) {
    return std::max(std::log(1 - open_error_part) + planned(bound),
                    std::log(open_error_part) + open(bound));
  };
}

std::string how_far(const PlannedEnd& end, const MetricCase& judged) {
  const double horizon_min = judged.horizon_s() / 60;
  if (!(end.share() > 0)) {
    return fmt::format("{}: planned to end after {:.4g} minutes, but not known how far it is",
                       judged.metric().name, horizon_min);
  }
  return fmt::format("{}: planned to end after {:.4g} minutes, of which {:.4g} have passed",
                     judged.metric().name, horizon_min, end.elapsed_min());
}

// An effect that excludes nothing while it may not decide.
Effect silenced(Effect effect) {
  if (effect.obstacle.empty()) return effect;
  effect.low = effect.log_e_above = effect.log_e_below = [](double) { return -infinity; };
  effect.high = [](double) { return infinity; };
  return effect;
}

}  // namespace

Effect with_planned_end(const Effect& planned, Effect open) {
  if (!planned.obstacle.empty() && !open.obstacle.empty()) return open;
  if (planned.obstacle.empty()) {
    open.method = planned.method;
    if (!open.obstacle.empty()) open.n_effective = planned.n_effective;
  }
  const Effect by_plan = silenced(planned);
  Effect both = silenced(open);
  both.obstacle.clear();
  both.least_growth.reset();
  both.planned_share = planned.planned_share;
  both.low = sharper(by_plan.low, both.low, true);
  both.high = sharper(by_plan.high, both.high, false);
  both.log_e_above = stronger(by_plan.log_e_above, both.log_e_above);
  both.log_e_below = stronger(by_plan.log_e_below, both.log_e_below);
  return both;
}

Effect until_horizon(
    MetricCase& judged, Effect open, Evidence::Scale scale,
    const std::function<std::optional<GaugeContrast>(PlannedEnd& end)>& until_end) {
  if (!(judged.horizon_s() > 0)) return open;
  if (!has_times(judged.columns())) {
    judged.remark(judged.metric().name + ": without times its horizon says nothing");
    return open;
  }
  PlannedEnd end(judged);
  judged.remark(how_far(end, judged));
  auto contrast = end.share() > 0 ? until_end(end) : std::nullopt;
  const Effect planned = contrast ? planned_gauge(std::move(*contrast), end.share(),
                                                  judged.metric().worse, judged.share(), scale)
                                  : impossible("nothing was observed until the planned end");
  return with_planned_end(planned, std::move(open));
}

}  // namespace haldane::analysis
