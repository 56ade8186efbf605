// `traffic`: who asks for what, and how patiently.
#include "models/spec/read_law.h"
#include "models/spec/sections.h"

namespace haldane::models {
namespace {

using config::Mapping;

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

void read_arrivals(const Value& value, const FileReader& files, ArrivalsSpec& out) {
  Mapping arrivals = value.mapping();
  const bool good = arrivals.required("process").choice<ArrivalsSpec::Process>(
      out.process, {{"poisson", ArrivalsSpec::Process::poisson},
                    {"mmpp", ArrivalsSpec::Process::mmpp},
                    {"closed_loop", ArrivalsSpec::Process::closed_loop}});
  if (!good) return;  // without the process nobody knows which keys are right
  if (out.process == ArrivalsSpec::Process::poisson) {
    read_poisson(arrivals, out);
  } else if (out.process == ArrivalsSpec::Process::mmpp) {
    read_mmpp(arrivals, out);
  } else {
    read_closed_loop(arrivals, files, out);
  }
  arrivals.finish();
}

}  // namespace

void read_traffic(const Value& value, const FileReader& files, TrafficSpec& out) {
  Mapping traffic = value.mapping();
  read_arrivals(traffic.required("arrivals"), files, out.arrivals);
  const Value objects = traffic.optional("objects");
  const Value classes = traffic.optional("classes");
  if (objects.present() && classes.present()) {
    classes.fail("SCN-464", "must not stand beside objects: each class has objects of its own");
  }
  read_objects(objects, files, out.objects);
  read_classes(classes, files, out);
  read_client(traffic.optional("client"), out.client);
  traffic.finish();
}

}  // namespace haldane::models
