#include "models/spec/check_scenario.h"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "models/spec/check_edge.h"
#include "models/spec/check_replicas.h"
#include "models/spec/check_timeline.h"
#include "models/spec/check_traffic.h"
#include "models/spec/check_write_back.h"
#include "models/spec/metric_names.h"
#include "models/spec/read_law.h"
#include "models/spec/sections.h"

namespace haldane::models {
namespace {

using Limits = ScenarioLimits;

class Checker {
 public:
  Checker(const Scenario& scenario, const config::Node& root, config::Problems& problems)
      : scenario_(scenario), root_(root), problems_(problems) {}

  void check() {
    check_tiers();
    check_time();
    check_memory();
    check_route();
    check_autoscaler();
    check_jobs();
    const Blame blame = [this](std::string_view id, const std::string& path,
                               std::initializer_list<std::string_view> also,
                               const std::string& message) { fail(id, path, also, message); };
    check_traffic(scenario_, blame);
    check_edge(scenario_, blame);
    check_replicas(scenario_, blame);
    check_write_back(scenario_, blame);
    check_losses(scenario_, blame);
    check_canary();
    check_timeline(scenario_, blame);
    if (!problems_.touches("faults")) check_faults(scenario_, blame);
    check_objectives();
    check_alerts();
    check_slos();
  }

 private:
  [[nodiscard]] std::uint32_t sites() const { return site_count(scenario_); }

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

  void check_memory() {
    if (scenario_.edge) {
      const std::uint64_t nodes = std::uint64_t{sites()} * most_nodes(scenario_);
      const std::uint64_t cached = nodes * scenario_.traffic.objects.count;
      if (cached > Limits::cached_objects_max) {
        const bool classes = !scenario_.traffic.classes.empty();
        fail("SCN-302", classes ? "traffic.classes" : "traffic.objects.count",
             {"edge.sites", "edge.nodes_per_site", "edge.autoscaler"},
             fmt::format(
                 "objects times sites and nodes must be at most {}, but are {}{}",
                 Limits::cached_objects_max, cached,
                 has_one_hit_wonders(scenario_.traffic) ? ", one-hit wonders included" : ""));
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
      check_scaled({"workers", "workers.replicas", scenario_.workers->replicas},
                   *scenario_.workers->autoscaler);
    }
    if (scenario_.edge && scenario_.edge->autoscaler) {
      check_scaled(
          {"edge", "edge.nodes_per_site", scenario_.edge->nodes_per_site, "edge.sites", sites()},
          *scenario_.edge->autoscaler);
    }
    if (!scenario_.api || !scenario_.api->autoscaler) return;
    const ApiSpec& api = *scenario_.api;
    check_scaled({"api", "api.replicas", api.replicas, "api.cells", api.cells}, *api.autoscaler);
  }

  struct Scaled {
    std::string tier;
    std::string number_path;
    std::uint32_t number;  // at the start
    std::string parts_path = "workers.replicas";
    std::uint32_t parts = 1;  // each is scaled by itself
  };
  void check_scaled(const Scaled& what, const AutoscalerSpec& scaler) {
    const std::string path = what.tier + ".autoscaler.";
    if (scaler.kind != AutoscalerSpec::Kind::schedule &&
        (what.number < scaler.min || what.number > scaler.max)) {
      fail("SCN-408", what.number_path, {path + "min", path + "max"},
           fmt::format("must be within the autoscaler's {} to {}, but are {}", scaler.min,
                       scaler.max, what.number));
    }
    const double periods =
        scenario_.duration.as_seconds() / scaler.metric_period.as_seconds() * what.parts;
    if (periods > static_cast<double>(Limits::metric_periods_max)) {
      fail("SCN-303", path + "metric_period", {"duration", what.parts_path},
           fmt::format("gives {:.3g} periods in all, at most {} are possible", periods,
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

  void check_slos() {
    if (problems_.touches("slos")) return;
    for (std::size_t i = 0; i < scenario_.slos.size(); ++i) {
      const std::string& metric = scenario_.slos[i].metric;
      if (!metric.empty()) check_metric(config::join_path("slos", i) + ".good", metric + ".p99");
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
