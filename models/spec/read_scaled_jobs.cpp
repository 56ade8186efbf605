// KEDA's scaled jobs: workers that are started for jobs of the queue rather than held. The queue is
// looked at when it is polled, without the chain of averages of other autoscalers.
#include <fmt/format.h>

#include "models/spec/sections.h"

namespace haldane::models {
namespace {

using config::Mapping;
using Metric = AutoscalerSpec::Metric;

void read_strategy(Mapping& map, KedaJobRules& out) {
  map.optional("strategy")
      .choice<KedaStrategy>(out.strategy, {{"default", KedaStrategy::standard},
                                           {"custom", KedaStrategy::custom},
                                           {"accurate", KedaStrategy::accurate},
                                           {"eager", KedaStrategy::eager}});
  const Value deduction = map.optional("deduction");
  deduction.count(out.deduction, 0, ScenarioLimits::replicas_max);
  const Value share = map.optional("running_share");
  share.share(out.running_share, config::between(0.0, 1.0));
  for (const Value& value : {deduction, share}) {
    if (value.present() && out.strategy != KedaStrategy::custom)
      value.fail("SCN-412", "goes with the strategy custom only");
  }
}

// Strategies that subtract those that run want a length that counts what these have in hand.
Metric metric_for(KedaStrategy strategy) {
  const bool subtracts = strategy == KedaStrategy::standard || strategy == KedaStrategy::custom;
  return subtracts ? Metric::concurrency : Metric::queue;
}

}  // namespace

void read_scaled_jobs(Mapping& map, AutoscalerSpec& out) {
  map.optional("min").count(out.min, 0, ScenarioLimits::replicas_max);
  const Value high = map.optional("max");
  if (high.count(out.max, 1, ScenarioLimits::replicas_max) && out.max < out.min)
    high.fail("SCN-408", fmt::format("must be >= min ({}), but was {}", out.min, out.max));
  read_strategy(map, out.jobs);
  AutoscalerSpec::MetricTarget& metric = out.metrics.front();
  metric = {metric_for(out.jobs.strategy), 1};
  map.optional("metric").choice<Metric>(
      metric.metric, {{"queue", Metric::queue}, {"concurrency", Metric::concurrency}});
  map.optional("target").number(metric.target, config::between(0.001, 1e6));
  map.optional("activation").number(metric.activation, config::between(0.0, 1e9));
  map.optional("takes").count(out.takes, 1, ScenarioLimits::replicas_max);
  map.optional("polling").duration(
      out.polling, config::between(Duration::milliseconds(100), Duration::seconds(3'600)));
  out.sync = out.polling;
}

}  // namespace haldane::models
