#include "tests/property/random_extras.h"

#include <utility>

#include "models/spec/read_scenario.h"
#include "sim/random/philox.h"

namespace haldane::test {
namespace {

class Chances {
 public:
  explicit Chances(std::uint64_t seed) : key_(seed, 1, 0, sim::Purpose::test) {}
  bool take(std::uint64_t percent) {
    return sim::to_index(sim::draw(key_, next_++).first, 100) < percent;
  }

 private:
  sim::StreamKey key_;
  std::uint64_t next_ = 0;
};

std::string with_scaling_sites(std::string system, Chances& chances) {
  if (chances.take(40)) {
    const std::string chain =
        ", metric_period: 100ms, scrape: 100ms, sync: 200ms, startup: 30ms, readiness: 10ms}\n";
    system = changed(system, "\nedge:\n", "",
                     "\nedge:\n  autoscaler: {kind: " +
                         std::string(chances.take(50) ? "hpa, stabilization: 0s" : "kpa") +
                         ", max: 4, target: 300/s" + chain);
  }
  if (chances.take(50))
    system = changed(system, "proxies: {cores: ", "", "proxies: {cores_per_node: ");
  return system;
}

}  // namespace

std::string changed(const std::string& system, std::string_view from, std::string_view to,
                    const std::string& by) {
  const std::size_t begin = system.find(from);
  if (begin == std::string::npos) return system;
  const std::size_t end = system.find(to, begin + from.size()) + to.size();
  std::string with = system.substr(0, begin) + by + system.substr(end);
  return models::read_scenario(with, "random.yaml").has_value() ? with : system;
}

std::string with_extras(std::string system, std::uint64_t seed) {
  Chances chances(seed);
  if (chances.take(30)) {
    system = changed(system, "\n  balancer: ", "\n",
                     "\n  balancer: weighted_least_requests\n  weights: {groups: [{replicas: 1, "
                     "weight: 5}]}\n");
  }
  if (chances.take(40)) {
    system = changed(system, "\n  cache:\n", "",
                     "\n  cache:\n    revalidation: {not_modified: 70%, service: {deterministic: "
                     "{value: 100us}}}\n");
  }
  if (chances.take(50))
    system = changed(system, "search: {", "", "search: {service: {exponential: {mean: 4ms}}, ");
  if (chances.take(50)) {
    system = changed(system, "hedge: {delay: 2ms,", "",
                     "hedge: {percentile: 80%, min_delay: 10us, window: 30ms,");
  }
  if (chances.take(40)) {
    system = changed(system, "objects: {", "",
                     "objects: {formats: {webp: {share: 70%}, jpeg: {share: 30%}}, ");
  }
  return system;
}

std::string with_more(std::string system, std::uint64_t seed) {
  Chances chances(~seed);
  if (chances.take(30)) {
    system = changed(system, "\napi:\n", "", "\napi:\n  memory: {base: 1MB, per_request: 3kB}\n");
    system = changed(system, "\nworkers:\n", "",
                     "\nworkers:\n  memory: {base: 1MB, per_job: 3kB}\n  rows_per_job: 7\n");
  }
  if (chances.take(35) && system.find("\n  autoscaler: ") != std::string::npos)
    system = changed(system, "\n  balancer: ", "\n", "\n  balancer: central_queue\n");
  if (chances.take(50)) {
    system = changed(system, "coalesce: true", "", "coalesce: {scope: site}");
    system =
        changed(system, "coalesce: {max_wait: none,", "", "coalesce: {scope: site, max_wait: 3ms,");
  }
  if (chances.take(20)) {
    system = changed(system, "{kind: hpa, max: 9, metric: lag", "sync: 200ms}",
                     "{kind: keda_jobs, max: 9, takes: 2, polling: 100ms, startup: 30ms}");
    system = changed(
        system, "{kind: target_tracking, max: 9, metric: latency, target: 9ms", "sync: 200ms}",
        "{kind: keda_jobs, max: 9, strategy: accurate, polling: 100ms, startup: 130ms}");
  }
  if (chances.take(40))
    system = changed(system, "startup: ", "ms", "startup: {exponential: {mean: 60ms}}");
  if (chances.take(40)) {
    system = changed(system, "\napi:\n", "",
                     "\napi:\n  balancer_slow_start: {window: 700ms, aggression: 2}\n");
  }
  return with_scaling_sites(std::move(system), chances);
}

}  // namespace haldane::test
