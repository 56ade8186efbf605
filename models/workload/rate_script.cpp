#include "models/workload/rate_script.h"

#include <algorithm>

#include "sim/base/math.h"

namespace haldane::models {
namespace {

constexpr Duration day = Duration::seconds(86'400);
constexpr Duration week = day * 7;
constexpr int steps_of_a_slope = 64;

/// cos(2 pi turns). **Domain** 0 <= turns <= 1. **Source** Taylor series on a quarter turn.
double cosine_of_turns(double turns) {
  constexpr double pi = 3.14159265358979323846;
  const double half = turns > 0.5 ? 1 - turns : turns;  // symmetric about half a turn
  const bool falls = half > 0.25;
  const double x = 2 * pi * (falls ? 0.5 - half : half);
  double term = 1;
  double sum = 1;
  for (int n = 2; n <= 22; n += 2) {
    term *= -x * x / (n * (n - 1));
    sum += term;
  }
  return falls ? -sum : sum;
}

/// Remainder in [0, period).
Duration within(Duration time, Duration period) {
  std::int64_t rest = time.count_ns() % period.count_ns();
  if (rest < 0) rest += period.count_ns();
  return Duration::nanoseconds(rest);
}

double share_of(Duration part, Duration whole) {
  return static_cast<double>(part.count_ns()) / static_cast<double>(whole.count_ns());
}

/// On the straight line between the points around `clock`; the last is followed by the first.
double between_points(const std::vector<CurveSpec::Point>& points, Duration clock) {
  const auto next =
      std::upper_bound(points.begin(), points.end(), clock,
                       [](Duration t, const CurveSpec::Point& point) { return t < point.at; });
  const CurveSpec::Point& after = next == points.end() ? points.front() : *next;
  const CurveSpec::Point& before = next == points.begin() ? points.back() : *std::prev(next);
  if (points.size() == 1) return before.factor;
  const Duration span = within(after.at - before.at, day);
  const Duration gone = within(clock - before.at, day);
  return before.factor + (after.factor - before.factor) * share_of(gone, span);
}

void apply_curve(StepFunction& rate, const CurveSpec& curve, Duration offset, Duration duration) {
  const Duration half_step = Duration::nanoseconds(curve.step.count_ns() / 2);
  for (Duration at; at < duration; at += curve.step) {
    const double factor = curve_factor(curve, curve.starts + offset + at + half_step);
    rate.multiply(SimTime::zero() + at, SimTime::zero() + at + curve.step, factor);
  }
}

SimTime end_of(const TimelineEvent& event) {
  return event.lasting == Duration::max() ? SimTime::never() : event.at + event.lasting;
}

/// Steps from 1 to `factor`, each the middle of the line over it. **Returns** where they end.
SimTime rise(StepFunction& rate, SimTime from, Duration length, double factor, SimTime until) {
  SimTime begin = from;
  for (int i = 0; i < steps_of_a_slope && begin < until; ++i) {
    const SimTime end =
        from + Duration::nanoseconds(length.count_ns() / steps_of_a_slope * (i + 1));
    const double place = (i + 0.5) / steps_of_a_slope;
    if (begin < end) rate.multiply(begin, std::min(end, until), 1 + (factor - 1) * place);
    begin = end;
  }
  return std::min(begin, until);
}

void apply_ramp(StepFunction& rate, const TimelineEvent& event) {
  const SimTime until = end_of(event);
  const SimTime top = rise(rate, event.at, event.rise, event.factor, until);
  if (top < until) rate.multiply(top, until, event.factor);
}

/// A fast rise, then an exponential decay; followed for eight of its time constants, to 0.03 %.
void apply_flash_crowd(StepFunction& rate, const TimelineEvent& event) {
  constexpr int steps_each = 16;
  const SimTime top = rise(rate, event.at, event.rise, event.factor, SimTime::never());
  const Duration step = std::max(Duration::nanoseconds(1),
                                 Duration::nanoseconds(event.decay.count_ns() / steps_each));
  for (int i = 0; i < 8 * steps_each; ++i) {
    const double left = math::exp(-(i + 0.5) / steps_each);
    rate.multiply(top + step * i, top + step * (i + 1), 1 + (event.factor - 1) * left);
  }
}

void apply_event(StepFunction& rate, const TimelineEvent& event) {
  using Kind = TimelineEvent::Kind;
  if (event.kind == Kind::surge) rate.multiply(event.at, end_of(event), event.factor);
  if (event.kind == Kind::ramp) apply_ramp(rate, event);
  if (event.kind == Kind::flash_crowd) apply_flash_crowd(rate, event);
}

double rate_of_beginnings(const ArrivalsSpec& arrivals) {
  using Process = ArrivalsSpec::Process;
  if (arrivals.process == Process::hawkes) return arrivals.rate_per_s * (1 - arrivals.branching);
  if (arrivals.process == Process::sessions) return arrivals.rate_per_s / arrivals.session_requests;
  return arrivals.rate_per_s;
}

}  // namespace

double curve_factor(const CurveSpec& curve, Duration clock) {
  const Duration in_week = within(clock, week);
  double factor = 1;
  if (!curve.week.empty()) factor = curve.week[static_cast<std::size_t>(in_week / day)];
  const Duration in_day = within(in_week, day);
  if (!curve.day.empty()) factor *= between_points(curve.day, in_day);
  if (curve.swing != 0) {
    factor *= 1 + curve.swing * cosine_of_turns(share_of(within(in_day - curve.peak, day), day));
  }
  return factor;
}

StepFunction scripted_rate(const Scenario& scenario, std::uint32_t site) {
  const ArrivalsSpec& arrivals = scenario.traffic.arrivals;
  double own = rate_of_beginnings(arrivals) * 1e-9;
  if (!arrivals.sites.empty()) own *= arrivals.sites[site].weight;
  StepFunction rate(own);
  if (!arrivals.curve.is_flat()) {
    const Duration offset = arrivals.sites.empty() ? Duration{} : arrivals.sites[site].offset;
    apply_curve(rate, arrivals.curve, offset, scenario.duration);
  }
  for (const TimelineEvent& event : scenario.timeline) {
    if (!event.site || *event.site == site) apply_event(rate, event);
  }
  return rate;
}

}  // namespace haldane::models
