#include <string_view>

#include "models/fingerprinter.h"
#include "models/plan.h"

namespace haldane::models {
namespace {

void add_objects(Fingerprinter& f, const ObjectsSpec& objects) {
  f.integer(objects.count);
  f.number(objects.zipf_exponent);
  f.optional(objects.size, [&f](const LawSpec& law) { f.law(law); });
  // Fed only where present: documents older than these keys keep their fingerprints.
  if (objects.zipf_shift > 0) f.number(objects.zipf_shift);
  if (!objects.weights.empty()) f.numbers(objects.weights);
  if (objects.drift_every > Duration{}) {
    f.text("drift");
    f.span(objects.drift_every);
    f.integer(objects.drift_ranks);
  }
  if (objects.once_share > 0) {
    f.text("once");
    f.number(objects.once_share);
  }
  for (const FormatSpec& format : objects.formats) {
    f.text("format");
    f.number(format.share);
    f.number(format.size_factor);
  }
}

void add_curve(Fingerprinter& f, const CurveSpec& curve) {
  f.text("curve");
  f.integer(curve.day.size());
  for (const CurveSpec::Point& point : curve.day) {
    f.span(point.at);
    f.number(point.factor);
  }
  f.number(curve.swing);
  f.numbers(curve.week);
  for (const Duration span : {curve.peak, curve.starts, curve.step}) f.span(span);
}

void add_trace(Fingerprinter& f, const ArrivalTrace& trace) {
  f.integer(trace.times.size());
  for (const SimTime time : trace.times) f.integer(static_cast<std::uint64_t>(time.count_ns()));
  for (const auto* column : {&trace.objects, &trace.sites}) {
    for (const std::uint32_t value : *column) f.integer(value);
  }
}

// Fed only where present: documents older than these keys keep their fingerprints.
void add_later_arrivals(Fingerprinter& f, const ArrivalsSpec& arrivals) {
  if (arrivals.process == ArrivalsSpec::Process::hawkes) {
    f.number(arrivals.branching);
    f.span(arrivals.decay);
  }
  if (arrivals.process == ArrivalsSpec::Process::sessions) {
    f.number(arrivals.session_requests);
    f.law(arrivals.pause);
  }
  if (arrivals.trace) add_trace(f, *arrivals.trace);
  if (!arrivals.curve.is_flat()) add_curve(f, arrivals.curve);
  for (const SiteTrafficSpec& site : arrivals.sites) {
    f.text("site");
    f.span(site.offset);
    f.number(site.weight);
  }
}

void add_budget(Fingerprinter& f, const RetryBudgetSpec& budget) {
  f.text("traffic.client.budget");
  f.integer(budget.index());
  if (const auto* grpc = std::get_if<GrpcThrottleRules>(&budget)) {
    f.integer(grpc->max_tokens);
    f.number(grpc->token_ratio);
  } else if (const auto* finagle = std::get_if<FinagleBudgetRules>(&budget)) {
    f.number(finagle->ratio);
    f.integer(finagle->min_retries_per_s);
    f.span(finagle->ttl);
  } else if (const auto* envoy = std::get_if<EnvoyBudgetRules>(&budget)) {
    f.number(envoy->ratio);
    f.integer(envoy->min_concurrency);
  } else if (const auto* aws = std::get_if<AwsQuotaRules>(&budget)) {
    for (const std::uint32_t n : {aws->capacity, aws->retry_cost, aws->timeout_cost}) f.integer(n);
  }
}

void add_breaker(Fingerprinter& f, const CircuitBreakerRules& breaker) {
  f.text("traffic.client.breaker");
  f.number(breaker.failure_ratio);
  f.number(breaker.slow_ratio);
  f.span(breaker.slow_call);
  f.span(breaker.open);
  for (const std::uint32_t n : {breaker.window, breaker.min_calls, breaker.half_open_calls})
    f.integer(n);
}

void add_hedge(Fingerprinter& f, const HedgeRules& hedge) {
  f.text("traffic.client.hedge");
  f.span(hedge.delay);
  if (hedge.percentile) {
    f.number(*hedge.percentile);
    f.span(hedge.window);
  }
  f.optional(hedge.budget, [&f](const FinagleBudgetRules& budget) {
    f.number(budget.ratio);
    f.integer(budget.min_retries_per_s);
  });
}

void add_quota(Fingerprinter& f, const std::vector<QuotaTier>& quota) {
  f.text("api.quota");
  for (const QuotaTier& tier : quota)
    f.numbers({tier.share, tier.rate_per_s, static_cast<double>(tier.burst)});
}

void add_traffic(Fingerprinter& f, const TrafficSpec& t) {
  f.choice(t.arrivals.process);
  f.number(t.arrivals.rate_per_s);
  f.integer(t.arrivals.clients);
  f.law(t.arrivals.think);
  if (t.arrivals.process == ArrivalsSpec::Process::mmpp) {
    f.numbers(t.arrivals.rates_per_s);
    for (const Duration sojourn : t.arrivals.sojourns) f.span(sojourn);
  }
  add_later_arrivals(f, t.arrivals);
  add_objects(f, t.objects);
  // Fed only where present: documents older than this key keep their fingerprints.
  for (const TrafficClassSpec& each : t.classes) {
    f.text(each.name);
    f.number(each.share);
    add_objects(f, each.objects);
    if (each.service) {
      f.text("service");
      f.law(*each.service);
    }
  }
  f.span(t.client.timeout);
  f.integer(t.client.attempts);
  f.backoff(t.client.backoff);
  // Fed only where present: documents older than this key keep their fingerprints.
  if (t.client.budget) add_budget(f, *t.client.budget);
  if (t.client.breaker) add_breaker(f, *t.client.breaker);
  if (t.client.hedge) add_hedge(f, *t.client.hedge);
}

void add_class(Fingerprinter& f, const CacheSpec::ClassFreshness& rules) {
  f.text(rules.name);
  f.span(rules.ttl);
  f.number(rules.ttl_jitter);
  f.span(rules.stale_while_revalidate);
  f.span(rules.stale_if_error);
}

void add_revalidation(Fingerprinter& f, const std::optional<RevalidationSpec>& revalidation) {
  if (!revalidation) return;
  f.text("revalidation");
  f.number(revalidation->not_modified);
  f.optional(revalidation->service, [&f](const LawSpec& law) { f.law(law); });
}

void add_waiting(Fingerprinter& f, const CacheSpec::Waiting& waiting) {
  if (waiting.max_wait != Duration::max() || waiting.poll > Duration{}) {
    f.text("waiting");
    f.span(waiting.max_wait);
    f.choice(waiting.on_timeout);
    f.span(waiting.poll);
  }
  if (waiting.scope != CacheSpec::Waiting::Scope::node) f.text("coalesce.scope");
}

void add_cache_rules(Fingerprinter& f, const CacheSpec& c) {
  // Fed only where present: documents older than these keys keep their fingerprints.
  if (c.capacity_bytes > 0) {
    f.text("capacity.bytes");
    f.integer(c.capacity_bytes);
  }
  if (c.admission.max_bytes || c.admission.min_uses > 1) {
    f.text("admission");
    f.optional(c.admission.max_bytes, [&f](std::uint64_t bytes) { f.integer(bytes); });
    f.integer(c.admission.min_uses);
  }
  for (const CacheSpec::ClassFreshness& rules : c.classes) add_class(f, rules);
  add_waiting(f, c.waiting);
  if (c.uncacheable.share > 0) {
    f.text("uncacheable");
    f.number(c.uncacheable.share);
    f.span(c.uncacheable.marker);
  }
  if (c.stale_if_error > Duration{} || c.fetch_timeout != Duration::max()) {
    f.text("stale_if_error");
    f.span(c.stale_if_error);
    f.span(c.fetch_timeout);
  }
}

void add_rate_limit(Fingerprinter& f, const RateLimitSpec& limit) {
  f.text("rate_limit");
  f.choice(limit.kind);
  for (const RateLimitSpec::Tier& tier : limit.tiers) {
    f.number(tier.share);
    f.number(tier.rate_per_s);
    for (const std::uint32_t n : {tier.clients, tier.burst, tier.delay}) f.integer(n);
  }
}

void add_proxies(Fingerprinter& f, const ProxiesSpec& p) {
  f.text("proxies");
  f.integer(p.cores);
  f.flag(p.tls.has_value());
  if (p.tls) {
    f.number(p.tls->new_connections);
    f.number(p.tls->resumed);
    f.law(p.tls->full_handshake);
    f.law(p.tls->resumption);
  }
  f.optional(p.waf, [&f](const LawSpec& law) { f.law(law); });
  if (p.cores_per_node > 0) {
    f.text("cores_per_node");
    f.integer(p.cores_per_node);
  }
}

void add_shield(Fingerprinter& f, const ShieldSpec& s) {
  f.text("shield");
  f.choice(s.policy);
  f.integer(s.capacity_objects);
  f.integer(s.capacity_bytes);
  f.flag(s.hands_down_age);
  f.law(s.hit_latency);
}

void add_direction(Fingerprinter& f, const HpaDirection& d) {
  f.span(d.stabilization);
  f.choice(d.select);
  f.integer(d.policies.size());
  for (const HpaPolicy& policy : d.policies) {
    f.choice(policy.kind);
    f.integer(policy.value);
    f.span(policy.period);
  }
}

void add_further_metrics(Fingerprinter& f, const AutoscalerSpec& a) {
  for (std::size_t i = 1; i < a.metrics.size(); ++i) {
    f.text("metric");
    f.choice(a.metrics[i].metric);
    f.number(a.metrics[i].target);
    f.number(a.metrics[i].activation);
  }
}

// A constant is fed as the span that it once was: documents keep their fingerprints.
void add_startup(Fingerprinter& f, const LawSpec& law) {
  if (law.kind == LawSpec::Kind::deterministic)
    return f.span(Duration::nanoseconds(static_cast<std::int64_t>(law.value * 1e9 + 0.5)));
  f.text("startup");
  f.law(law);
}

void add_autoscaler(Fingerprinter& f, const AutoscalerSpec& a) {
  f.text("autoscaler");
  f.choice(a.kind);
  f.choice(a.metrics.front().metric);
  f.number(a.metrics.front().target);
  f.integer(a.min);
  f.integer(a.max);
  for (const Duration span : {a.metric_period, a.scrape, a.sync}) f.span(span);
  add_startup(f, a.startup);
  for (const Duration span : {a.readiness, a.downscale_stabilization}) f.span(span);
  if (a.idle) f.text("idle");
  f.number(a.tolerance.up);
  f.number(a.tolerance.down);
  f.optional(a.behavior, [&f](const HpaBehavior& behavior) {
    add_direction(f, behavior.up);
    add_direction(f, behavior.down);
    f.flag(behavior.own_direction_only);
  });
  for (const double value : {a.kpa.up_rate, a.kpa.down_rate, a.kpa.panic_threshold})
    f.number(value);
  for (const Duration span : {a.kpa.stable_window, a.kpa.panic_window, a.kpa.scale_down_delay,
                              a.tracking.cooldown_out, a.tracking.cooldown_in})
    f.span(span);
  f.integer(a.steps.size());
  for (const ScheduleStep& step : a.steps) {
    f.integer(static_cast<std::uint64_t>(step.at.count_ns()));
    f.integer(step.replicas);
  }
  add_further_metrics(f, a);
}

void add_edge(Fingerprinter& f, const EdgeSpec& e) {
  f.integer(e.sites);
  f.integer(e.nodes_per_site);
  f.choice(e.cache.policy);
  f.integer(e.cache.capacity_objects);
  f.span(e.cache.ttl);
  f.number(e.cache.ttl_jitter);
  f.span(e.cache.stale_while_revalidate);
  f.flag(e.cache.coalesce);
  f.choice(e.cache.fill);
  f.choice(e.cache.start);
  f.law(e.hit_latency);
  add_cache_rules(f, e.cache);
  add_revalidation(f, e.cache.revalidation);
  if (e.spread.kind != SpreadSpec::Kind::hash) {
    f.text("spread");
    f.choice(e.spread.kind);
    f.integer(e.spread.points);
    f.number(e.spread.load_factor);
    f.span(e.spread.window);
  }
  if (e.shield) add_shield(f, *e.shield);
  if (e.rate_limit) add_rate_limit(f, *e.rate_limit);
  if (e.proxies) add_proxies(f, *e.proxies);
  if (e.autoscaler) add_autoscaler(f, *e.autoscaler);
}

void add_scaled_jobs(Fingerprinter& f, const AutoscalerSpec& a) {
  if (a.kind != AutoscalerSpec::Kind::keda_jobs) return;
  f.choice(a.jobs.strategy);
  f.integer(a.jobs.deduction);
  f.number(a.jobs.running_share);
  f.integer(a.takes);
}

void add_memory(Fingerprinter& f, std::string_view name, const std::optional<MemorySpec>& memory) {
  if (!memory) return;
  f.text(name);
  f.integer(static_cast<std::uint64_t>(memory->base));
  f.integer(static_cast<std::uint64_t>(memory->each));
}

void add_api(Fingerprinter& f, const ApiSpec& a) {
  for (const std::uint32_t n : {a.cells, a.replicas, a.concurrency, a.queue_capacity}) f.integer(n);
  f.choice(a.balancer);
  f.law(a.service);
  f.number(a.enqueue_probability);
  f.number(a.failure_probability);
  f.number(a.route.own_cell);
  if (a.route.zone_aware) f.text("zone_aware");
  // Fed only where present: documents older than this key keep their fingerprints.
  if (a.autoscaler) add_autoscaler(f, *a.autoscaler);
  add_hold_ups(f, a);
  if (!a.quota.empty()) add_quota(f, a.quota);
  add_memory(f, "api.memory", a.memory);
}

void add_write_back(Fingerprinter& f, const WriteBackSpec& w) {
  if (w.edge != WriteBack::none) {
    f.text("write_back");
    f.choice(w.edge);
  }
  if (!w.api) return;
  f.text("write_back.api");
  f.number(w.api->share);
  f.optional(w.api->service, [&f](const LawSpec& law) { f.law(law); });
  f.integer(w.api->max_attempts);
  f.backoff(w.api->backoff);
}

// Each fed only where present: documents older than these keys keep their fingerprints.
void add_jobs(Fingerprinter& f, const WorkersSpec& w) {
  if (w.queue) {
    f.text("queue");
    f.span(w.queue->visibility_timeout);
    f.integer(w.queue->max_receives);
    f.integer(w.queue->prefetch);
    f.number(w.queue->duplicates);
    f.number(w.queue->poison);
    f.span(w.queue->idempotency_window);
    f.span(w.queue->triage);
  }
  if (w.priorities) {
    f.text("priorities");
    f.choice(w.priorities->discipline);
    f.numbers(w.priorities->shares);
    for (const std::uint32_t weight : w.priorities->weights) f.integer(weight);
  }
  if (w.batch) {
    f.text("batch");
    f.span(w.batch->every);
    f.span(w.batch->first);
    f.integer(w.batch->jobs);
    f.integer(w.batch->job_class);
  }
  add_write_back(f, w.write_back);
}

void add_workers(Fingerprinter& f, const WorkersSpec& w) {
  f.integer(w.replicas);
  f.integer(w.concurrency);
  f.law(w.service);
  f.number(w.failure_probability);
  f.integer(w.retries.max_attempts);
  f.backoff(w.retries.backoff);
  // Fed only where present: documents older than this key keep their fingerprints.
  if (w.autoscaler) {
    add_autoscaler(f, *w.autoscaler);
    f.number(w.autoscaler->metrics.front().activation);
    f.span(w.autoscaler->polling);
    f.span(w.autoscaler->cooldown);
    add_scaled_jobs(f, *w.autoscaler);
  }
  add_jobs(f, w);
  add_memory(f, "workers.memory", w.memory);
  if (w.rows_per_job == 0) return;
  f.text("rows_per_job");
  f.integer(static_cast<std::uint64_t>(w.rows_per_job));
}

void add_event(Fingerprinter& f, const TimelineEvent& e) {
  f.choice(e.kind);
  if (e.kind == TimelineEvent::Kind::deploy) add_startup(f, e.startup);
  f.integer(static_cast<std::uint64_t>(e.at.count_ns()));
  f.span(e.lasting);
  for (const double value : {e.share, e.factor, e.probability}) f.number(value);
  f.flag(e.soft);
  f.choice(e.tier);
  f.integer(e.count);
  f.optional(e.site, [&f](std::uint32_t site) { f.integer(site); });
  f.optional(e.cell, [&f](std::uint32_t cell) { f.integer(cell); });
  // Fed only where present: documents older than these keys keep their fingerprints.
  if (e.purge_tag) {
    f.text("tag");
    f.integer(e.purge_tag->number);
    f.integer(e.purge_tag->of);
  }
  if (e.purge_key) {
    f.text("key");
    f.integer(*e.purge_key);
  }
  if (e.replicas > 0) f.integer(e.replicas);
  using Kind = TimelineEvent::Kind;
  if (e.kind == Kind::packet_loss) f.choice(e.link);
  if (e.kind != Kind::ramp && e.kind != Kind::flash_crowd) return;
  f.span(e.rise);
  f.span(e.decay);
}

void add_canary(Fingerprinter& f, const CanarySpec& c) {
  const auto integer = [&f](std::uint32_t value) { f.integer(value); };
  const auto number = [&f](double value) { f.number(value); };
  const auto law = [&f](const LawSpec& value) { f.law(value); };
  f.number(c.share);
  f.optional(c.api.replicas, integer);
  f.optional(c.api.concurrency, integer);
  f.optional(c.api.service, law);
  f.optional(c.api.service_factor, number);
  f.optional(c.api.failure_probability, number);
  f.optional(c.api.enqueue_probability, number);
  f.optional(c.workers.replicas, integer);
  f.optional(c.workers.service, law);
  f.optional(c.workers.service_factor, number);
  f.optional(c.workers.failure_probability, number);
  // Fed only where present: documents older than this key keep their fingerprints.
  if (c.api.slow) {
    f.text("api.slow");
    f.number(c.api.slow->share);
    f.number(c.api.slow->factor);
  }
}

void add_expectations(Fingerprinter& f, const Scenario& s) {
  for (const ObjectiveSpec& objective : s.objectives) f.text(objective.expr);
  for (const AlertSpec& alert : s.alerts) f.text(alert.rule);
  for (const SloSpec& slo : s.slos) {
    f.text(slo.good);
    f.number(slo.target);
    f.span(slo.window);
  }
}

// Fed only where present, as above.
void add_losses(Fingerprinter& f, const LinksSpec::Loss& loss) {
  if (loss.edge_to_api > 0 || loss.api_to_workers > 0) {
    f.text("loss");
    f.number(loss.edge_to_api);
    f.number(loss.api_to_workers);
  }
  if (loss.retransmission_timeout != LinksSpec::Loss{}.retransmission_timeout) {
    f.text("retransmission_timeout");
    f.span(loss.retransmission_timeout);
  }
}

void add_faults(Fingerprinter& f, const Scenario& s) {
  for (const FaultSpec& fault : s.faults) {
    f.text("fault");
    add_event(f, fault.event);
    f.law(fault.every);
    f.optional(fault.lasting, [&f](const LawSpec& law) { f.law(law); });
  }
}

}  // namespace

std::uint64_t fingerprint(const Scenario& s) {
  Fingerprinter f;
  f.span(s.duration);
  f.optional(s.warmup, [&f](Duration warmup) { f.span(warmup); });
  f.integer(s.seed);
  add_traffic(f, s.traffic);
  f.optional(s.edge, [&f](const EdgeSpec& edge) { add_edge(f, edge); });
  f.span(s.links.edge_to_api);
  f.span(s.links.api_to_workers);
  add_losses(f, s.links.loss);
  if (s.links.workers_to_edge > Duration{}) {
    f.text("workers_to_edge");
    f.span(s.links.workers_to_edge);
  }
  if (s.links.workers_to_api) {
    f.text("workers_to_api");
    f.span(*s.links.workers_to_api);
  }
  f.optional(s.api, [&f](const ApiSpec& api) { add_api(f, api); });
  f.optional(s.workers, [&f](const WorkersSpec& workers) { add_workers(f, workers); });
  f.integer(s.timeline.size());
  for (const TimelineEvent& event : s.timeline) add_event(f, event);
  add_faults(f, s);
  f.optional(s.canary, [&f](const CanarySpec& canary) { add_canary(f, canary); });
  f.number(s.cost.edge_node_per_hour);
  f.number(s.cost.api_replica_per_hour);
  f.number(s.cost.worker_replica_per_hour);
  add_expectations(f, s);
  return f.value();
}

}  // namespace haldane::models
