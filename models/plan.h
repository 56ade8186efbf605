// A scenario made ready to run: laws tabulated, probabilities turned into thresholds, the timeline
// into step functions.
//
// Everything that can be decided before the run is decided here, so that the loop does not decide
// it again. A plan is immutable and shared by all replications and threads.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "models/metrics.h"
#include "models/purge.h"
#include "models/spec/scenario.h"
#include "models/workload/format_table.h"
#include "models/workload/object_law.h"
#include "models/workload/step_function.h"
#include "sim/base/hash.h"
#include "sim/measure/measurements.h"
#include "sim/random/distribution.h"

namespace haldane::models {

/// A span in which something is down. Outages of one thing are ascending and disjoint.
struct Outage {
  SimTime down;
  SimTime up;
};

/// A chain that modulates arrivals: exponential sojourns, then any of the other states alike.
struct Modulation {
  std::vector<double> levels;      ///< of the mean rate, one a state; empty = none
  std::vector<Duration> sojourns;  ///< means

  [[nodiscard]] bool empty() const { return levels.empty(); }
  /// In proportion to the time spent in the states, so that the process is stationary from 0 on.
  [[nodiscard]] std::size_t first_state(std::uint64_t word) const;
  [[nodiscard]] std::size_t next_state(std::size_t state, std::uint64_t word) const;
};

/// The pool of connections of each cell.
struct DependencyPlan {
  std::uint32_t pool = 1;
  sim::Distribution service;
  std::uint32_t queue_capacity = 0xffffffffU;
  Duration timeout = Duration::max();
  StepFunction slow_down;
  StepFunction failure_threshold{0};  ///< of 2^32
};

/// What the proxies in front of a site's cache do for each request. **Units** ns of a core.
struct ProxiesPlan {
  std::uint32_t cores = 1;  ///< of each site, or of each of its nodes
  bool of_nodes = false;
  std::uint64_t connection_threshold = 0;  ///< of 2^32: requests that open a connection
  std::uint64_t resumed_threshold = 0;     ///< of 2^32: connections that resume a session
  sim::Distribution full_handshake;
  sim::Distribution resumption;
  bool inspects = false;
  sim::Distribution waf;
};

/// When replicas pause, and for how long.
struct PausesPlan {
  sim::Distribution gap;       ///< from one to the next; unused where `requests` says when
  std::uint32_t requests = 0;  ///< 0 = by time
  sim::Distribution duration;
};

/// One arm's replicas of each cell.
struct ApiArmPlan {
  std::uint32_t replicas = 0;      ///< 0 = the arm does not exist; at the start where it is scaled
  std::uint32_t replicas_max = 0;  ///< as many as `replicas` unless an autoscaler may add some
  std::uint32_t concurrency = 1;
  std::uint32_t queue_capacity = 0xffffffffU;
  ReplicaQueueSpec queue;
  LimitSpec limit;
  std::optional<PausesPlan> pauses;
  SlowStartSpec slow_start;
  bool stretches = false;  ///< service times depend on when, or where, they start
  Balancer balancer = Balancer::round_robin;
  Duration peak_ewma_decay = Duration::seconds(10);
  std::vector<double> weights;  ///< of the first replicas, the others have 1
  double active_request_bias = 1;
  SlowStartWeight balancer_slow_start;
  std::optional<OutlierRules> outliers;
  sim::Distribution service;
  std::vector<sim::Distribution> class_services;  ///< of each class; empty = `service` for all
  std::uint64_t slow_threshold = 0;  ///< of 2^32: requests served `slow_factor` times as long
  double slow_factor = 1;
  StepFunction slow_down;
  StepFunction failure_threshold{0};  ///< of 2^32
  /// What happens to single replicas: slow nodes, bad releases.
  struct ReplicaEvents {
    StepFunction slow_down;
    StepFunction failure_threshold{0};
  };
  std::vector<ReplicaEvents> some_replicas;        ///< of the first ones; mostly empty
  std::uint64_t enqueue_threshold = 0;             ///< of 2^32
  std::optional<sim::Distribution> write_service;  ///< of results of jobs; null = as other requests
  std::optional<sim::Distribution> not_modified_service;  ///< of answers 304; null likewise
};

/// Results of jobs that are written to the API.
struct ApiWritesPlan {
  std::uint64_t threshold = 0;  ///< of 2^32: jobs whose results are
  Duration link;                ///< between workers and cells, either way
  std::uint32_t max_attempts = 1;
  Backoff backoff;
};

/// One arm's workers.
struct WorkerArmPlan {
  std::uint32_t replicas = 0;  ///< 0 = the arm's jobs share the baseline's workers
  sim::Distribution service;
  StepFunction slow_down;
  StepFunction failure_threshold{0};
};

/// All workers are replaced, `share` of them at a time.
struct WorkerDeploy {
  SimTime at;
  double share = 1;
  sim::Distribution startup;
};

/// What jobs meet besides workers.
struct JobPlan {
  bool by_events = false;          ///< a broker, for what is not known at a job's arrival
  std::uint32_t max_receives = 1;  ///< a job that is received this often in vain is a dead letter
  Duration visibility_timeout = Duration::max();  ///< max() = none: a crash is known at once
  std::uint32_t held_max = 1;                     ///< jobs a worker holds
  bool fates_matter = false;                      ///< whether anything below is left to chance
  std::uint64_t duplicate_threshold = 0;          ///< of 2^32
  std::uint64_t poison_threshold = 0;             ///< likewise
  Duration idempotency_window{};
  Duration triage = Duration::max();
  std::vector<double> classes{1};       ///< cumulative shares, the most urgent class first
  std::vector<std::uint32_t> weights;   ///< of the classes; empty = strict
  std::vector<WorkerDeploy> deploys;    ///< ascending
  SimTime rollback = SimTime::never();  ///< from then on nobody runs the canary's code
};

/// What a trace says of one site.
struct SiteTrace {
  std::vector<SimTime> times;
  std::vector<std::uint32_t> objects;
};

/// The outages of replica r of cell c, from the timeline.
using ReplicaOutages = std::vector<std::vector<std::vector<Outage>>>;  // [cell][replica]

struct Plan {
  Scenario scenario;
  TiersPresent tiers;
  sim::TimeGrid grid;
  SimTime end;

  std::vector<StepFunction> site_rate;  ///< arrivals per ns, per site: scripted
  Modulation modulation;                ///< of each site, independently
  sim::Distribution unit_gap = sim::Distribution::exponential(1);
  std::vector<SiteTrace> traces;  ///< [site]; empty unless a trace is replayed
  std::vector<std::vector<Outage>> site_outages;
  sim::Distribution think;
  sim::Distribution session_pause;
  std::optional<ObjectLaw> objects;
  ClassTable classes;  ///< classes.class_of(object)
  FormatTable formats;
  std::vector<std::uint32_t> object_bytes;  ///< empty: all objects count one byte
  Backoff client_backoff;

  sim::Distribution hit_latency;
  int tick_shift = 0;                    ///< a tick of cache expiry is 2^tick_shift ns
  std::vector<Purge> purges;             ///< ascending
  std::vector<FreshnessSpec> freshness;  ///< one for all, or one a class of traffic
  struct NodeCount {
    SimTime from;
    std::uint32_t nodes = 1;
  };
  bool spreads = false;                             ///< whether nodes are more than a fixed hash
  std::uint32_t nodes_max = 1;                      ///< of a site
  std::vector<std::vector<NodeCount>> node_counts;  ///< [site], ascending, with the start; spreads
  sim::Distribution shield_hit_latency;
  std::optional<ProxiesPlan> proxies;
  bool coalesce = false;
  std::uint64_t uncacheable_threshold = 0;   ///< of 2^32: objects whose answers are not stored
  bool revalidates = false;                  ///< fetches of what was there are conditional
  std::uint64_t not_modified_threshold = 0;  ///< of 2^32: of those, the ones answered 304
  bool site_concludes = false;  ///< sites, not cells, settle with the clients of misses
  Duration fetch_timeout = Duration::max();  ///< of a fetch, as the site sees it
  /// Objects that sites fetch by themselves: the first so many of `warm_list`.
  struct WarmUp {
    SimTime at;
    Duration spacing;
    std::uint32_t objects = 0;
    std::optional<std::uint32_t> site;  ///< or each
  };
  std::vector<WarmUp> warm_ups;
  std::vector<std::uint32_t> warm_list;  ///< most popular first
  bool responses_needed = false;         ///< whether anything at the edge waits for an answer

  std::uint64_t canary_threshold = 0;  ///< of 2^32; 0 = no canary
  /// Where a site's misses go: words below `threshold` (of 2^32) to another cell than the own one,
  /// uniformly, or to the first of `others` that the word is below.
  struct CellRoute {
    struct Other {
      std::uint64_t below;
      std::uint32_t cell;
    };
    std::uint64_t threshold = 0;
    std::vector<Other> others;
  };
  std::vector<CellRoute> cell_routes;  ///< one a site
  ApiArmPlan api[2];                   ///< baseline, canary
  ReplicaOutages api_outages;          ///< baseline's
  std::optional<DependencyPlan> dependency;
  bool api_by_events = false;  ///< replicas do what admission cannot foresee
  WorkerArmPlan workers[2];
  std::vector<std::vector<Outage>> worker_outages;  ///< [replica]
  Backoff job_backoff;
  JobPlan jobs;
  bool writes_back = false;                 ///< sites are told of results of jobs
  std::optional<ApiWritesPlan> api_writes;  ///< then it is cells who tell them

  StepFunction loss_threshold{0};      ///< of 2^32: copies lost between edge and API, either way
  StepFunction job_loss_threshold{0};  ///< likewise between API and workers
  Duration answer_spacing;             ///< about as long as 24 requests take to come to a site
  Duration window;  ///< longest span that tiers may simulate without each other's news
  std::uint64_t fingerprint = 0;  ///< hash of every parameter

  /// The rules of an object's copies. **Domain** a scenario with an edge.
  [[nodiscard]] const FreshnessSpec& freshness_of(std::uint32_t object) const {
    return freshness[freshness.size() == 1 ? 0 : classes.class_of(object)];
  }
  /// Whether answers for an object are not stored.
  [[nodiscard]] bool is_uncacheable(std::uint32_t object) const {
    if (uncacheable_threshold == 0) return false;
    return (mix(formats.first_of(object) + 0xd6e8feb86659fd93ULL) >> 32) < uncacheable_threshold;
  }
  /// The longest of a kind of duration in all rules.
  [[nodiscard]] Duration longest(Duration FreshnessSpec::* kind) const {
    Duration longest{};
    for (const FreshnessSpec& rules : freshness) longest = std::max(longest, rules.*kind);
    return longest;
  }
  /// Whether a link ever loses anything.
  [[nodiscard]] bool loses_packets() const {
    return loss_threshold.ever_positive() || job_loss_threshold.ever_positive();
  }
  [[nodiscard]] std::uint32_t arms() const { return canary_threshold > 0 ? 2 : 1; }
  [[nodiscard]] std::uint32_t sites() const { return static_cast<std::uint32_t>(site_rate.size()); }
  [[nodiscard]] std::uint32_t cells() const { return scenario.api ? scenario.api->cells : 0; }
};

/// **Domain** a scenario that the reader accepted. **Cost** tables of the laws (about 1 ms each)
/// and O(objects).
[[nodiscard]] Plan compile_plan(const Scenario& scenario);

/// A hash of every parameter that can change a result: part of the run digest, so that any changed
/// parameter shows.
[[nodiscard]] std::uint64_t fingerprint(const Scenario& scenario);

}  // namespace haldane::models
