#include "models/spec/check_traffic.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "models/spec/read_law.h"
#include "models/spec/sections.h"

namespace haldane::models {
namespace {

using Limits = ScenarioLimits;

/// The largest factor of a curve (an upper bound where both day and week vary).
double curve_max(const CurveSpec& curve) {
  double most = 1 + curve.swing;
  if (!curve.day.empty()) {
    most = std::ranges::max_element(curve.day, {}, &CurveSpec::Point::factor)->factor;
  }
  return curve.week.empty() ? most : most * std::ranges::max(curve.week);
}

class TrafficRules {
 public:
  TrafficRules(const Scenario& scenario, const Blame& blame) : scenario_(scenario), blame_(blame) {}

  void check() const {
    check_curve();
    check_once();
    check_trace();
    if (scenario_.traffic.arrivals.process == ArrivalsSpec::Process::closed_loop) check_clients();
  }

 private:
  [[nodiscard]] std::uint32_t sites() const { return site_count(scenario_); }

  void check_curve() const {
    const ArrivalsSpec& arrivals = scenario_.traffic.arrivals;
    const std::string path = "traffic.arrivals.";
    if (!arrivals.sites.empty() && arrivals.sites.size() != sites()) {
      blame_("SCN-465", path + "sites", {"edge.sites"},
             fmt::format("must be as many as edge.sites ({}), but are {}", sites(),
                         arrivals.sites.size()));
    }
    if (!arrivals.sites.empty() && highest_rate_per_s(scenario_) <= 0) {
      blame_("SCN-469", path + "sites", {}, "must have a weight above 0");
    }
    if (highest_rate_per_s(scenario_) > Limits::rate_max_per_s) {
      blame_("SCN-301", arrivals.curve.is_flat() ? path + "sites" : path + "curve",
             {"traffic.arrivals"},
             fmt::format("gives {:.3g} requests a second, at most {:.0e} are possible",
                         highest_rate_per_s(scenario_), Limits::rate_max_per_s));
    }
    const double steps = scenario_.duration.as_seconds() / arrivals.curve.step.as_seconds();
    if (!arrivals.curve.is_flat() && steps > Limits::curve_steps_max) {
      blame_("SCN-474", path + "curve.step", {"duration"},
             fmt::format("gives {:.3g} steps, at most {:.3g} are possible", steps,
                         Limits::curve_steps_max));
    }
  }

  void check_once() const {
    if (scenario_.traffic.arrivals.process != ArrivalsSpec::Process::closed_loop) return;
    if (has_one_hit_wonders(scenario_.traffic)) {
      blame_("SCN-475", "traffic.arrivals.process", {},
             "must not be closed_loop where objects have one_hit_wonders");
    }
  }

  void check_trace() const {
    const ArrivalTrace* trace = scenario_.traffic.arrivals.trace.get();
    if (trace == nullptr || trace->site_count <= sites()) return;
    blame_("SCN-485", "traffic.arrivals.file", {"edge.sites"},
           fmt::format("has requests of site {}, but sites are 0 to {}", trace->site_count - 1,
                       sites() - 1));
  }

  void check_clients() const {
    const ArrivalsSpec& arrivals = scenario_.traffic.arrivals;
    const std::string path = "traffic.arrivals.clients";
    const double clients = arrivals.clients;
    if (clients * sites() > static_cast<double>(Limits::clients_max)) {
      blame_("SCN-303", path, {"edge.sites"},
             fmt::format("must be at most {} over all sites, but are {}", Limits::clients_max,
                         clients * sites()));
    }
    const double think = law_mean(arrivals.think);
    if (think > 0 && clients / think > Limits::rate_max_per_s) {
      blame_("SCN-301", path, {"traffic.arrivals.think"},
             fmt::format("could ask {:.3g} times a second, at most {:.0e} are possible",
                         clients / think, Limits::rate_max_per_s));
    }
  }

  const Scenario& scenario_;
  const Blame& blame_;
};

}  // namespace

double highest_rate_per_s(const Scenario& scenario) {
  const ArrivalsSpec& arrivals = scenario.traffic.arrivals;
  double rate = arrivals.rate_per_s;
  for (const double each : arrivals.rates_per_s) rate = std::max(rate, each);
  double weight = arrivals.sites.empty() ? 1 : 0;
  for (const SiteTrafficSpec& site : arrivals.sites) weight = std::max(weight, site.weight);
  return rate * weight * curve_max(arrivals.curve);
}

bool has_one_hit_wonders(const TrafficSpec& traffic) {
  return traffic.objects.once_share > 0 ||
         std::ranges::any_of(traffic.classes, [](const TrafficClassSpec& each) {
           return each.objects.once_share > 0;
         });
}

void check_traffic(const Scenario& scenario, const Blame& blame) {
  TrafficRules(scenario, blame).check();
}

}  // namespace haldane::models
