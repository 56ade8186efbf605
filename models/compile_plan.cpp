#include <algorithm>
#include <numeric>
#include <set>

#include "models/balance/zone_route.h"
#include "models/compile_objects.h"
#include "models/compile_revalidation.h"
#include "models/compile_write_back.h"
#include "models/plan.h"
#include "models/workload/draw_faults.h"
#include "models/workload/law.h"
#include "models/workload/rate_script.h"
#include "sim/base/hash.h"
#include "sim/measure/time_grid.h"

namespace haldane::models {
namespace {

SimTime end_of(const TimelineEvent& event) {
  return event.lasting == Duration::max() ? SimTime::never() : event.at + event.lasting;
}

// Outages in order, overlapping ones joined.
std::vector<Outage> joined(std::vector<Outage> outages) {
  std::sort(outages.begin(), outages.end(),
            [](const Outage& a, const Outage& b) { return a.down < b.down; });
  std::vector<Outage> result;
  for (const Outage& outage : outages) {
    if (!result.empty() && outage.down <= result.back().up) {
      result.back().up = std::max(result.back().up, outage.up);
    } else {
      result.push_back(outage);
    }
  }
  return result;
}

double weight_of(const Scenario& s, std::uint32_t site) {
  const auto& sites = s.traffic.arrivals.sites;
  return sites.empty() ? 1 : sites[site].weight;
}

// A lost site's traffic moves to the sites that are left, in proportion to their own.
void apply_site_outages(Plan& plan) {
  std::set<SimTime> bounds;
  for (const auto& outages : plan.site_outages) {
    for (const Outage& outage : outages) bounds.insert({outage.down, outage.up});
  }
  bounds.erase(SimTime::never());
  const auto is_down = [&plan](std::uint32_t site, SimTime t) {
    const auto& outages = plan.site_outages[site];
    return std::any_of(outages.begin(), outages.end(),
                       [t](const Outage& o) { return o.down <= t && t < o.up; });
  };
  for (auto bound = bounds.begin(); bound != bounds.end(); ++bound) {
    const SimTime to = std::next(bound) == bounds.end() ? SimTime::never() : *std::next(bound);
    double all = 0;
    double left = 0;
    for (std::uint32_t site = 0; site < plan.sites(); ++site) {
      const double weight = weight_of(plan.scenario, site);
      all += weight;
      if (!is_down(site, *bound)) left += weight;
    }
    if (left == all) continue;
    const double share = left > 0 ? all / left : 0;
    for (std::uint32_t site = 0; site < plan.sites(); ++site) {
      plan.site_rate[site].multiply(*bound, to, is_down(site, *bound) ? 0 : share);
    }
  }
}

// A trace that names no sites is spread over them by a hash of the row.
void compile_trace(Plan& plan) {
  const ArrivalTrace* trace = plan.scenario.traffic.arrivals.trace.get();
  if (trace == nullptr) return;
  plan.traces.resize(plan.sites());
  for (std::size_t row = 0; row < trace->times.size() && trace->times[row] < plan.end; ++row) {
    const std::uint64_t site =
        trace->sites.empty() ? sim::to_index(mix(row), plan.sites()) : trace->sites[row];
    plan.traces[site].times.push_back(trace->times[row]);
    plan.traces[site].objects.push_back(trace->objects[row]);
  }
}

void compile_traffic(Plan& plan) {
  const Scenario& s = plan.scenario;
  const std::uint32_t sites = s.edge ? s.edge->sites : 1;
  for (std::uint32_t site = 0; site < sites; ++site)
    plan.site_rate.push_back(scripted_rate(s, site));
  compile_trace(plan);
  plan.site_outages.resize(sites);
  for (const TimelineEvent& event : s.timeline) {
    if (event.kind == TimelineEvent::Kind::site_failure && event.site) {
      plan.site_outages[*event.site].push_back({event.at, end_of(event)});
    }
  }
  for (auto& outages : plan.site_outages) outages = joined(std::move(outages));
  apply_site_outages(plan);
  plan.modulation.sojourns = s.traffic.arrivals.sojourns;
  for (const double rate : s.traffic.arrivals.rates_per_s)
    plan.modulation.levels.push_back(rate / s.traffic.arrivals.rate_per_s);
  if (s.traffic.arrivals.process == ArrivalsSpec::Process::closed_loop) {
    plan.think = duration_law(s.traffic.arrivals.think);
  }
  if (s.traffic.arrivals.process == ArrivalsSpec::Process::sessions) {
    plan.session_pause = duration_law(s.traffic.arrivals.pause);
  }
  plan.client_backoff = Backoff(s.traffic.client.backoff);
  plan.site_concludes = sites_conclude(s);
}

PurgeTarget purge_target(const Plan& plan, const TimelineEvent& event) {
  PurgeTarget target;
  target.threshold = sim::to_threshold(event.share);
  if (event.purge_key) {
    target.kind = PurgeTarget::Kind::key;
    target.key = plan.formats.first_of(*event.purge_key);
  }
  if (event.purge_tag) {
    target.kind = PurgeTarget::Kind::tag;
    target.tag = event.purge_tag->number;
    target.tags = event.purge_tag->of;
  }
  return target;
}

// What a class does not say is as for all.
void compile_freshness(Plan& plan, const CacheSpec& cache) {
  plan.freshness.assign(cache.classes.empty() ? 1 : plan.classes.size(), cache);
  const std::vector<TrafficClassSpec>& classes = plan.scenario.traffic.classes;
  for (const CacheSpec::ClassFreshness& rules : cache.classes) {
    for (std::size_t i = 0; i < classes.size(); ++i) {
      if (classes[i].name == rules.name)
        plan.freshness[i] = static_cast<const FreshnessSpec&>(rules);
    }
  }
  for (const FreshnessSpec& rules : plan.freshness) {
    const Duration stale = std::max(rules.stale_while_revalidate, rules.stale_if_error);
    double seconds = plan.scenario.duration.as_seconds() + stale.as_seconds();
    if (rules.ttl != Duration::max()) seconds += rules.ttl.as_seconds() * (1 + rules.ttl_jitter);
    while (seconds * 1e9 >= static_cast<double>(std::int64_t{0xffffff00} << plan.tick_shift))
      ++plan.tick_shift;
  }
}

void compile_nodes(Plan& plan, const EdgeSpec& edge) {
  plan.nodes_max = most_nodes(plan.scenario);
  bool changes = edge.autoscaler.has_value();
  for (const TimelineEvent& event : plan.scenario.timeline)
    changes |= event.kind == TimelineEvent::Kind::nodes;
  plan.spreads = edge.autoscaler ||
                 (plan.nodes_max > 1 && (changes || edge.spread.kind != SpreadSpec::Kind::hash));
  if (!plan.spreads) return;
  plan.node_counts.assign(plan.sites(), {{SimTime::zero(), edge.nodes_per_site}});
  for (const TimelineEvent& event : plan.scenario.timeline) {
    if (event.kind != TimelineEvent::Kind::nodes) continue;
    for (std::uint32_t site = 0; site < plan.sites(); ++site) {
      if (!event.site || *event.site == site)
        plan.node_counts[site].push_back({event.at, event.count});
    }
  }
}

ProxiesPlan compile_proxies(const ProxiesSpec& spec) {
  ProxiesPlan proxies;
  proxies.of_nodes = spec.cores_per_node > 0;
  proxies.cores = proxies.of_nodes ? spec.cores_per_node : spec.cores;
  if (spec.tls) {
    proxies.connection_threshold = sim::to_threshold(spec.tls->new_connections);
    proxies.resumed_threshold = sim::to_threshold(spec.tls->resumed);
    proxies.full_handshake = duration_law(spec.tls->full_handshake);
    proxies.resumption = duration_law(spec.tls->resumption);
  }
  proxies.inspects = spec.waf.has_value();
  if (spec.waf) proxies.waf = duration_law(*spec.waf);
  return proxies;
}

void compile_edge(Plan& plan) {
  const Scenario& s = plan.scenario;
  if (!s.edge) return;
  plan.hit_latency = duration_law(s.edge->hit_latency);
  if (s.edge->shield) plan.shield_hit_latency = duration_law(s.edge->shield->hit_latency);
  if (s.edge->proxies) plan.proxies = compile_proxies(*s.edge->proxies);
  const CacheSpec& cache = s.edge->cache;
  plan.coalesce = cache.coalesce && s.api.has_value();
  plan.fetch_timeout = cache.fetch_timeout;
  compile_freshness(plan, cache);
  compile_nodes(plan, *s.edge);
  plan.uncacheable_threshold = sim::to_threshold(cache.uncacheable.share);
  for (const TimelineEvent& event : s.timeline) {
    if (event.kind != TimelineEvent::Kind::purge) continue;
    plan.purges.push_back({event.at, purge_target(plan, event), event.soft, event.site});
  }
  for (std::uint32_t site = 0; site < plan.sites(); ++site) {
    for (const Outage& outage : plan.site_outages[site]) {
      if (outage.up < plan.end)
        plan.purges.push_back({outage.up, {.threshold = sim::to_threshold(1)}, false, site});
    }
  }
  std::stable_sort(plan.purges.begin(), plan.purges.end(),
                   [](const Purge& a, const Purge& b) { return a.at < b.at; });
}

// Timeline events of one tier act on both arms: they happen to the system, not to the release.
template <class ArmPlan>
void apply_tier_events(const Scenario& s, TimelineEvent::Tier tier, ArmPlan& arm) {
  for (const TimelineEvent& event : s.timeline) {
    if (event.tier != tier) continue;
    if (event.kind == TimelineEvent::Kind::slow_down && event.replicas == 0) {
      arm.slow_down.multiply(event.at, end_of(event), event.factor);
    }
    if (event.kind == TimelineEvent::Kind::failures) {
      arm.failure_threshold.assign(event.at, end_of(event),
                                   static_cast<double>(sim::to_threshold(event.probability)));
    }
  }
}

// Events of some replicas of each cell only: the first so many of the baseline's.
void apply_replica_events(const Scenario& s, ApiArmPlan& arm) {
  using Kind = TimelineEvent::Kind;
  for (const TimelineEvent& event : s.timeline) {
    std::uint32_t replicas = event.replicas;
    if (event.kind == Kind::bad_release) {
      replicas = std::max(1U, static_cast<std::uint32_t>(event.share * s.api->replicas + 0.5));
    } else if (event.kind != Kind::slow_down || replicas == 0) {
      continue;
    }
    arm.some_replicas.resize(std::max<std::size_t>(arm.some_replicas.size(), replicas));
    for (std::uint32_t r = 0; r < replicas; ++r) {
      ApiArmPlan::ReplicaEvents& one = arm.some_replicas[r];
      one.slow_down.multiply(event.at, end_of(event), event.factor);
      if (event.kind != Kind::bad_release) continue;
      one.failure_threshold.assign(event.at, end_of(event),
                                   static_cast<double>(sim::to_threshold(event.probability)));
    }
  }
}

StepFunction threshold_of(double probability) {
  return StepFunction(static_cast<double>(sim::to_threshold(probability)));
}

// Laws of classes, where some have their own. A canary with a law of its own has it for all.
void compile_class_services(const Scenario& s, const CanarySpec::Api& canary, ApiArmPlan& arm) {
  const std::vector<TrafficClassSpec>& classes = s.traffic.classes;
  const auto has_service = [](const TrafficClassSpec& one) { return one.service.has_value(); };
  if (std::ranges::none_of(classes, has_service)) return;
  for (const TrafficClassSpec& one : classes) {
    if (!one.service || canary.service) {
      arm.class_services.push_back(arm.service);
      continue;
    }
    const sim::Distribution law = duration_law(*one.service);
    arm.class_services.push_back(canary.service_factor ? law.scaled(*canary.service_factor) : law);
  }
}

PausesPlan compile_pauses(const PausesSpec& pauses) {
  const double every = static_cast<double>(std::max<std::int64_t>(1, pauses.every.count_ns()));
  return {sim::Distribution::exponential(every), pauses.requests, duration_law(pauses.duration)};
}

// Turns of round robin do not ask who has how many requests.
double active_request_bias(const ApiSpec& api) {
  return api.balancer == Balancer::round_robin ? 0 : api.weights.active_request_bias;
}

ApiArmPlan compile_api_arm(const Scenario& s, const ApiSpec& api, const CanarySpec::Api& canary,
                           std::uint32_t replicas) {
  ApiArmPlan arm;
  arm.replicas = arm.replicas_max = replicas;
  arm.concurrency = canary.concurrency.value_or(api.concurrency);
  arm.queue_capacity = api.queue_capacity;
  arm.queue = api.queue;
  arm.limit = api.limit;
  arm.slow_start = api.slow_start;
  if (api.pauses) arm.pauses = compile_pauses(*api.pauses);
  arm.balancer = api.balancer;
  arm.peak_ewma_decay = api.peak_ewma_decay;
  arm.active_request_bias = active_request_bias(api);
  arm.balancer_slow_start = api.balancer_slow_start;
  arm.outliers = api.outliers;
  arm.service = duration_law(canary.service.value_or(api.service));
  if (canary.service_factor) arm.service = arm.service.scaled(*canary.service_factor);
  compile_class_services(s, canary, arm);
  if (canary.slow) {
    arm.slow_threshold = sim::to_threshold(canary.slow->share);
    arm.slow_factor = canary.slow->factor;
  }
  arm.failure_threshold =
      threshold_of(canary.failure_probability.value_or(api.failure_probability));
  arm.enqueue_threshold =
      sim::to_threshold(canary.enqueue_probability.value_or(api.enqueue_probability));
  apply_tier_events(s, TimelineEvent::Tier::api, arm);
  arm.stretches = !arm.slow_down.is_constant() || arm.slow_start.lasting > Duration{};
  return arm;
}

void compile_dependency(Plan& plan) {
  const Scenario& s = plan.scenario;
  if (!s.api->dependency) return;
  const DependencySpec& spec = *s.api->dependency;
  DependencyPlan dependency;
  dependency.pool = spec.pool;
  dependency.service = duration_law(spec.service);
  dependency.queue_capacity = spec.queue_capacity;
  dependency.timeout = spec.timeout;
  dependency.failure_threshold = threshold_of(spec.failure_probability);
  apply_tier_events(s, TimelineEvent::Tier::dependency, dependency);
  plan.dependency = std::move(dependency);
}

// What leaves a cell's zone: sites stand for the callers, by their weight.
Plan::CellRoute zone_aware_route(const Plan& plan, std::uint32_t site) {
  const std::uint32_t cells = plan.cells();
  std::vector<double> demand(cells);
  for (std::uint32_t each = 0; each < plan.sites(); ++each)
    demand[each % cells] += weight_of(plan.scenario, each);
  const std::vector<double> servers(cells, 1.0);
  const ZoneRoute zone = zone_route(site % cells, demand, servers);
  Plan::CellRoute route;
  route.threshold = sim::to_threshold(1 - zone.own / 10'000.0);
  const double spare = std::accumulate(zone.others.begin(), zone.others.end(), 0.0);
  double passed = 0;
  for (std::uint32_t cell = 0; cell < cells; ++cell) {
    if (zone.others[cell] == 0) continue;
    passed += zone.others[cell];
    const auto below =
        static_cast<std::uint64_t>(passed / spare * static_cast<double>(route.threshold));
    route.others.push_back({below, cell});
  }
  if (!route.others.empty()) route.others.back().below = route.threshold;
  return route;
}

void compile_routes(Plan& plan) {
  const ApiSpec& api = *plan.scenario.api;
  plan.cell_routes.resize(plan.sites());
  if (api.cells == 1) return;
  for (std::uint32_t site = 0; site < plan.sites(); ++site) {
    if (api.route.zone_aware) {
      plan.cell_routes[site] = zone_aware_route(plan, site);
    } else {
      plan.cell_routes[site].threshold = sim::to_threshold(1 - api.route.own_cell);
    }
  }
}

void compile_api_outages(Plan& plan) {
  const Scenario& s = plan.scenario;
  plan.api_outages.assign(s.api->cells, std::vector<std::vector<Outage>>(s.api->replicas));
  for (const TimelineEvent& event : s.timeline) {
    if (event.kind != TimelineEvent::Kind::replica_failure ||
        event.tier != TimelineEvent::Tier::api)
      continue;
    for (std::uint32_t cell = 0; cell < s.api->cells; ++cell) {
      if (event.cell && *event.cell != cell) continue;
      for (std::uint32_t r = 0; r < std::min(event.count, s.api->replicas); ++r) {
        plan.api_outages[cell][r].push_back({event.at, end_of(event)});
      }
    }
  }
  for (auto& cell : plan.api_outages) {
    for (auto& outages : cell) outages = joined(std::move(outages));
  }
}

void compile_api(Plan& plan) {
  const Scenario& s = plan.scenario;
  if (!s.api) return;
  plan.api_by_events = served_by_events(*s.api);
  compile_dependency(plan);
  plan.api[0] = compile_api_arm(s, *s.api, {}, s.api->replicas);
  if (s.api->autoscaler) plan.api[0].replicas_max = s.api->autoscaler->max;
  plan.api[0].weights = s.api->weights.weights_of(s.api->replicas);
  apply_replica_events(s, plan.api[0]);
  plan.api[0].stretches |= !plan.api[0].some_replicas.empty();
  if (s.canary) {
    plan.api[1] =
        compile_api_arm(s, *s.api, s.canary->api, s.canary->api.replicas.value_or(s.api->replicas));
  }
  if (!s.workers) plan.api[0].enqueue_threshold = plan.api[1].enqueue_threshold = 0;
  compile_routes(plan);
  compile_api_outages(plan);
}

void compile_releases(JobPlan& jobs, const Scenario& s) {
  for (const TimelineEvent& event : s.timeline) {
    if (event.kind == TimelineEvent::Kind::deploy)
      jobs.deploys.push_back({event.at, event.share, duration_law(event.startup)});
    if (event.kind == TimelineEvent::Kind::rollback)
      jobs.rollback = std::min(jobs.rollback, event.at);
  }
  std::stable_sort(jobs.deploys.begin(), jobs.deploys.end(),
                   [](const WorkerDeploy& a, const WorkerDeploy& b) { return a.at < b.at; });
  if (!jobs.deploys.empty() || jobs.rollback != SimTime::never()) jobs.by_events = true;
}

WorkerArmPlan compile_worker_arm(const Scenario& s, const CanarySpec::Workers& canary,
                                 std::uint32_t replicas) {
  WorkerArmPlan arm;
  arm.replicas = replicas;
  arm.service = duration_law(canary.service.value_or(s.workers->service));
  if (canary.service_factor) arm.service = arm.service.scaled(*canary.service_factor);
  arm.failure_threshold =
      threshold_of(canary.failure_probability.value_or(s.workers->failure_probability));
  apply_tier_events(s, TimelineEvent::Tier::workers, arm);
  return arm;
}

void compile_queue(JobPlan& jobs, const QueueSpec& queue) {
  jobs.max_receives = queue.max_receives;
  jobs.visibility_timeout = queue.visibility_timeout;
  jobs.held_max *= queue.prefetch;
  jobs.duplicate_threshold = sim::to_threshold(queue.duplicates);
  jobs.poison_threshold = sim::to_threshold(queue.poison);
  jobs.idempotency_window = queue.idempotency_window;
  jobs.triage = queue.triage;
}

void compile_jobs(JobPlan& jobs, const WorkersSpec& workers) {
  jobs.by_events = workers.autoscaler || workers.queue || workers.priorities || workers.batch;
  jobs.max_receives = workers.retries.max_attempts;
  jobs.held_max = workers.concurrency;
  if (workers.queue) compile_queue(jobs, *workers.queue);
  if (workers.priorities) {
    const PrioritiesSpec& priorities = *workers.priorities;
    jobs.classes = priorities.shares;
    std::partial_sum(jobs.classes.begin(), jobs.classes.end(), jobs.classes.begin());
    if (priorities.discipline == PrioritiesSpec::Discipline::weighted)
      jobs.weights = priorities.weights;
  }
  jobs.fates_matter =
      jobs.duplicate_threshold > 0 || jobs.poison_threshold > 0 || jobs.classes.size() > 1;
}

void compile_workers(Plan& plan) {
  const Scenario& s = plan.scenario;
  if (!s.workers) return;
  plan.workers[0] = compile_worker_arm(s, {}, s.workers->replicas);
  if (s.canary) {
    plan.workers[1] =
        compile_worker_arm(s, s.canary->workers, s.canary->workers.replicas.value_or(0));
  }
  plan.job_backoff = Backoff(s.workers->retries.backoff);
  compile_jobs(plan.jobs, *s.workers);
  compile_write_back(plan);
  compile_releases(plan.jobs, s);
  plan.worker_outages.resize(s.workers->replicas);
  for (const TimelineEvent& event : s.timeline) {
    if (event.kind != TimelineEvent::Kind::replica_failure ||
        event.tier != TimelineEvent::Tier::workers)
      continue;
    for (std::uint32_t r = 0; r < std::min(event.count, s.workers->replicas); ++r) {
      plan.worker_outages[r].push_back({event.at, end_of(event)});
    }
  }
  for (auto& outages : plan.worker_outages) outages = joined(std::move(outages));
}

void compile_warm_ups(Plan& plan) {
  std::uint32_t most = 0;
  for (const TimelineEvent& event : plan.scenario.timeline) {
    if (event.kind != TimelineEvent::Kind::warm_up) continue;
    most = std::max(most, event.count);
    plan.warm_ups.push_back(
        {event.at, Duration::from_seconds(1 / event.factor), event.count, event.site});
  }
  if (most > 0) plan.warm_list = most_popular_objects(plan.scenario.traffic, most);
}

void compile_losses(Plan& plan) {
  const LinksSpec::Loss& loss = plan.scenario.links.loss;
  plan.loss_threshold = threshold_of(loss.edge_to_api);
  plan.job_loss_threshold = threshold_of(loss.api_to_workers);
  for (const TimelineEvent& event : plan.scenario.timeline) {
    if (event.kind != TimelineEvent::Kind::packet_loss) continue;
    StepFunction& threshold = event.link == TimelineEvent::Link::edge_to_api
                                  ? plan.loss_threshold
                                  : plan.job_loss_threshold;
    threshold.assign(event.at, end_of(event),
                     static_cast<double>(sim::to_threshold(event.probability)));
  }
  plan.tiers.losses = plan.loses_packets();
}

// As far as the scenario says it.
TiersPresent tiers_of(const Scenario& s) {
  TiersPresent tiers;
  tiers.edge = s.edge.has_value();
  tiers.api = s.api.has_value();
  tiers.workers = s.workers.has_value();
  tiers.queue = s.workers && s.workers->queue;
  tiers.priorities = s.workers && s.workers->priorities;
  tiers.dependency = s.api && s.api->dependency;
  tiers.breakers = s.traffic.client.breaker.has_value();
  tiers.api_memory = s.api && s.api->memory;
  tiers.worker_memory = s.workers && s.workers->memory;
  tiers.rows = s.workers && s.workers->rows_per_job > 0;
  return tiers;
}

// The window is the shortest way back: edge to API and its answer, or a client's time-out. Without
// any way back it only has to keep the mailboxes small.
void choose_window(Plan& plan) {
  const Scenario& s = plan.scenario;
  const bool closed = s.traffic.arrivals.process == ArrivalsSpec::Process::closed_loop;
  const bool fills = s.edge && (s.edge->cache.fill == CacheSpec::Fill::on_response ||
                                plan.longest(&FreshnessSpec::stale_while_revalidate) > Duration{});
  plan.responses_needed = s.api && (closed || fills || plan.coalesce || plan.site_concludes ||
                                    s.traffic.client.attempts > 1 || !plan.warm_ups.empty());
  const double requests_per_window = 16'384.0 * plan.sites();
  const double rate = std::max(1e-3, s.traffic.arrivals.rate_per_s * plan.sites());
  plan.window = Duration::from_seconds(std::clamp(requests_per_window / rate, 1e-3, 10.0));
  plan.answer_spacing =
      Duration::from_seconds(std::clamp(24 * static_cast<double>(plan.sites()) / rate, 1e-6, 1e-2));
  plan.window = std::min(plan.window, longest_window_of_results(plan));
  if (!plan.responses_needed) return;
  plan.window = std::min(
      {plan.window, s.links.edge_to_api * 2, s.traffic.client.timeout, plan.fetch_timeout});
  plan.window = std::max(plan.window, Duration::nanoseconds(1));
}

}  // namespace

std::size_t Modulation::first_state(std::uint64_t word) const {
  double all = 0;
  for (const Duration sojourn : sojourns) all += static_cast<double>(sojourn.count_ns());
  double place = sim::to_unit(word) * all;
  std::size_t state = 0;
  while (state + 1 < sojourns.size()) {
    place -= static_cast<double>(sojourns[state].count_ns());
    if (place < 0) break;
    ++state;
  }
  return state;
}

std::size_t Modulation::next_state(std::size_t state, std::uint64_t word) const {
  const std::uint64_t other = sim::to_index(word, levels.size() - 1);
  return other < state ? other : other + 1;
}

Plan compile_plan(const Scenario& scenario) {
  Plan plan;
  plan.scenario = scenario;
  plan.scenario.timeline = timeline_with_faults(scenario);
  plan.tiers = tiers_of(scenario);
  plan.end = SimTime::zero() + scenario.duration;
  plan.grid = sim::make_time_grid(scenario.duration, scenario.warmup.value_or(Duration{}));
  if (scenario.canary) plan.canary_threshold = sim::to_threshold(scenario.canary->share);
  compile_traffic(plan);
  compile_objects(plan);
  compile_edge(plan);
  compile_api(plan);
  compile_revalidation(plan);
  compile_workers(plan);
  compile_warm_ups(plan);
  compile_losses(plan);
  plan.tiers.proxies = plan.proxies.has_value();
  plan.tiers.api_writes = plan.api_writes.has_value();
  choose_window(plan);
  plan.fingerprint = fingerprint(scenario);  // of the faults as written
  return plan;
}

}  // namespace haldane::models
