// The parts of the scenario reader, one a top-level key. Internal to models/spec.
#pragma once

#include "config/file.h"
#include "config/value.h"
#include "models/spec/scenario.h"

namespace haldane::models {

/// Limits of a scenario. They keep every number within 32 bits where the engine stores it so, and
/// memory within a few gigabytes.
struct ScenarioLimits {
  static constexpr Duration duration_min = Duration::milliseconds(1);
  static constexpr Duration duration_max = Duration::seconds(100 * 86'400);  ///< excluded
  static constexpr double rate_max_per_s = 1e8;  ///< 10 ns apart: ten ticks of the clock
  static constexpr std::uint32_t objects_max = 1'000'000'000;
  static constexpr std::size_t classes_max = 32;  ///< of traffic
  static constexpr std::size_t formats_max = 16;  ///< of a catalogue
  static constexpr std::uint32_t sites_max = 4'096;
  static constexpr std::uint32_t nodes_per_site_max = 1'024;
  static constexpr std::uint64_t cached_objects_max = 1ULL << 28U;  ///< objects x sites x nodes
  static constexpr std::int64_t cache_bytes_max = std::int64_t{1} << 50U;  ///< of a node
  static constexpr std::uint32_t limited_clients_max = 1'000'000;
  static constexpr std::size_t limit_tiers_max = 32;
  static constexpr std::uint64_t buckets_max = 1ULL << 24U;  ///< of all sites
  static constexpr std::uint32_t cells_max = 4'096;
  static constexpr std::uint32_t replicas_max = 1'000'000;
  static constexpr std::uint64_t slots_max = 1ULL << 24U;  ///< of the API or of the workers
  static constexpr std::uint64_t metric_periods_max = 1ULL << 25U;  ///< of autoscalers, all cells
  static constexpr std::uint64_t batch_jobs_max = 1ULL << 27U;
  static constexpr std::uint64_t clients_max = 1ULL << 24U;  ///< of all sites
  static constexpr std::uint32_t attempts_max = 255;         ///< of a client: counted in a byte
  static constexpr double open_sessions_max = 1e7;           ///< of a site
  static constexpr double curve_steps_max = 1e6;             ///< of a site
  static constexpr std::uint32_t cores_max = 1U << 16U;      ///< of the proxies of a site
  static constexpr double packet_loss_max = 0.5;  ///< beyond, connections do not carry on
  static constexpr std::size_t timeline_max = 1'000;
  static constexpr std::size_t faults_max = 100;
  static constexpr double drawn_faults_max = 5'000;  ///< expected, of all together
  static constexpr std::size_t objectives_max = 1'000;
  static constexpr std::size_t alerts_max = 1'000;
  static constexpr std::size_t slos_max = 100;
};

using config::FileReader;
using config::Value;

/// Each reads the value of one key into `out`; absent values leave it as it is.
void read_traffic(const Value& value, const FileReader& files, TrafficSpec& out);
void read_arrivals(const Value& value, const FileReader& files, ArrivalsSpec& out);
/// **Domain** share: of the requests that are for these objects.
void read_objects(const Value& value, const FileReader& files, ObjectsSpec& out, double share = 1);
/// Also makes `out.objects` the catalogue of all classes together.
void read_classes(const Value& value, const FileReader& files, TrafficSpec& out);
/// `traffic.objects.count` as the sum over the classes, if there are any.
void count_classes(TrafficSpec& traffic);
void read_edge(const Value& value, const FileReader& files, std::optional<EdgeSpec>& out);
void read_spread(const Value& value, SpreadSpec& out);
void read_proxies(const Value& value, const FileReader& files, std::optional<ProxiesSpec>& out);
void read_rate_limit(const Value& value, std::optional<RateLimitSpec>& out);
void read_links(const Value& value, LinksSpec& out);
void read_api(const Value& value, const FileReader& files, std::optional<ApiSpec>& out);
enum class ScaledTierName : std::uint8_t { edge, api, workers };
void read_replica_queue(const Value& value, ReplicaQueueSpec& out);
void read_limit(const Value& value, LimitSpec& out);
void read_dependency(const Value& value, const FileReader& files,
                     std::optional<DependencySpec>& out);
void read_pauses(const Value& value, const FileReader& files, std::optional<PausesSpec>& out);
void read_ewma_decay(const Value& value, ApiSpec& out);
/// **Domain** the balancer and the number of replicas are known.
void read_weights(config::Mapping& api, ApiSpec& out);
void read_outliers(const Value& value, std::optional<OutlierRules>& out);
void read_slow_start(const Value& value, SlowStartSpec& out);
/// **Domain** the balancer is known.
void read_balancer_slow_start(const Value& value, ApiSpec& out);
/// `metric` and `target`, or `metrics`, of the autoscaler that `map` holds; its kind is known.
void read_scale_metrics(config::Mapping& map, ScaledTierName tier, AutoscalerSpec& out);
/// What only workers that are started for jobs have (kind keda_jobs).
void read_scaled_jobs(config::Mapping& map, AutoscalerSpec& out);
/// `replicas` are there at the start.
void read_autoscaler(const Value& value, const FileReader& files, ScaledTierName tier,
                     std::uint32_t replicas, std::optional<AutoscalerSpec>& out);
/// How long replicas take to start: a duration, or a law of durations.
void read_startup(const Value& value, const FileReader& files, LawSpec& out);
void read_queue(const Value& value, std::optional<QueueSpec>& out);
void read_priorities(const Value& value, std::optional<PrioritiesSpec>& out);
void read_batch(const Value& value, std::optional<BatchSpec>& out);
void read_workers(const Value& value, const FileReader& files, std::optional<WorkersSpec>& out);
void read_timeline(const Value& value, const FileReader& files, std::vector<TimelineEvent>& out);
void read_faults(const Value& value, const FileReader& files, std::vector<FaultSpec>& out);
void read_canary(const Value& value, const FileReader& files, std::optional<CanarySpec>& out);
void read_cost(const Value& value, CostSpec& out);
void read_objectives(const Value& value, std::vector<ObjectiveSpec>& out);
void read_alerts(const Value& value, std::vector<AlertSpec>& out);
void read_client(const Value& value, ClientSpec& out);
void read_slos(const Value& value, std::vector<SloSpec>& out);
void read_backoff(const Value& value, BackoffSpec& out);

}  // namespace haldane::models
