// A watch that is planned to end: its `horizon`, counted from the first observation. Who knows the
// end can spend hardly any error on early looks, and then needs hardly more data than for one look.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "analysis/judge/effect.h"
#include "analysis/judge/gauge_contrast.h"
#include "analysis/judge/metric_case.h"

namespace haldane::analysis {

/// Part of each error that is kept for looks after the planned end, and for those before it that
/// the bounds of an open end decide sooner.
inline constexpr double open_error_part = 0.1;

/// Autocorrelations that do not clear independent values' noise by so much are left out until the
/// planned end: with its few points they would be most of the time that is found, and what they
/// save from false alarms elsewhere, the late bounds do here.
inline constexpr double planned_noise = 2;

/// How far a gauge has come towards the planned end.
class PlannedEnd {
 public:
  /// **Domain** a horizon is stated, both arms have observations and times. `judged` must outlive
  /// it. **Cost** one sort of the times.
  explicit PlannedEnd(const MetricCase& judged);

  /// Part of the points by the end that are there: of n points, n / (n + those that fit into what
  /// is left at their median distance), the smaller of both arms'. **Returns** 0 where it is not
  /// known (compacted columns, a single point).
  [[nodiscard]] double share() const { return share_; }
  /// **Units** minutes since the first observation; the horizon at most.
  [[nodiscard]] double elapsed_min() const { return elapsed_s_ / 60; }
  /// What was observed until the end, part by part; may be nothing. The columns live as long as
  /// this.
  [[nodiscard]] std::vector<ColumnPair> until(std::vector<ColumnPair> parts);

 private:
  [[nodiscard]] double share_of(const ObservationColumn& column);

  double begin_s_;
  double end_s_;
  double elapsed_s_ = 0;
  bool has_later_ = false;  ///< something was observed after the end
  double share_ = 0;
  std::deque<ObservationColumn> kept_;  ///< cut columns
};

/// Means of gauges until a planned end, by O'Brien and Fleming's bounds. `until_end`: what was
/// observed until then, of arms with `planned_noise`; `share` in (0, 1], as PlannedEnd's. Each
/// side's e-value is sharpest at its part of the error at which `worse` has it asked.
[[nodiscard]] Effect planned_gauge(GaugeContrast until_end, double share, Worse worse,
                                   const ErrorShare& errors, Evidence::Scale scale);

/// Both together, each with its part of the error: the bounds until the planned end, which stay
/// what they were at it, and `open` ones of all the time. An obstacle stays where both have one.
[[nodiscard]] Effect with_planned_end(const Effect& planned, Effect open);

/// `open` as it is, or with the planned end where the policy states a horizon; a remark says how
/// much of it is over. `until_end` gives the contrast of what was observed until then, or nothing.
[[nodiscard]] Effect until_horizon(
    MetricCase& judged, Effect open, Evidence::Scale scale,
    const std::function<std::optional<GaugeContrast>(PlannedEnd& end)>& until_end);

}  // namespace haldane::analysis
