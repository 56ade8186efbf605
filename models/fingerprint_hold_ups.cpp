#include "models/fingerprinter.h"

namespace haldane::models {
namespace {

// Queues that are first come, first served without exceptions feed nothing, as before there was a
// choice.
void add_queue(Fingerprinter& f, const ReplicaQueueSpec& q) {
  if (q.discipline != QueueDiscipline::fifo) {
    f.text("queue.discipline");
    f.choice(q.discipline);
  }
  if (q.codel) {
    f.text("queue.codel");
    f.span(q.codel->target);
    f.span(q.codel->interval);
  }
  if (q.drop_client_gone) f.text("queue.deadline_drop: client");
  if (q.deadline == Duration::max()) return;
  f.text("queue.deadline_drop");
  f.span(q.deadline);
}

void add_limit(Fingerprinter& f, const LimitSpec& l) {
  if (l.kind == LimitSpec::Kind::none) return;
  f.text("limit");
  f.choice(l.kind);
  for (const std::uint32_t n : {l.initial, l.min, l.max, l.queue_size, l.long_window}) f.integer(n);
  for (const double x : {l.backoff_ratio, l.smoothing, l.tolerance}) f.number(x);
  f.span(l.timeout);
  f.span(l.window);
}

void add_dependency(Fingerprinter& f, const DependencySpec& d) {
  f.text("dependency");
  f.integer(d.pool);
  f.law(d.service);
  f.integer(d.queue_capacity);
  f.span(d.timeout);
  f.number(d.failure_probability);
}

void add_outliers(Fingerprinter& f, const OutlierRules& o) {
  f.text("outliers");
  for (const std::uint32_t n : {o.consecutive_errors, o.always_one ? 1U : 0U}) f.integer(n);
  for (const Duration span : {o.interval, o.ejection, o.max_ejection}) f.span(span);
  for (const double share : {o.max_ejected, o.panic}) f.number(share);
  f.optional(o.success_rate, [&f](const OutlierRules::SuccessRate& rule) {
    f.number(rule.deviations);
    f.integer(rule.min_replicas);
    f.integer(rule.min_requests);
  });
  f.optional(o.failure_ratio, [&f](const OutlierRules::FailureRatio& rule) {
    f.number(rule.threshold);
    f.integer(rule.min_replicas);
    f.integer(rule.min_requests);
  });
}

void add_weights(Fingerprinter& f, const ReplicaWeightsSpec& weights) {
  f.text("api.weights");
  for (const ReplicaWeightsSpec::Group& group : weights.groups) {
    f.integer(group.replicas);
    f.integer(group.weight);
  }
  f.number(weights.active_request_bias);
}

void add_balancer_slow_start(Fingerprinter& f, const SlowStartWeight& rule) {
  f.text("api.balancer_slow_start");
  f.span(rule.window);
  f.number(rule.aggression);
  f.number(rule.min_weight);
}

}  // namespace

void add_hold_ups(Fingerprinter& f, const ApiSpec& a) {
  add_queue(f, a.queue);
  add_limit(f, a.limit);
  if (a.dependency) add_dependency(f, *a.dependency);
  if (a.outliers) add_outliers(f, *a.outliers);
  if (a.balancer == Balancer::peak_ewma) f.span(a.peak_ewma_decay);
  if (!a.weights.groups.empty()) add_weights(f, a.weights);
  if (a.balancer_slow_start.is_on()) add_balancer_slow_start(f, a.balancer_slow_start);
  if (a.pauses) {
    f.text("pauses");
    f.span(a.pauses->every);
    f.integer(a.pauses->requests);
    f.law(a.pauses->duration);
  }
  if (a.slow_start.lasting == Duration{}) return;
  f.text("slow_start");
  f.span(a.slow_start.lasting);
  f.number(a.slow_start.factor);
}

}  // namespace haldane::models
