// `traffic.arrivals`: when requests come.
#include <algorithm>

#include <fmt/format.h>

#include "models/spec/read_arrival_trace.h"
#include "models/spec/read_law.h"
#include "models/spec/sections.h"

namespace haldane::models {
namespace {

using config::Mapping;

constexpr Duration day_length = Duration::seconds(86'400);
constexpr double factor_max = 1'000;

/// Whether curves, clocks and weights of sites mean something.
bool has_rate(const ArrivalsSpec& arrivals) {
  return arrivals.process != ArrivalsSpec::Process::closed_loop &&
         arrivals.process != ArrivalsSpec::Process::trace;
}

bool curve_can_be_above_zero(const CurveSpec& curve) {
  const auto positive = [](double factor) { return factor > 0; };
  const bool by_day =
      curve.day.empty() || std::ranges::any_of(curve.day, positive, &CurveSpec::Point::factor);
  return by_day && (curve.week.empty() || std::ranges::any_of(curve.week, positive));
}

void read_poisson(Mapping& arrivals, ArrivalsSpec& out) {
  arrivals.required("rate").rate(out.rate_per_s,
                                 config::above_to(0.0, ScenarioLimits::rate_max_per_s));
}

// A Markov-modulated Poisson process: its rate jumps between states.
void read_mmpp(Mapping& arrivals, ArrivalsSpec& out) {
  constexpr std::size_t states_max = 64;
  bool good = true;
  for (const Value& rate : arrivals.required("rates").elements()) {
    const auto range = config::between(0.0, ScenarioLimits::rate_max_per_s);
    good = rate.rate(out.rates_per_s.emplace_back(), range) && good;
  }
  const Value sojourns = arrivals.required("sojourns");
  for (const Value& sojourn : sojourns.elements()) {
    const auto range = config::inside(Duration{}, ScenarioLimits::duration_max);
    good = sojourn.duration(out.sojourns.emplace_back(), range) && good;
  }
  const std::size_t states = out.rates_per_s.size();
  if (!good || !sojourns.present() || states == 0 || out.sojourns.empty()) return;
  if (states < 2 || states > states_max || states != out.sojourns.size()) {
    arrivals.fail_key("rates", "SCN-305", "must be 2 to 64 rates, as many as there are sojourns");
    return;
  }
  double requests = 0;
  double seconds = 0;
  for (std::size_t s = 0; s < states; ++s) {
    requests += out.rates_per_s[s] * out.sojourns[s].as_seconds();
    seconds += out.sojourns[s].as_seconds();
  }
  out.rate_per_s = requests / seconds;
  if (!(requests > 0)) arrivals.fail_key("rates", "SCN-305", "must not all be 0");
}

void read_closed_loop(Mapping& arrivals, const FileReader& files, ArrivalsSpec& out) {
  arrivals.required("clients").count(out.clients, 1,
                                     static_cast<std::uint32_t>(ScenarioLimits::clients_max));
  const Value think = arrivals.required("think");
  if (read_law(think, LawUnit::seconds, files, out.think) && !(law_mean(out.think) > 0)) {
    think.fail("SCN-204", "must have a mean > 0", "clients that never think stop the clock: 1us");
  }
}

void read_hawkes(Mapping& arrivals, ArrivalsSpec& out) {
  double base = 0;
  const bool rated =
      arrivals.required("base").rate(base, config::above_to(0.0, ScenarioLimits::rate_max_per_s));
  const bool good =
      arrivals.required("branching").number(out.branching, config::from_below(0.0, 1.0));
  arrivals.required("decay").duration(out.decay,
                                      config::inside(Duration{}, ScenarioLimits::duration_max));
  if (!rated || !good) return;
  out.rate_per_s = base / (1 - out.branching);
  if (out.rate_per_s > ScenarioLimits::rate_max_per_s) {
    arrivals.fail_key("branching", "SCN-301",
                      fmt::format("gives {:.3g} requests a second, at most {:.0e} are possible",
                                  out.rate_per_s, ScenarioLimits::rate_max_per_s));
  }
}

void read_sessions(Mapping& arrivals, const FileReader& files, ArrivalsSpec& out) {
  double sessions = 0;
  const bool rated = arrivals.required("rate").rate(
      sessions, config::above_to(0.0, ScenarioLimits::rate_max_per_s));
  const bool counted =
      arrivals.required("requests").number(out.session_requests, config::between(1.0, 1e5));
  const bool paused = read_law(arrivals.required("pause"), LawUnit::seconds, files, out.pause);
  if (!rated || !counted) return;
  out.rate_per_s = sessions * out.session_requests;
  if (out.rate_per_s > ScenarioLimits::rate_max_per_s) {
    arrivals.fail_key("requests", "SCN-301",
                      fmt::format("gives {:.3g} requests a second, at most {:.0e} are possible",
                                  out.rate_per_s, ScenarioLimits::rate_max_per_s));
  }
  const double open = sessions * (out.session_requests - 1) * law_mean(out.pause);
  if (paused && open > ScenarioLimits::open_sessions_max) {
    arrivals.fail_key(
        "pause", "SCN-466",
        fmt::format("keeps {:.3g} sessions open at a site, at most {:.3g} are possible", open,
                    ScenarioLimits::open_sessions_max));
  }
}

void read_trace(Mapping& arrivals, const FileReader& files, ArrivalsSpec& out) {
  double unit_ns = 1e9;
  arrivals.optional("unit").choice<double>(unit_ns,
                                           {{"s", 1e9}, {"ms", 1e6}, {"us", 1e3}, {"ns", 1.0}});
  const Value file = arrivals.required("file");
  if (file.present()) out.trace = read_arrival_trace(file, unit_ns, files);
  if (!out.trace) return;
  const double span_s = std::max(1.0, out.trace->times.back().as_seconds());
  out.rate_per_s = static_cast<double>(out.trace->times.size()) / span_s;
}

void read_points(const Value& value, CurveSpec& out) {
  constexpr std::size_t points_max = 1'440;
  const std::vector<Value> points = value.elements();
  if (points.empty() || points.size() > points_max) {
    value.fail("CFG-107",
               fmt::format("must have 1 to {} points, but has {}", points_max, points.size()));
    return;
  }
  for (const Value& element : points) {
    Mapping point = element.mapping();
    CurveSpec::Point& read = out.day.emplace_back();
    point.required("at").duration(read.at, config::from_below(Duration{}, day_length));
    point.required("factor").number(read.factor, config::between(0.0, factor_max));
    point.finish();
  }
  const auto unordered = std::ranges::adjacent_find(
      out.day, [](const CurveSpec::Point& a, const CurveSpec::Point& b) { return a.at >= b.at; });
  if (unordered != out.day.end()) value.fail("SCN-467", "must be in order of time");
}

void read_swing(const Value& value, CurveSpec& out) {
  Mapping day = value.mapping();
  day.required("peak").duration(out.peak, config::from_below(Duration{}, day_length));
  day.required("swing").share(out.swing, config::above_to(0.0, 1.0));
  day.finish();
}

void read_week(const Value& value, CurveSpec& out) {
  for (const Value& factor : value.elements())
    factor.number(out.week.emplace_back(), config::between(0.0, factor_max));
  if (value.present() && out.week.size() != 7) {
    value.fail("SCN-468",
               fmt::format("must have 7 factors, Monday first, but has {}", out.week.size()));
  }
}

void read_curve(const Value& value, CurveSpec& out) {
  Mapping curve = value.mapping();
  const Value day = curve.optional("day");
  if (day.is_mapping()) {
    read_swing(day, out);
  } else if (day.present()) {
    read_points(day, out);
  }
  read_week(curve.optional("week"), out);
  curve.optional("starts").duration(out.starts, config::from_below(Duration{}, day_length * 7));
  curve.optional("step").duration(out.step, config::between(Duration::milliseconds(1), day_length));
  curve.finish();
  if (value.is_mapping() && !out.is_flat() && !(curve_can_be_above_zero(out))) {
    value.fail("SCN-469", "must be above 0 at some time");
  }
}

void read_sites(const Value& value, ArrivalsSpec& out) {
  for (const Value& element : value.elements()) {
    Mapping site = element.mapping();
    SiteTrafficSpec& read = out.sites.emplace_back();
    site.optional("offset").duration(read.offset, config::between(-day_length, day_length));
    site.optional("weight").number(read.weight, config::between(0.0, factor_max));
    site.finish();
  }
}

void read_process(Mapping& arrivals, const FileReader& files, ArrivalsSpec& out) {
  switch (out.process) {
    case ArrivalsSpec::Process::poisson:
      return read_poisson(arrivals, out);
    case ArrivalsSpec::Process::mmpp:
      return read_mmpp(arrivals, out);
    case ArrivalsSpec::Process::hawkes:
      return read_hawkes(arrivals, out);
    case ArrivalsSpec::Process::sessions:
      return read_sessions(arrivals, files, out);
    case ArrivalsSpec::Process::trace:
      return read_trace(arrivals, files, out);
    case ArrivalsSpec::Process::closed_loop:
      return read_closed_loop(arrivals, files, out);
  }
}

}  // namespace

void read_arrivals(const Value& value, const FileReader& files, ArrivalsSpec& out) {
  Mapping arrivals = value.mapping();
  const bool good = arrivals.required("process").choice<ArrivalsSpec::Process>(
      out.process, {{"poisson", ArrivalsSpec::Process::poisson},
                    {"mmpp", ArrivalsSpec::Process::mmpp},
                    {"hawkes", ArrivalsSpec::Process::hawkes},
                    {"sessions", ArrivalsSpec::Process::sessions},
                    {"trace", ArrivalsSpec::Process::trace},
                    {"closed_loop", ArrivalsSpec::Process::closed_loop}});
  if (!good) return;  // without the process nobody knows which keys are right
  read_process(arrivals, files, out);
  if (has_rate(out)) {
    read_curve(arrivals.optional("curve"), out.curve);
    read_sites(arrivals.optional("sites"), out);
  }
  arrivals.finish();
}

}  // namespace haldane::models
