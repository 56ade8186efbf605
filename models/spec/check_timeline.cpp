#include "models/spec/check_timeline.h"

#include <string>

#include <fmt/format.h>

#include "config/problems.h"
#include "models/spec/check_traffic.h"
#include "models/spec/read_law.h"
#include "models/spec/sections.h"

namespace haldane::models {
namespace {

using Limits = ScenarioLimits;
using Kind = TimelineEvent::Kind;

class EventRules {
 public:
  EventRules(const Scenario& scenario, const Blame& blame) : scenario_(scenario), blame_(blame) {}

  void check(const TimelineEvent& event, const std::string& path) const {
    if (event.at >= SimTime::zero() + scenario_.duration) {
      blame_("SCN-504", path + ".at", {"duration"}, "must be before the end of the run");
    }
    check_event_tier(event, path);
    if (event.kind == Kind::deploy) check_deploy(path);
    if (event.site && *event.site >= sites()) {
      blame_("SCN-502", path + ".site", {"edge.sites"},
             fmt::format("must be a site from 0 to {}, but was {}", sites() - 1, *event.site));
    }
    if (event.kind == Kind::replica_failure) check_replica_failure(event, path);
    if (event.kind == Kind::rollback && !scenario_.canary) {
      blame_("SCN-455", path + ".event", {"canary"}, "needs a canary to be taken back");
    }
    if (event.kind == Kind::surge || event.kind == Kind::ramp || event.kind == Kind::flash_crowd)
      check_surge(event, path);
    if (event.kind == Kind::warm_up && event.count > scenario_.traffic.objects.count) {
      blame_("SCN-486", path + ".objects", {"traffic.objects"},
             fmt::format("must be at most the number of objects ({})",
                         scenario_.traffic.objects.count));
    }
    if (event.kind == Kind::site_failure && refuse_for_trace(path)) return;
    if (event.kind == Kind::site_failure && scenario_.edge && sites() < 2) {
      blame_("SCN-505", path + ".event", {"edge.sites"},
             "needs at least 2 sites: nobody could take over");
    }
  }

  void check_link(TimelineEvent::Link link, const std::string& path) const {
    if (!scenario_.api) blame_("SCN-487", path, {"api"}, "needs an api, where this link ends");
    if (link == TimelineEvent::Link::api_to_workers && !scenario_.workers)
      blame_("SCN-487", path, {"workers"}, "needs workers, where this link ends");
  }

 private:
  [[nodiscard]] std::uint32_t sites() const { return site_count(scenario_); }

  void check_event_tier(const TimelineEvent& event, const std::string& path) const {
    switch (event.kind) {
      case Kind::surge:
      case Kind::ramp:
      case Kind::flash_crowd:
        return;
      case Kind::purge:
      case Kind::site_failure:
      case Kind::nodes:
      case Kind::warm_up:
        if (!scenario_.edge) blame_("SCN-501", path + ".event", {"edge"}, "needs an edge");
        return;
      case Kind::packet_loss:
        check_link(event.link, path + ".link");
        return;
      case Kind::replica_failure:
      case Kind::slow_down:
      case Kind::failures:
      case Kind::bad_release:
      case Kind::deploy:
      case Kind::rollback:
        break;
    }
    if (event.kind == Kind::bad_release || event.replicas > 0) check_replica_event(event, path);
    if (event.tier == TimelineEvent::Tier::dependency) return check_dependency(path);
    const bool is_api = event.tier == TimelineEvent::Tier::api;
    if (is_api ? scenario_.api.has_value() : scenario_.workers.has_value()) return;
    blame_("SCN-501", path + ".tier", {is_api ? "api" : "workers"},
           fmt::format("names {}, which this scenario does not have", is_api ? "api" : "workers"));
  }

  void check_deploy(const std::string& path) const {
    const auto& workers = scenario_.workers;
    if (!workers || !workers->autoscaler) return;
    if (workers->autoscaler->kind != AutoscalerSpec::Kind::keda_jobs) return;
    blame_("SCN-457", path + ".event", {"workers.autoscaler.kind"},
           "replaces workers that stay: those of keda_jobs end by themselves, and their successors "
           "run the new release");
  }

  void check_dependency(const std::string& path) const {
    if (scenario_.api && scenario_.api->dependency) return;
    blame_("SCN-501", path + ".tier", {"api"},
           "names the dependency, which this scenario does not have");
  }

  // Of single replicas, which a central queue that is solved at admission does not tell apart.
  void check_replica_event(const TimelineEvent& event, const std::string& path) const {
    const std::string key = event.kind == Kind::bad_release ? ".event" : ".replicas";
    if (event.tier != TimelineEvent::Tier::api) {
      blame_("SCN-478", path + key, {}, "must not be given: workers draw from one queue");
      return;
    }
    if (!scenario_.api) return;
    if (scenario_.api->balancer == Balancer::central_queue && !served_by_events(*scenario_.api)) {
      blame_("SCN-478", path + key, {"api"},
             "needs a balancer with a queue a replica: a central queue does not tell who serves");
    }
    if (event.replicas > scenario_.api->replicas) {
      blame_("SCN-503", path + key, {"api.replicas"},
             fmt::format("must be at most the number of replicas ({}), but was {}",
                         scenario_.api->replicas, event.replicas));
    }
  }

  void check_replica_failure(const TimelineEvent& event, const std::string& path) const {
    const bool is_api = event.tier == TimelineEvent::Tier::api;
    if (is_api && scenario_.api && event.cell && *event.cell >= scenario_.api->cells) {
      blame_("SCN-502", path + ".cell", {"api.cells"},
             fmt::format("must be a cell from 0 to {}, but was {}", scenario_.api->cells - 1,
                         *event.cell));
    }
    if (!is_api && event.cell) {
      blame_("SCN-502", path + ".cell", {}, "must not be given: workers have no cells");
    }
    std::uint32_t replicas = Limits::replicas_max;
    if (is_api && scenario_.api) replicas = scenario_.api->replicas;
    if (!is_api && scenario_.workers) replicas = scenario_.workers->replicas;
    if (event.count > replicas) {
      blame_("SCN-503", path + ".count", {is_api ? "api.replicas" : "workers.replicas"},
             fmt::format("must be at most the number of replicas ({}), but was {}", replicas,
                         event.count));
    }
  }

  bool refuse_for_trace(const std::string& path) const {
    if (scenario_.traffic.arrivals.process != ArrivalsSpec::Process::trace) return false;
    blame_("SCN-506", path + ".event", {"traffic.arrivals"},
           "needs arrivals with a rate: a trace says when and where requests come");
    return true;
  }

  void check_surge(const TimelineEvent& event, const std::string& path) const {
    const ArrivalsSpec& arrivals = scenario_.traffic.arrivals;
    if (arrivals.process == ArrivalsSpec::Process::closed_loop) {
      blame_("SCN-506", path + ".event", {"traffic.arrivals"},
             "needs arrivals with a rate: a closed loop has a fixed number of clients");
      return;
    }
    if (refuse_for_trace(path)) return;
    const double rate = highest_rate_per_s(scenario_) * event.factor;
    if (rate > Limits::rate_max_per_s) {
      blame_("SCN-301", path + ".factor", {"traffic.arrivals"},
             fmt::format("gives {:.3g} requests a second, at most {:.0e} are possible", rate,
                         Limits::rate_max_per_s));
    }
  }

  const Scenario& scenario_;
  const Blame& blame_;
};

}  // namespace

void check_timeline(const Scenario& scenario, const Blame& blame) {
  const EventRules rules(scenario, blame);
  for (std::size_t i = 0; i < scenario.timeline.size(); ++i) {
    rules.check(scenario.timeline[i], config::join_path("timeline", i));
  }
}

void check_faults(const Scenario& scenario, const Blame& blame) {
  const EventRules rules(scenario, blame);
  double expected = 0;
  for (std::size_t i = 0; i < scenario.faults.size(); ++i) {
    const FaultSpec& fault = scenario.faults[i];
    rules.check(fault.event, config::join_path("faults", i));
    const double cycle = law_mean(fault.every) + (fault.lasting ? law_mean(*fault.lasting) : 0);
    expected += scenario.duration.as_seconds() / cycle;
  }
  if (expected > Limits::drawn_faults_max) {
    blame("SCN-476", "faults", {"duration"},
          fmt::format("give about {:.3g} events in all, at most {:.0f} are possible", expected,
                      Limits::drawn_faults_max));
  }
}

void check_losses(const Scenario& scenario, const Blame& blame) {
  const EventRules rules(scenario, blame);
  const LinksSpec::Loss& loss = scenario.links.loss;
  if (loss.edge_to_api > 0)
    rules.check_link(TimelineEvent::Link::edge_to_api, "links.loss.edge_to_api");
  if (loss.api_to_workers > 0)
    rules.check_link(TimelineEvent::Link::api_to_workers, "links.loss.api_to_workers");
}

}  // namespace haldane::models
