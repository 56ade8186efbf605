// `api`, `workers`, `canary` and `cost`: the tiers behind the edge, and their second version.
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "models/spec/read_law.h"
#include "models/spec/sections.h"

namespace haldane::models {
namespace {

using config::Mapping;

constexpr config::Range<double> probability_range = {0.0, 1.0, false, false};

void read_queue_capacity(const Value& value, std::uint32_t& out) {
  if (value.is_word("unbounded")) return;
  value.count(out, 0, std::numeric_limits<std::uint32_t>::max() - 1);
}

void read_route(const Value& value, RouteSpec& out) {
  if (value.is_word("zone_aware")) {
    out.zone_aware = true;
    return;
  }
  Mapping route = value.mapping();
  const bool has_own = route.required("own_cell").share(out.own_cell, probability_range);
  double others = 0;
  const Value rest = route.optional("others");
  if (rest.share(others, probability_range) && has_own &&
      std::abs(out.own_cell + others - 1) > 1e-9) {
    route.fail("SCN-401", fmt::format("own_cell and others must sum to 100%, but sum to {}%",
                                      (out.own_cell + others) * 100));
  }
  route.finish();
}

void read_enqueue(const Value& value, double& out) {
  Mapping enqueue = value.mapping();
  enqueue.required("probability").share(out, probability_range);
  enqueue.finish();
}

void read_balancer(const Value& value, Balancer& out) {
  value.choice<Balancer>(out, {{"central_queue", Balancer::central_queue},
                               {"round_robin", Balancer::round_robin},
                               {"least_requests", Balancer::least_requests},
                               {"power_of_two", Balancer::power_of_two},
                               {"random", Balancer::random},
                               {"consistent_hash", Balancer::consistent_hash},
                               {"peak_ewma", Balancer::peak_ewma},
                               {"weighted_least_requests", Balancer::weighted_least_requests}});
}

void read_quota_tier(const Value& value, std::vector<QuotaTier>& out) {
  Mapping tier = value.mapping();
  QuotaTier& quota = out.emplace_back();
  tier.required("share").share(quota.share, {0.0, 1.0, true, false});
  tier.required("rate").rate(quota.rate_per_s,
                             config::between(0.001, ScenarioLimits::rate_max_per_s));
  tier.required("burst").count(quota.burst, 1, 1'000'000);
  tier.finish();
}

void read_quota(const Value& value, std::vector<QuotaTier>& out) {
  if (!value.present() || value.is_word("none")) return;
  constexpr std::size_t tiers_max = 16;
  Mapping quota = value.mapping();
  const Value tiers = quota.required("tiers");
  for (const Value& tier : tiers.elements()) {
    if (out.size() < tiers_max) read_quota_tier(tier, out);
  }
  double share = 0;
  for (const QuotaTier& tier : out) share += tier.share;
  if (tiers.present() && (out.empty() || tiers.elements().size() > tiers_max)) {
    tiers.fail("SCN-443", fmt::format("must be 1 to {} tiers", tiers_max));
  } else if (share > 1 + 1e-9) {
    tiers.fail("SCN-444", fmt::format("have shares of {}% together, more than 100%", share * 100));
  }
  quota.finish();
}

void read_memory(const Value& value, const char* each, std::optional<MemorySpec>& out) {
  if (!value.present() || value.is_word("none")) return;
  Mapping memory = value.mapping();
  MemorySpec spec;
  const auto range = config::between(std::int64_t{0}, std::int64_t{1} << 40);
  memory.required("base").size(spec.base, range);
  memory.required(each).size(spec.each, range);
  memory.finish();
  out = spec;
}

void read_count(const Value& value, std::optional<std::uint32_t>& out) {
  std::uint32_t count = 0;
  if (value.count(count, 1, ScenarioLimits::replicas_max)) out = count;
}

void read_probability(const Value& value, std::optional<double>& out) {
  double probability = 0;
  if (value.share(probability, probability_range)) out = probability;
}

/// `service` replaces the law, `service_factor` stretches it; both together would be ambiguous.
void read_service(Mapping& variant, const FileReader& files, std::optional<LawSpec>& service,
                  std::optional<double>& service_factor) {
  LawSpec law;
  const Value service_value = variant.optional("service");
  if (read_law(service_value, LawUnit::seconds, files, law)) service = law;
  double factor = 1;
  const Value factor_value = variant.optional("service_factor");
  if (factor_value.number(factor, config::above_to(0.0, 1'000.0))) service_factor = factor;
  if (service_value.present() && factor_value.present()) {
    factor_value.fail("SCN-406", "must not be given together with service", "keep one of the two");
  }
}

void read_slow(const Value& value, std::optional<CanarySpec::SlowRequests>& out) {
  if (!value.present()) return;
  Mapping slow = value.mapping();
  CanarySpec::SlowRequests requests;
  slow.required("share").share(requests.share, probability_range);
  slow.required("factor").number(requests.factor, config::above_to(0.0, 1'000.0));
  slow.finish();
  out = requests;
}

void read_canary_api(const Value& value, const FileReader& files, CanarySpec::Api& out) {
  Mapping api = value.mapping();
  read_count(api.optional("replicas"), out.replicas);
  read_count(api.optional("concurrency"), out.concurrency);
  read_service(api, files, out.service, out.service_factor);
  read_slow(api.optional("slow"), out.slow);
  read_probability(api.optional("failure_probability"), out.failure_probability);
  const Value enqueue = api.optional("enqueue");
  if (enqueue.present()) {
    double probability = 0;
    read_enqueue(enqueue, probability);
    out.enqueue_probability = probability;
  }
  api.finish();
}

void read_canary_workers(const Value& value, const FileReader& files, CanarySpec::Workers& out) {
  Mapping workers = value.mapping();
  read_count(workers.optional("replicas"), out.replicas);
  read_service(workers, files, out.service, out.service_factor);
  read_probability(workers.optional("failure_probability"), out.failure_probability);
  workers.finish();
}

void read_api_write_back(const Value& value, const FileReader& files,
                         std::optional<ApiWriteBackSpec>& out) {
  Mapping api = value.mapping();
  ApiWriteBackSpec spec;
  api.optional("share").share(spec.share, {0.0, 1.0, true, false});
  LawSpec law;
  if (read_law(api.optional("service"), LawUnit::seconds, files, law)) spec.service = law;
  Mapping retries = api.optional("retries").mapping();
  retries.optional("max_attempts").count(spec.max_attempts, 1, 100);
  read_backoff(retries.optional("backoff"), spec.backoff);
  retries.finish();
  api.finish();
  out = std::move(spec);
}

void read_write_back(const Value& value, const FileReader& files, WriteBackSpec& out) {
  if (!value.present() || value.is_word("none")) return;
  Mapping write_back = value.mapping();
  const Value api = write_back.optional("api");
  if (api.present()) read_api_write_back(api, files, out.api);
  const Value edge = api.present() ? write_back.optional("edge") : write_back.required("edge");
  edge.choice<WriteBack>(out.edge, {{"purge", WriteBack::purge}, {"update", WriteBack::update}});
  write_back.finish();
}

}  // namespace

void read_api(const Value& value, const FileReader& files, std::optional<ApiSpec>& out) {
  if (!value.present() || value.is_word("none")) return;
  Mapping api = value.mapping();
  ApiSpec spec;
  api.optional("cells").count(spec.cells, 1, ScenarioLimits::cells_max);
  api.required("replicas").count(spec.replicas, 1, ScenarioLimits::replicas_max);
  read_autoscaler(api.optional("autoscaler"), files, ScaledTierName::api, spec.replicas,
                  spec.autoscaler);
  api.optional("concurrency").count(spec.concurrency, 1, ScenarioLimits::replicas_max);
  read_queue_capacity(api.optional("queue_capacity"), spec.queue_capacity);
  read_replica_queue(api.optional("queue"), spec.queue);
  read_limit(api.optional("limit"), spec.limit);
  read_dependency(api.optional("dependency"), files, spec.dependency);
  read_pauses(api.optional("pauses"), files, spec.pauses);
  read_slow_start(api.optional("slow_start"), spec.slow_start);
  read_balancer(api.optional("balancer"), spec.balancer);
  read_quota(api.optional("quota"), spec.quota);
  read_ewma_decay(api.optional("peak_ewma_decay"), spec);
  read_weights(api, spec);
  read_balancer_slow_start(api.optional("balancer_slow_start"), spec);
  read_outliers(api.optional("outliers"), spec.outliers);
  read_law(api.required("service"), LawUnit::seconds, files, spec.service);
  read_enqueue(api.optional("enqueue"), spec.enqueue_probability);
  api.optional("failure_probability").share(spec.failure_probability, probability_range);
  read_route(api.optional("route"), spec.route);
  read_memory(api.optional("memory"), "per_request", spec.memory);
  api.finish();
  out = std::move(spec);
}

void read_workers(const Value& value, const FileReader& files, std::optional<WorkersSpec>& out) {
  if (!value.present() || value.is_word("none")) return;
  Mapping workers = value.mapping();
  WorkersSpec spec;
  workers.required("replicas").count(spec.replicas, 1, ScenarioLimits::replicas_max);
  read_autoscaler(workers.optional("autoscaler"), files, ScaledTierName::workers, spec.replicas,
                  spec.autoscaler);
  workers.optional("concurrency").count(spec.concurrency, 1, ScenarioLimits::replicas_max);
  read_law(workers.required("service"), LawUnit::seconds, files, spec.service);
  workers.optional("failure_probability").share(spec.failure_probability, probability_range);
  Mapping retries = workers.optional("retries").mapping();
  const Value attempts = retries.optional("max_attempts");
  attempts.count(spec.retries.max_attempts, 1, 1'000);
  read_backoff(retries.optional("backoff"), spec.retries.backoff);
  retries.finish();
  read_queue(workers.optional("queue"), spec.queue);
  if (spec.queue && attempts.present()) {
    attempts.fail("SCN-451", "must not be given together with a queue, which counts receives",
                  "write workers.queue.max_receives");
  }
  read_priorities(workers.optional("priorities"), spec.priorities);
  read_batch(workers.optional("batch"), spec.batch);
  read_write_back(workers.optional("write_back"), files, spec.write_back);
  read_memory(workers.optional("memory"), "per_job", spec.memory);
  std::uint32_t rows = 0;
  if (workers.optional("rows_per_job").count(rows, 1, 1'000'000'000)) spec.rows_per_job = rows;
  workers.finish();
  out = std::move(spec);
}

void read_canary(const Value& value, const FileReader& files, std::optional<CanarySpec>& out) {
  if (!value.present() || value.is_word("none")) return;
  Mapping canary = value.mapping();
  CanarySpec spec;
  canary.required("share").share(spec.share, config::inside(0.0, 1.0));
  read_canary_api(canary.optional("api"), files, spec.api);
  read_canary_workers(canary.optional("workers"), files, spec.workers);
  canary.finish();
  out = std::move(spec);
}

void read_cost(const Value& value, CostSpec& out) {
  Mapping cost = value.mapping();
  const auto range = config::between(0.0, 1e9);
  cost.optional("edge_node_per_hour").number(out.edge_node_per_hour, range);
  cost.optional("api_replica_per_hour").number(out.api_replica_per_hour, range);
  cost.optional("worker_replica_per_hour").number(out.worker_replica_per_hour, range);
  cost.finish();
}

}  // namespace haldane::models
