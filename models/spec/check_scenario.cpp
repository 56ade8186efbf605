#include "models/spec/check_scenario.h"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "models/spec/check_edge.h"
#include "models/spec/check_replicas.h"
#include "models/spec/check_write_back.h"
#include "models/spec/metric_names.h"
#include "models/spec/read_law.h"
#include "models/spec/sections.h"

namespace haldane::models {
namespace {

using Limits = ScenarioLimits;
using Kind = TimelineEvent::Kind;

/// The largest factor of a curve (an upper bound where both day and week vary).
double curve_max(const CurveSpec& curve) {
  double most = 1 + curve.swing;
  if (!curve.day.empty()) {
    most = std::ranges::max_element(curve.day, {}, &CurveSpec::Point::factor)->factor;
  }
  return curve.week.empty() ? most : most * std::ranges::max(curve.week);
}

class Checker {
 public:
  Checker(const Scenario& scenario, const config::Node& root, config::Problems& problems)
      : scenario_(scenario), root_(root), problems_(problems) {}

  void check() {
    check_tiers();
    check_time();
    check_rate();
    check_memory();
    check_route();
    check_autoscaler();
    check_jobs();
    const BlameEdge blame = [this](std::string_view id, const std::string& path,
                                   std::initializer_list<std::string_view> also,
                                   const std::string& message) { fail(id, path, also, message); };
    check_edge(scenario_, blame);
    check_replicas(scenario_, blame);
    check_write_back(scenario_, blame);
    check_losses();
    check_canary();
    for (std::size_t i = 0; i < scenario_.timeline.size(); ++i) {
      check_event(scenario_.timeline[i], config::join_path("timeline", i));
    }
    check_faults();
    check_objectives();
    check_alerts();
    if (!problems_.touches("slos")) {
      for (std::size_t i = 0; i < scenario_.slos.size(); ++i) {
        const std::string& metric = scenario_.slos[i].metric;
        if (!metric.empty()) check_metric(config::join_path("slos", i) + ".good", metric + ".p99");
      }
    }
  }

 private:
  [[nodiscard]] std::uint32_t sites() const { return scenario_.edge ? scenario_.edge->sites : 1; }

  /// `path` is what is blamed, `also` what else the rule looked at.
  void fail(std::string_view id, const std::string& path,
            std::initializer_list<std::string_view> also, std::string message,
            std::string hint = {}) {
    if (problems_.touches(path)) return;
    const auto touched = [this](std::string_view other) { return problems_.touches(other); };
    if (std::any_of(also.begin(), also.end(), touched)) return;
    problems_.add(id, config::nearest_node(root_, path).place, path, std::move(message),
                  std::move(hint));
  }

  void check_tiers() {
    if (!scenario_.edge && !scenario_.api) {
      fail("SCN-103", "", {"edge", "api"}, "must have an edge or an api");
    }
    if (scenario_.workers && !scenario_.api) {
      fail("SCN-404", "workers", {"api"}, "need an api that gives them jobs",
           "write workers: none");
    }
    const auto has_service = [](const TrafficClassSpec& one) { return one.service.has_value(); };
    if (std::ranges::any_of(scenario_.traffic.classes, has_service) && !scenario_.api) {
      fail("SCN-447", "traffic.classes", {"api"}, "have service times, which need an api");
    }
    if (scenario_.traffic.client.breaker && !scenario_.api) {
      fail("SCN-442", "traffic.client.breaker", {"api"}, "needs an api that it guards");
    }
    if (scenario_.traffic.client.hedge && !scenario_.api) {
      fail("SCN-449", "traffic.client.hedge", {"api"}, "needs an api that is asked");
    }
  }

  void check_time() {
    if (scenario_.warmup && *scenario_.warmup >= scenario_.duration) {
      fail("SCN-104", "warmup", {"duration"},
           "must be shorter than duration: nothing would be measured");
    }
  }

  // Of a site, at factor 1 of the timeline.
  [[nodiscard]] double highest_rate() const {
    const ArrivalsSpec& arrivals = scenario_.traffic.arrivals;
    double rate = arrivals.rate_per_s;
    for (const double each : arrivals.rates_per_s) rate = std::max(rate, each);
    double weight = arrivals.sites.empty() ? 1 : 0;
    for (const SiteTrafficSpec& site : arrivals.sites) weight = std::max(weight, site.weight);
    return rate * weight * curve_max(arrivals.curve);
  }

  void check_curve() {
    const ArrivalsSpec& arrivals = scenario_.traffic.arrivals;
    const std::string path = "traffic.arrivals.";
    if (!arrivals.sites.empty() && arrivals.sites.size() != sites()) {
      fail("SCN-465", path + "sites", {"edge.sites"},
           fmt::format("must be as many as edge.sites ({}), but are {}", sites(),
                       arrivals.sites.size()));
    }
    if (!arrivals.sites.empty() && highest_rate() <= 0) {
      fail("SCN-469", path + "sites", {}, "must have a weight above 0");
    }
    if (highest_rate() > Limits::rate_max_per_s) {
      fail("SCN-301", arrivals.curve.is_flat() ? path + "sites" : path + "curve",
           {"traffic.arrivals"},
           fmt::format("gives {:.3g} requests a second, at most {:.0e} are possible",
                       highest_rate(), Limits::rate_max_per_s));
    }
    const double steps = scenario_.duration.as_seconds() / arrivals.curve.step.as_seconds();
    if (!arrivals.curve.is_flat() && steps > Limits::curve_steps_max) {
      fail("SCN-474", path + "curve.step", {"duration"},
           fmt::format("gives {:.3g} steps, at most {:.3g} are possible", steps,
                       Limits::curve_steps_max));
    }
  }

  [[nodiscard]] bool has_once() const {
    const TrafficSpec& traffic = scenario_.traffic;
    return traffic.objects.once_share > 0 ||
           std::ranges::any_of(traffic.classes, [](const TrafficClassSpec& each) {
             return each.objects.once_share > 0;
           });
  }

  void check_once() {
    const TrafficSpec& traffic = scenario_.traffic;
    if (traffic.arrivals.process != ArrivalsSpec::Process::closed_loop) return;
    if (has_once()) {
      fail("SCN-475", "traffic.arrivals.process", {},
           "must not be closed_loop where objects have one_hit_wonders");
    }
  }

  void check_trace() {
    const ArrivalTrace* trace = scenario_.traffic.arrivals.trace.get();
    if (trace == nullptr || trace->site_count <= sites()) return;
    fail("SCN-485", "traffic.arrivals.file", {"edge.sites"},
         fmt::format("has requests of site {}, but sites are 0 to {}", trace->site_count - 1,
                     sites() - 1));
  }

  void check_rate() {
    const ArrivalsSpec& arrivals = scenario_.traffic.arrivals;
    check_curve();
    check_once();
    check_trace();
    if (arrivals.process != ArrivalsSpec::Process::closed_loop) return;
    const std::string path = "traffic.arrivals.clients";
    const double clients = arrivals.clients;
    if (clients * sites() > static_cast<double>(Limits::clients_max)) {
      fail("SCN-303", path, {"edge.sites"},
           fmt::format("must be at most {} over all sites, but are {}", Limits::clients_max,
                       clients * sites()));
    }
    const double think = law_mean(arrivals.think);
    if (think > 0 && clients / think > Limits::rate_max_per_s) {
      fail("SCN-301", path, {"traffic.arrivals.think"},
           fmt::format("could ask {:.3g} times a second, at most {:.0e} are possible",
                       clients / think, Limits::rate_max_per_s));
    }
  }

  void check_memory() {
    if (scenario_.edge) {
      const std::uint64_t nodes = std::uint64_t{sites()} * most_nodes(scenario_);
      const std::uint64_t cached = nodes * scenario_.traffic.objects.count;
      if (cached > Limits::cached_objects_max) {
        const bool classes = !scenario_.traffic.classes.empty();
        fail("SCN-302", classes ? "traffic.classes" : "traffic.objects.count",
             {"edge.sites", "edge.nodes_per_site"},
             fmt::format("objects times sites and nodes must be at most {}, but are {}{}",
                         Limits::cached_objects_max, cached,
                         has_once() ? ", one-hit wonders included" : ""));
      }
    }
    if (scenario_.api) {
      const ApiSpec& api = *scenario_.api;
      const std::uint32_t most = api.autoscaler ? api.autoscaler->max : api.replicas;
      check_slots(api.autoscaler ? "api.autoscaler.max" : "api.replicas",
                  {std::uint64_t{api.cells} * std::max(api.replicas, most), api.concurrency});
    }
    if (scenario_.workers) {
      const WorkersSpec& workers = *scenario_.workers;
      const std::uint32_t most = workers.autoscaler ? workers.autoscaler->max : workers.replicas;
      check_slots(most > workers.replicas ? "workers.autoscaler.max" : "workers.replicas",
                  {std::uint64_t{std::max(workers.replicas, most)}, workers.concurrency});
    }
  }

  struct Slots {
    std::uint64_t servers;
    std::uint64_t each;
  };
  void check_slots(const std::string& path, Slots slots) {
    // Both factors are at most 4,096 x 10^6: their product fits in 64 bits.
    if (slots.servers * slots.each <= Limits::slots_max) return;
    const std::string tier = path.substr(0, path.find('.'));
    fail("SCN-303", path, {tier + ".replicas", tier + ".concurrency", tier + ".cells"},
         fmt::format("gives {} slots in all, at most {} are possible", slots.servers * slots.each,
                     Limits::slots_max));
  }

  void check_route() {
    if (!scenario_.api) return;
    const ApiSpec& api = *scenario_.api;
    if (api.route.own_cell < 1 && api.cells == 1) {
      fail("SCN-402", "api.route.own_cell", {"api.cells"},
           "must be 100% with a single cell: there are no others");
    }
    if (api.route.zone_aware && api.cells == 1) {
      fail("SCN-402", "api.route", {"api.cells"},
           "must not be zone_aware with a single cell: there are no others");
    }
    if (api.route.own_cell == 1 && !api.route.zone_aware && api.cells > sites()) {
      fail("SCN-403", "api.cells", {"edge.sites", "api.route"},
           fmt::format("must be at most the number of sites ({}), or else have a route: some cells "
                       "would get no requests",
                       sites()));
    }
  }

  void check_autoscaler() {
    if (scenario_.workers && scenario_.workers->autoscaler) {
      check_scaled("workers", *scenario_.workers->autoscaler, scenario_.workers->replicas);
    }
    if (!scenario_.api || !scenario_.api->autoscaler) return;
    check_scaled("api", *scenario_.api->autoscaler, scenario_.api->replicas);
  }

  void check_scaled(const std::string& tier, const AutoscalerSpec& scaler, std::uint32_t replicas) {
    const std::string path = tier + ".autoscaler.";
    if (scaler.kind != AutoscalerSpec::Kind::schedule &&
        (replicas < scaler.min || replicas > scaler.max)) {
      fail("SCN-408", tier + ".replicas", {path + "min", path + "max"},
           fmt::format("must be within the autoscaler's {} to {}, but are {}", scaler.min,
                       scaler.max, replicas));
    }
    const std::uint32_t cells = tier == "api" ? scenario_.api->cells : 1;
    const double periods =
        scenario_.duration.as_seconds() / scaler.metric_period.as_seconds() * cells;
    if (periods > static_cast<double>(Limits::metric_periods_max)) {
      fail("SCN-303", path + "metric_period", {"duration", "api.cells"},
           fmt::format("gives {:.3g} periods over all cells, at most {} are possible", periods,
                       Limits::metric_periods_max));
    }
  }

  void check_jobs() {
    if (!scenario_.workers) return;
    const WorkersSpec& workers = *scenario_.workers;
    if (workers.queue && workers.queue->prefetch > 1) {
      const std::uint64_t held = std::uint64_t{workers.concurrency} * workers.queue->prefetch;
      if (held > Limits::replicas_max) {
        fail("SCN-453", "workers.queue.prefetch", {"workers.concurrency"},
             fmt::format("gives {} jobs a worker, at most {} are possible", held,
                         Limits::replicas_max));
      }
    }
    if (workers.batch) check_batch(workers);
  }

  void check_batch(const WorkersSpec& workers) {
    const BatchSpec& batch = *workers.batch;
    const std::size_t classes = workers.priorities ? workers.priorities->shares.size() : 1;
    if (batch.job_class >= classes) {
      fail("SCN-452", "workers.batch.class", {"workers.priorities"},
           fmt::format("must be a class from 0 to {}, but was {}", classes - 1, batch.job_class));
    }
    const double all = scenario_.duration.as_seconds() / batch.every.as_seconds() * batch.jobs;
    if (all > static_cast<double>(Limits::batch_jobs_max)) {
      fail("SCN-453", "workers.batch.jobs", {"workers.batch.every", "duration"},
           fmt::format("gives {:.3g} jobs in all, at most {} are possible", all,
                       Limits::batch_jobs_max));
    }
  }

  void check_canary() {
    if (!scenario_.canary) return;
    if (!scenario_.api) fail("SCN-405", "canary", {"api"}, "needs an api of which it is a version");
    const bool has_workers = config::nearest_node(root_, "canary").find("workers") != nullptr;
    if (has_workers && !scenario_.workers) {
      fail("SCN-405", "canary.workers", {"workers"}, "needs workers of which it is a version");
    }
  }

  void check_event(const TimelineEvent& event, const std::string& path) {
    if (event.at >= SimTime::zero() + scenario_.duration) {
      fail("SCN-504", path + ".at", {"duration"}, "must be before the end of the run");
    }
    check_event_tier(event, path);
    if (event.kind == Kind::deploy) check_deploy(path);
    if (event.site && *event.site >= sites()) {
      fail("SCN-502", path + ".site", {"edge.sites"},
           fmt::format("must be a site from 0 to {}, but was {}", sites() - 1, *event.site));
    }
    if (event.kind == Kind::replica_failure) check_replica_failure(event, path);
    if (event.kind == Kind::rollback && !scenario_.canary) {
      fail("SCN-455", path + ".event", {"canary"}, "needs a canary to be taken back");
    }
    if (event.kind == Kind::surge || event.kind == Kind::ramp || event.kind == Kind::flash_crowd)
      check_surge(event, path);
    if (event.kind == Kind::warm_up && event.count > scenario_.traffic.objects.count) {
      fail("SCN-486", path + ".objects", {"traffic.objects"},
           fmt::format("must be at most the number of objects ({})",
                       scenario_.traffic.objects.count));
    }
    if (event.kind == Kind::site_failure && refuse_for_trace(path)) return;
    if (event.kind == Kind::site_failure && scenario_.edge && sites() < 2) {
      fail("SCN-505", path + ".event", {"edge.sites"},
           "needs at least 2 sites: nobody could take over");
    }
  }

  void check_event_tier(const TimelineEvent& event, const std::string& path) {
    switch (event.kind) {
      case Kind::surge:
      case Kind::ramp:
      case Kind::flash_crowd:
        return;
      case Kind::purge:
      case Kind::site_failure:
      case Kind::nodes:
      case Kind::warm_up:
        if (!scenario_.edge) fail("SCN-501", path + ".event", {"edge"}, "needs an edge");
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
    fail("SCN-501", path + ".tier", {is_api ? "api" : "workers"},
         fmt::format("names {}, which this scenario does not have", is_api ? "api" : "workers"));
  }

  void check_deploy(const std::string& path) {
    const auto& workers = scenario_.workers;
    if (!workers || !workers->autoscaler) return;
    if (workers->autoscaler->kind != AutoscalerSpec::Kind::keda_jobs) return;
    fail("SCN-457", path + ".event", {"workers.autoscaler.kind"},
         "replaces workers that stay: those of keda_jobs end by themselves, and their successors "
         "run the new release");
  }

  void check_link(TimelineEvent::Link link, const std::string& path) {
    if (!scenario_.api) fail("SCN-487", path, {"api"}, "needs an api, where this link ends");
    if (link == TimelineEvent::Link::api_to_workers && !scenario_.workers)
      fail("SCN-487", path, {"workers"}, "needs workers, where this link ends");
  }

  void check_losses() {
    const LinksSpec::Loss& loss = scenario_.links.loss;
    if (loss.edge_to_api > 0)
      check_link(TimelineEvent::Link::edge_to_api, "links.loss.edge_to_api");
    if (loss.api_to_workers > 0)
      check_link(TimelineEvent::Link::api_to_workers, "links.loss.api_to_workers");
  }

  void check_dependency(const std::string& path) {
    if (scenario_.api && scenario_.api->dependency) return;
    fail("SCN-501", path + ".tier", {"api"},
         "names the dependency, which this scenario does not have");
  }

  // Of single replicas, which a central queue that is solved at admission does not tell apart.
  void check_replica_event(const TimelineEvent& event, const std::string& path) {
    const std::string key = event.kind == Kind::bad_release ? ".event" : ".replicas";
    if (event.tier != TimelineEvent::Tier::api) {
      fail("SCN-478", path + key, {}, "must not be given: workers draw from one queue");
      return;
    }
    if (!scenario_.api) return;
    if (scenario_.api->balancer == Balancer::central_queue && !served_by_events(*scenario_.api)) {
      fail("SCN-478", path + key, {"api"},
           "needs a balancer with a queue a replica: a central queue does not tell who serves");
    }
    if (event.replicas > scenario_.api->replicas) {
      fail("SCN-503", path + key, {"api.replicas"},
           fmt::format("must be at most the number of replicas ({}), but was {}",
                       scenario_.api->replicas, event.replicas));
    }
  }

  void check_faults() {
    if (problems_.touches("faults")) return;
    double expected = 0;
    for (std::size_t i = 0; i < scenario_.faults.size(); ++i) {
      const FaultSpec& fault = scenario_.faults[i];
      check_event(fault.event, config::join_path("faults", i));
      const double cycle = law_mean(fault.every) + (fault.lasting ? law_mean(*fault.lasting) : 0);
      expected += scenario_.duration.as_seconds() / cycle;
    }
    if (expected > Limits::drawn_faults_max) {
      fail("SCN-476", "faults", {"duration"},
           fmt::format("give about {:.3g} events in all, at most {:.0f} are possible", expected,
                       Limits::drawn_faults_max));
    }
  }

  void check_replica_failure(const TimelineEvent& event, const std::string& path) {
    const bool is_api = event.tier == TimelineEvent::Tier::api;
    if (is_api && scenario_.api && event.cell && *event.cell >= scenario_.api->cells) {
      fail("SCN-502", path + ".cell", {"api.cells"},
           fmt::format("must be a cell from 0 to {}, but was {}", scenario_.api->cells - 1,
                       *event.cell));
    }
    if (!is_api && event.cell) {
      fail("SCN-502", path + ".cell", {}, "must not be given: workers have no cells");
    }
    std::uint32_t replicas = Limits::replicas_max;
    if (is_api && scenario_.api) replicas = scenario_.api->replicas;
    if (!is_api && scenario_.workers) replicas = scenario_.workers->replicas;
    if (event.count > replicas) {
      fail("SCN-503", path + ".count", {is_api ? "api.replicas" : "workers.replicas"},
           fmt::format("must be at most the number of replicas ({}), but was {}", replicas,
                       event.count));
    }
  }

  bool refuse_for_trace(const std::string& path) {
    if (scenario_.traffic.arrivals.process != ArrivalsSpec::Process::trace) return false;
    fail("SCN-506", path + ".event", {"traffic.arrivals"},
         "needs arrivals with a rate: a trace says when and where requests come");
    return true;
  }

  void check_surge(const TimelineEvent& event, const std::string& path) {
    const ArrivalsSpec& arrivals = scenario_.traffic.arrivals;
    if (arrivals.process == ArrivalsSpec::Process::closed_loop) {
      fail("SCN-506", path + ".event", {"traffic.arrivals"},
           "needs arrivals with a rate: a closed loop has a fixed number of clients");
      return;
    }
    if (refuse_for_trace(path)) return;
    const double rate = highest_rate() * event.factor;
    if (rate > Limits::rate_max_per_s) {
      fail("SCN-301", path + ".factor", {"traffic.arrivals"},
           fmt::format("gives {:.3g} requests a second, at most {:.0e} are possible", rate,
                       Limits::rate_max_per_s));
    }
  }

  void check_objectives() {
    // A list with a bad element has fewer objectives than elements; indices would be off.
    if (problems_.touches("objectives")) return;
    for (std::size_t i = 0; i < scenario_.objectives.size(); ++i) {
      check_metric(config::join_path("objectives", i), scenario_.objectives[i].metric);
    }
  }

  void check_alerts() {
    if (problems_.touches("alerts")) return;
    for (std::size_t i = 0; i < scenario_.alerts.size(); ++i) {
      const std::string path = config::join_path("alerts", i);
      check_metric(path, scenario_.alerts[i].metric);
      if (scenario_.alerts[i].of_baseline) check_baseline(path);
    }
  }

  // The baseline is the other arm, or the same series before the first change.
  void check_baseline(const std::string& path) {
    if (scenario_.canary) return;
    // When faults by chance begin is known only once they are drawn (cli/simulate/alerts.cpp).
    if (scenario_.timeline.empty() && !scenario_.faults.empty()) return;
    const SimTime begin = SimTime::zero() + scenario_.warmup.value_or(Duration{});
    const auto first = std::min_element(
        scenario_.timeline.begin(), scenario_.timeline.end(),
        [](const TimelineEvent& a, const TimelineEvent& b) { return a.at < b.at; });
    if (first != scenario_.timeline.end() && first->at > begin) return;
    fail("SCN-613", path, {"timeline", "warmup", "canary"},
         "has no baseline: it takes a canary, or a timeline whose first event comes after the "
         "warm-up, or faults");
  }

  void check_metric(const std::string& path, const std::string& metric) {
    const MetricTier tier = tier_of_metric(metric);
    const auto& workers = scenario_.workers;
    const bool absent =
        (tier == MetricTier::edge && !scenario_.edge) ||
        (tier == MetricTier::api && !scenario_.api) || (tier == MetricTier::workers && !workers) ||
        (tier == MetricTier::queue && (!workers || !workers->queue)) ||
        (tier == MetricTier::priorities && (!workers || !workers->priorities)) ||
        (tier == MetricTier::dependency && !(scenario_.api && scenario_.api->dependency));
    if (!absent) return;
    fail("SCN-603", path, {"edge", "api", "workers"},
         fmt::format("{} has no value in this scenario: the tier or its part is absent", metric));
  }

  const Scenario& scenario_;
  const config::Node& root_;
  config::Problems& problems_;
};

}  // namespace

void check_scenario(const Scenario& scenario, const config::Node& root,
                    config::Problems& problems) {
  Checker(scenario, root, problems).check();
}

}  // namespace haldane::models
