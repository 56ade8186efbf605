// A scenario as the user wrote it, after units, defaults and validation: the input of compile_plan.
//
// One struct a YAML mapping, one field a key, named alike (units moved into the type or the field's
// name), so that docs/scenario-format.md, the JSON Schema and this header can be read side by side.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/balance/outlier_rules.h"
#include "models/balance/slow_start_weight.h"
#include "models/clients/backoff.h"
#include "models/clients/circuit_breaker.h"
#include "models/clients/hedges.h"
#include "models/clients/retry_budget.h"
#include "models/limit/limit_rule.h"
#include "models/queue/queue_rule.h"
#include "models/spec/arrival_trace.h"
#include "models/spec/autoscaler_spec.h"
#include "models/spec/curve_spec.h"
#include "models/spec/law_spec.h"
#include "models/spec/memory_spec.h"
#include "models/spec/proxies_spec.h"
#include "models/spec/queue_spec.h"
#include "models/spec/rate_limit_spec.h"
#include "models/spec/replica_weights_spec.h"
#include "models/spec/revalidation_spec.h"
#include "models/spec/slo_spec.h"
#include "models/spec/spread_spec.h"
#include "models/spec/write_back_spec.h"
#include "sim/base/time.h"

namespace haldane::models {

struct ArrivalsSpec {
  enum class Process : std::uint8_t { poisson, closed_loop, mmpp, hawkes, sessions, trace };
  Process process = Process::poisson;
  double rate_per_s = 0;      ///< of requests, per site, at factor 1 of the curve; the mean over
                              ///< all time where it varies by itself
  std::uint32_t clients = 0;  ///< closed_loop: per site
  LawSpec think;              ///< closed_loop
  std::vector<double> rates_per_s;  ///< mmpp: per site, one a state
  std::vector<Duration> sojourns;   ///< mmpp: mean time in each state
  double branching = 0;             ///< hawkes: arrivals that one causes directly, on average
  Duration decay{};                 ///< hawkes: mean time from cause to effect
  double session_requests = 1;      ///< sessions: mean of a geometric number
  LawSpec pause;                    ///< sessions: between requests
  std::shared_ptr<const ArrivalTrace> trace;  ///< trace: what is replayed; read once, shared
  CurveSpec curve;                            ///< of all but closed loops
  std::vector<SiteTrafficSpec> sites;         ///< one a site; empty = all alike
};

/// A form in which the same content is asked for (WebP, gzip), a copy of its own in every cache.
struct FormatSpec {
  std::string name;
  double share = 0;        ///< of the requests; of all formats, about 1
  double size_factor = 1;  ///< bytes, times those that the size law draws
};

struct ObjectsSpec {
  std::uint32_t count = 1;      ///< catalogue size; ids are popularity ranks, format by format
  double zipf_exponent = 0;     ///< `popularity: {zipf: s}`; 0 = uniform (`popularity: uniform`)
  std::optional<LawSpec> size;  ///< bytes, drawn once per object; absent = all objects alike
  double zipf_shift = 0;        ///< `{zipf: s, shift: q}`: proportional to (rank + q)^-s
  std::vector<double> weights;  ///< `{weights: FILE}`: descending, instead of Zipf's law
  Duration drift_every{};       ///< 0 = popularity stays as it is
  std::uint32_t drift_ranks = 0;
  double once_share = 0;           ///< of requests: for objects that are never asked for again
  std::uint32_t once_objects = 0;  ///< of `count`, behind the others; settled by the reader

  std::vector<FormatSpec> formats;  ///< empty: one, which is not spoken of

  [[nodiscard]] std::uint32_t forms() const {
    return std::max(1U, static_cast<std::uint32_t>(formats.size()));
  }
  /// Objects that are asked for again and again, each in all its formats.
  [[nodiscard]] std::uint32_t lasting() const { return (count - once_objects) / forms(); }
};

/// A kind of request: static content, search and so on. **Domain** shares of all add up to about 1.
struct TrafficClassSpec {
  std::string name;
  double share = 0;  ///< of requests
  ObjectsSpec objects;
  std::optional<LawSpec> service;  ///< at the API, instead of the API's own law
};

/// What clients do when the answer is late or an error. `client: none` (default) waits for ever,
/// tries once.
struct ClientSpec {
  Duration timeout = Duration::max();  ///< max() = none
  std::uint32_t attempts = 1;          ///< first try included
  BackoffSpec backoff;
  std::optional<RetryBudgetSpec> budget;       ///< of each site's clients together
  std::optional<CircuitBreakerRules> breaker;  ///< of each site towards each cell
  std::optional<HedgeRules> hedge;             ///< of calls to the API
};

struct TrafficSpec {
  ArrivalsSpec arrivals;
  ObjectsSpec objects;                    ///< with classes: all of them, counted together
  std::vector<TrafficClassSpec> classes;  ///< empty: requests are all of one kind
  ClientSpec client;
};

enum class CachePolicy : std::uint8_t {
  lru,
  fifo,
  clock,
  sieve,
  s3_fifo,
  arc,
  w_tinylfu,
  gdsf,
  lfu
};

/// How long copies may be served, and what for.
struct FreshnessSpec {
  Duration ttl = Duration::max();  ///< max() = `none`: never expires
  double ttl_jitter = 0;           ///< share: each ttl is uniform in ttl * [1 - jitter, 1 + jitter]
  Duration stale_while_revalidate{};  ///< 0 = off: an expired object is a miss
  Duration stale_if_error{};          ///< 0 = off: a failed fetch is an error to the client
};

struct CacheSpec : FreshnessSpec {
  CachePolicy policy = CachePolicy::lru;
  std::uint64_t capacity_objects = 1;  ///< per node
  std::uint64_t capacity_bytes = 0;    ///< per node, instead of objects; 0 = counted in objects
  struct Admission {
    std::optional<std::uint64_t> max_bytes;  ///< `max_size`: larger objects are never kept
    std::uint32_t min_uses = 1;              ///< an object is kept from its n-th fetch on
  };
  Admission admission;
  struct ClassFreshness : FreshnessSpec {
    std::string name;  ///< of a class of traffic
  };
  std::vector<ClassFreshness> classes;       ///< instead of the cache's own rules
  Duration fetch_timeout = Duration::max();  ///< after which a fetch has failed; max() = `none`
  bool coalesce = false;  ///< one fetch per object in flight, the others wait for it
  struct Waiting {        ///< of those who wait, where `coalesce` is a mapping
    enum class OnTimeout : std::uint8_t { fetch, stale, fail };
    Duration max_wait = Duration::max();
    OnTimeout on_timeout = OnTimeout::fetch;
    Duration poll{};  ///< how often they look for the answer; 0 = they are told at once
    enum class Scope : std::uint8_t { node, site };
    Scope scope = Scope::node;  ///< whose fetches they wait for: of their node, or of any
  } waiting;
  struct Uncacheable {
    double share = 0;   ///< of the catalogue, by hash
    Duration marker{};  ///< hit-for-miss: so long nobody waits for such an object; 0 = off
  } uncacheable;
  std::optional<RevalidationSpec> revalidation;  ///< absent = whole objects are fetched always
  enum class Fill : std::uint8_t { on_response, on_miss };
  Fill fill = Fill::on_response;  ///< on_miss: inserted at the miss (classical cache simulation)
  enum class Start : std::uint8_t { cold, warm };
  Start start = Start::cold;  ///< warm: the most popular objects, remaining freshness uniform
};

/// A second level of caches, one in front of each cell of the API.
struct ShieldSpec {
  CachePolicy policy = CachePolicy::lru;
  std::uint64_t capacity_objects = 1;
  std::uint64_t capacity_bytes = 0;  ///< instead of objects; 0 = counted in objects
  bool hands_down_age = true;        ///< copies at the edge expire when the shield's do
  LawSpec hit_latency;
};

struct EdgeSpec {
  std::uint32_t sites = 1;
  std::uint32_t nodes_per_site = 1;  ///< objects are spread over them; with an autoscaler, at first
  std::optional<AutoscalerSpec> autoscaler;  ///< of each site by itself; absent = a fixed number
  SpreadSpec spread;
  CacheSpec cache;
  std::optional<ShieldSpec> shield;
  std::optional<ProxiesSpec> proxies;       ///< absent = TLS and inspection cost nothing
  std::optional<RateLimitSpec> rate_limit;  ///< absent = everybody is let in
  LawSpec hit_latency;
};

struct LinksSpec {
  Duration edge_to_api{};                  ///< one way; the answer takes it again
  Duration api_to_workers{};               ///< one way
  Duration workers_to_edge{};              ///< one way, to each site
  std::optional<Duration> workers_to_api;  ///< either way, of results; absent = api_to_workers
  struct Loss {
    double edge_to_api = 0;  ///< probability that a packet is lost, either way
    double api_to_workers = 0;
    Duration retransmission_timeout = Duration::milliseconds(200);  ///< of the first copy
  };
  Loss loss;
};

enum class Balancer : std::uint8_t {
  central_queue,
  round_robin,
  least_requests,
  power_of_two,
  random,
  consistent_hash,
  peak_ewma,
  weighted_least_requests
};

/// Callers who share a quota, in each cell.
struct QuotaTier {
  double share = 0;  ///< of the requests
  double rate_per_s = 0;
  std::uint32_t burst = 1;  ///< requests that may come at once
};

/// Where a site's misses go: to its own cell (site mod cells), or uniformly to one of the others.
struct RouteSpec {
  double own_cell = 1;      ///< share; the rest goes to the other cells
  bool zone_aware = false;  ///< instead: to the own cell as far as its share of replicas allows
};

/// What every request of a cell needs while it is served: a database behind a pool of connections.
struct DependencySpec {
  std::uint32_t pool = 1;  ///< connections, of each cell
  LawSpec service;
  std::uint32_t queue_capacity = 0xffffffffU;  ///< max = `unbounded`
  Duration timeout = Duration::max();          ///< of waiting for a connection; max() = `none`
  double failure_probability = 0;
};

/// Stop-the-world pauses of each replica: Poisson (`every`) or after so many `requests`.
struct PausesSpec {
  Duration every{};  ///< mean time from one to the next
  std::uint32_t requests = 0;
  LawSpec duration;
};

/// A replica that has come up serves `factor` times as slowly at first, and faster linearly.
struct SlowStartSpec {
  Duration lasting{};  ///< key `for`; 0 = none
  double factor = 1;

  [[nodiscard]] double factor_at(Duration age) const {
    if (age >= lasting) return 1;
    const double left =
        1 - static_cast<double>(age.count_ns()) / static_cast<double>(lasting.count_ns());
    return 1 + (factor - 1) * left;
  }
};

struct ApiSpec {
  std::uint32_t cells = 1;
  std::uint32_t replicas = 1;                ///< per cell; with an autoscaler, at the start
  std::optional<AutoscalerSpec> autoscaler;  ///< of each cell by itself; absent = a fixed number
  std::uint32_t concurrency = 1;             ///< slots per replica
  std::uint32_t queue_capacity =
      0xffffffffU;  ///< waiting requests per replica (cell, for central_queue); max = `unbounded`
  ReplicaQueueSpec queue;
  LimitSpec limit;                           ///< of each replica (cell, for central_queue)
  std::optional<DependencySpec> dependency;  ///< of each cell
  std::optional<PausesSpec> pauses;
  SlowStartSpec slow_start;
  Balancer balancer = Balancer::round_robin;
  Duration peak_ewma_decay = Duration::seconds(10);
  ReplicaWeightsSpec weights;            ///< of the replicas of each cell
  SlowStartWeight balancer_slow_start;   ///< how replicas that have come up get their share
  std::optional<OutlierRules> outliers;  ///< of each cell's replicas
  LawSpec service;
  std::vector<QuotaTier> quota;    ///< empty = none
  double enqueue_probability = 0;  ///< of a successful request, at its departure
  double failure_probability = 0;  ///< of a request, found at its departure
  RouteSpec route;
  std::optional<MemorySpec> memory;  ///< of a replica; absent = nobody asks
};

/// First come, first served without exceptions is known at admission; everything else takes events.
[[nodiscard]] inline bool served_by_events(const ApiSpec& api) {
  const ReplicaQueueSpec& queue = api.queue;
  // Who waits for all replicas has none before one of them takes it.
  const bool changes = api.autoscaler || api.slow_start.lasting > Duration{};
  if (api.balancer == Balancer::central_queue && changes) return true;
  return queue.discipline != QueueDiscipline::fifo || queue.codel.has_value() ||
         queue.drop_client_gone || queue.deadline != Duration::max() ||
         api.limit.kind != LimitSpec::Kind::none || api.dependency || api.pauses || api.outliers ||
         api.balancer_slow_start.is_on() || api.balancer == Balancer::peak_ewma ||
         api.balancer == Balancer::weighted_least_requests;
}

struct RetriesSpec {
  std::uint32_t max_attempts =
      1;  ///< first attempt included; a job that fails this often becomes a dead letter
  BackoffSpec backoff;
};

struct WorkersSpec {
  std::uint32_t replicas = 1;  ///< one queue feeds them all; with an autoscaler, at the start
  std::optional<AutoscalerSpec> autoscaler;  ///< absent = a fixed number
  std::uint32_t concurrency = 1;             ///< jobs a worker runs at a time
  LawSpec service;
  double failure_probability = 0;  ///< of an attempt, found at its end
  RetriesSpec retries;
  std::optional<QueueSpec> queue;            ///< absent = each failure is known at once
  std::optional<PrioritiesSpec> priorities;  ///< absent = one class
  std::optional<BatchSpec> batch;
  WriteBackSpec write_back;
  std::optional<MemorySpec> memory;  ///< of a worker; absent = nobody asks
  std::int64_t rows_per_job = 0;     ///< that a job which is done has processed; 0 = nobody asks
};

/// A scripted change. Times are from the start of the run; effects last `for`, or to the end when
/// it is max().
struct TimelineEvent {
  enum class Kind : std::uint8_t {
    purge,  ///< edge: `share` of the catalogue (a dataset) becomes invalid at once; `soft` marks it
            ///< stale
    surge,  ///< traffic: arrival rate times `factor`, at `site` or everywhere
    site_failure,  ///< edge: `site` is lost; its traffic moves evenly to the others; it comes back
                   ///< cold
    replica_failure,  ///< `tier`: `count` replicas (of each cell, or of `cell`) crash; their work
                      ///< in flight fails
    slow_down,        ///< `tier`: service times drawn meanwhile are multiplied by `factor`
    failures,         ///< `tier`: the failure probability is `probability` meanwhile
    ramp,         ///< traffic: arrival rate goes to `factor` times in a straight line during `rise`
    flash_crowd,  ///< traffic: likewise, then decays exponentially back, with time constant `decay`
    bad_release,  ///< api: `share` of the replicas serve `factor` times as long and fail more
    deploy,       ///< workers: all are replaced, `share` at a time, `startup` to start each
    rollback,     ///< workers: nobody takes canary-marked jobs as such any more
    nodes,        ///< edge: `site`, or each, has `count` nodes from now on
    warm_up,      ///< edge: `site`, or each, fetches the `count` most popular objects, `factor` a
                  ///< second
    packet_loss,  ///< `link`: packets are lost with `probability` meanwhile
  };
  enum class Link : std::uint8_t { edge_to_api, api_to_workers };
  enum class Tier : std::uint8_t { api, workers, dependency };
  Kind kind = Kind::purge;
  SimTime at;
  Duration lasting = Duration::max();  ///< key `for`
  Duration rise{};                     ///< ramp (key `over`), flash_crowd
  Duration decay{};                    ///< flash_crowd
  double share = 1;
  LawSpec startup;
  bool soft = false;
  struct Tag {
    std::uint32_t number = 0;  ///< below `of`
    std::uint32_t of = 1;
  };
  std::optional<Tag> purge_tag;            ///< purge: key `tag`, instead of a share
  std::optional<std::uint32_t> purge_key;  ///< purge: key `key`, likewise
  double factor = 1;
  double probability = 0;
  Tier tier = Tier::api;
  Link link = Link::edge_to_api;
  std::uint32_t count = 1;
  std::optional<std::uint32_t> site;
  std::optional<std::uint32_t> cell;
  std::uint32_t replicas = 0;  ///< slow_down: of each cell of the API, the first so many; 0 = all
};

/// A fault that comes again and again by chance: drawn into the timeline before the run.
struct FaultSpec {
  TimelineEvent event;             ///< without its times
  LawSpec every;                   ///< from its end (or the start of the run) to its next beginning
  std::optional<LawSpec> lasting;  ///< key `for`; absent for a purge
};

/// A second version of the API (and workers) that a share of the requests meets. An absent field
/// equals baseline's.
struct CanarySpec {
  double share =
      0;  ///< of requests, split by a hash of the request, carried through links, API and jobs
  struct SlowRequests {
    double share = 0;   ///< of the canary's requests, by an independent draw each
    double factor = 1;  ///< multiplies their service times
  };
  struct Api {
    std::optional<std::uint32_t> replicas;  ///< of the canary, per cell, beside the baseline's
    std::optional<std::uint32_t> concurrency;
    std::optional<LawSpec> service;
    std::optional<double> service_factor;  ///< multiplies service times: 1.2 = 20 % slower
    std::optional<SlowRequests> slow;
    std::optional<double> failure_probability;
    std::optional<double> enqueue_probability;
  } api;
  struct Workers {
    std::optional<std::uint32_t>
        replicas;  ///< present: canary jobs have own workers and queue; absent: they share
    std::optional<LawSpec> service;
    std::optional<double> service_factor;
    std::optional<double> failure_probability;
  } workers;
};

/// Prices per hour, in any one currency.
struct CostSpec {
  double edge_node_per_hour = 0;
  double api_replica_per_hour = 0;
  double worker_replica_per_hour = 0;
};

/// "NAME op NUMBER", e.g. "requests.latency_ms.p99 < 200"; evaluated on the estimate.
struct ObjectiveSpec {
  enum class Relation : std::uint8_t { less, less_equal, greater, greater_equal };
  std::string expr;    ///< as written
  std::string metric;  ///< contract name
  Relation relation = Relation::less;
  double bound = 0;  ///< in the metric's unit
};

/// "METRIC op BOUND [for DURATION] -> SEVERITY", e.g. "api.error_ratio > 1% for 5m -> P1";
/// evaluated on the metric's series.
struct AlertSpec {
  using Relation = ObjectiveSpec::Relation;
  std::string rule;    ///< as written
  std::string metric;  ///< contract name
  Relation relation = Relation::greater;
  double bound = 0;          ///< in the metric's unit, or a factor of the baseline
  bool of_baseline = false;  ///< "1.5 x baseline"
  Duration lasting{};        ///< how long it must hold before it fires
  std::string severity;
};

struct Scenario {
  std::string name;
  std::string description;  ///< free text
  Duration duration = Duration::seconds(60);
  std::optional<Duration> warmup;  ///< absent = auto (MSER-5)
  std::uint64_t seed = 1;
  std::uint32_t replications = 1;
  TrafficSpec traffic;
  std::optional<EdgeSpec> edge;  ///< absent = `edge: none`: traffic goes straight to the API
  LinksSpec links;
  std::optional<ApiSpec> api;  ///< absent = `api: none`: an edge alone; misses are answered at once
  std::optional<WorkersSpec> workers;  ///< absent = `workers: none`
  std::vector<TimelineEvent>
      timeline;  ///< sorted by `at`; of a plan with the faults that were drawn
  std::vector<FaultSpec> faults;
  std::optional<CanarySpec> canary;
  CostSpec cost;
  std::vector<ObjectiveSpec> objectives;
  std::vector<AlertSpec> alerts;
  std::vector<SloSpec> slos;
};

/// Whether what becomes of a miss is for its site to decide rather than for its cell.
[[nodiscard]] inline bool sites_conclude(const Scenario& scenario) {
  if (!scenario.api) return false;
  const ClientSpec& client = scenario.traffic.client;
  if (client.budget || client.breaker || client.hedge) return true;
  if (!scenario.edge) return false;
  const CacheSpec& cache = scenario.edge->cache;
  const bool waits_end =
      cache.waiting.max_wait != Duration::max() || cache.waiting.poll > Duration{};
  const auto masks = [](const FreshnessSpec& rules) { return rules.stale_if_error > Duration{}; };
  return masks(cache) || std::ranges::any_of(cache.classes, masks) ||
         cache.fetch_timeout != Duration::max() || cache.uncacheable.share > 0 ||
         (cache.coalesce && waits_end);
}

/// Nodes that a site has at most, at any time. **Domain** a scenario with an edge.
[[nodiscard]] inline std::uint32_t most_nodes(const Scenario& scenario) {
  std::uint32_t most = scenario.edge->nodes_per_site;
  if (scenario.edge->autoscaler) most = std::max(most, scenario.edge->autoscaler->max);
  for (const TimelineEvent& event : scenario.timeline) {
    if (event.kind == TimelineEvent::Kind::nodes) most = std::max(most, event.count);
  }
  return most;
}

}  // namespace haldane::models
