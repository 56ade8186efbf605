// `edge` and `links`: sites, nodes, their caches, and the way behind them.
#include "models/spec/read_law.h"
#include "models/spec/sections.h"

namespace haldane::models {
namespace {

using config::Mapping;

template <class Spec>  // CacheSpec, ShieldSpec
void read_capacity(const Value& value, Spec& out) {
  if (value.present() && !value.is_mapping()) {
    value.fail_type("a mapping", "for example {objects: 500k}");
    return;
  }
  Mapping capacity = value.mapping();
  const Value objects_value = capacity.optional("objects");
  const Value bytes_value = capacity.optional("bytes");
  std::int64_t objects = 1;
  if (objects_value.count(objects, config::between<std::int64_t>(1, ScenarioLimits::objects_max))) {
    out.capacity_objects = static_cast<std::uint64_t>(objects);
  }
  std::int64_t bytes = 0;
  if (bytes_value.size(bytes, config::between<std::int64_t>(1, ScenarioLimits::cache_bytes_max))) {
    out.capacity_bytes = static_cast<std::uint64_t>(bytes);
  }
  if (value.present() && objects_value.present() == bytes_value.present()) {
    value.fail("SCN-421", "must have objects or bytes, one of the two",
               "for example {objects: 500k} or {bytes: 4GiB}");
  }
  capacity.finish();
}

void read_admission(const Value& value, CacheSpec::Admission& out) {
  if (!value.present() || value.is_word("none")) return;
  Mapping admission = value.mapping();
  std::int64_t bytes = 0;
  if (admission.optional("max_size")
          .size(bytes, config::between<std::int64_t>(1, ScenarioLimits::cache_bytes_max))) {
    out.max_bytes = static_cast<std::uint64_t>(bytes);
  }
  admission.optional("min_uses").count(out.min_uses, 1, 255);
  admission.finish();
}

void read_freshness(Mapping& cache, FreshnessSpec& out) {
  const Value ttl = cache.optional("ttl");
  if (ttl.is_word("none")) {
    out.ttl = Duration::max();
  } else {
    ttl.duration(out.ttl, config::inside(Duration{}, ScenarioLimits::duration_max));
  }
  cache.optional("ttl_jitter").share(out.ttl_jitter, config::from_below(0.0, 1.0));
  const auto read_window = [&cache](std::string_view key, Duration& window) {
    const Value value = cache.optional(key);
    if (value.is_word("none")) {
      window = Duration{};
    } else {
      value.duration(window, config::from_below(Duration{}, ScenarioLimits::duration_max));
    }
  };
  read_window("stale_while_revalidate", out.stale_while_revalidate);
  read_window("stale_if_error", out.stale_if_error);
}

// What a class leaves out is as for the whole cache.
void read_class_freshness(const Value& value, CacheSpec& out) {
  if (!value.present()) return;
  Mapping classes = value.mapping();
  if (!classes.present()) return;
  const FreshnessSpec& of_all = out;
  for (const config::Member& member : value.node().members) {
    Mapping rules = classes.required(member.key).mapping();
    CacheSpec::ClassFreshness& spec =
        out.classes.emplace_back(CacheSpec::ClassFreshness{of_all, member.key});
    read_freshness(rules, spec);
    rules.finish();
  }
  classes.finish();
}

void read_coalesce(const Value& value, CacheSpec& out) {
  if (!value.present()) return;
  if (!value.is_mapping()) {
    value.boolean(out.coalesce);
    return;
  }
  out.coalesce = true;
  const auto range = config::inside(Duration{}, ScenarioLimits::duration_max);
  Mapping coalesce = value.mapping();
  const Value max_wait = coalesce.optional("max_wait");
  if (!max_wait.is_word("none")) max_wait.duration(out.waiting.max_wait, range);
  using OnTimeout = CacheSpec::Waiting::OnTimeout;
  coalesce.optional("on_timeout")
      .choice<OnTimeout>(
          out.waiting.on_timeout,
          {{"fetch", OnTimeout::fetch}, {"stale", OnTimeout::stale}, {"fail", OnTimeout::fail}});
  using Scope = CacheSpec::Waiting::Scope;
  coalesce.optional("scope").choice<Scope>(out.waiting.scope,
                                           {{"node", Scope::node}, {"site", Scope::site}});
  const Value poll = coalesce.optional("poll");
  if (!poll.is_word("none")) poll.duration(out.waiting.poll, range);
  coalesce.finish();
}

void read_uncacheable(const Value& value, CacheSpec::Uncacheable& out) {
  if (!value.present() || value.is_word("none")) return;
  Mapping uncacheable = value.mapping();
  uncacheable.required("share").share(out.share, config::above_to(0.0, 1.0));
  const Value marker = uncacheable.optional("marker");
  if (!marker.is_word("none"))
    marker.duration(out.marker, config::inside(Duration{}, ScenarioLimits::duration_max));
  uncacheable.finish();
}

void read_policy(const Value& value, CachePolicy& out) {
  value.choice<CachePolicy>(out, {{"lru", CachePolicy::lru},
                                  {"fifo", CachePolicy::fifo},
                                  {"clock", CachePolicy::clock},
                                  {"sieve", CachePolicy::sieve},
                                  {"s3_fifo", CachePolicy::s3_fifo},
                                  {"arc", CachePolicy::arc},
                                  {"w_tinylfu", CachePolicy::w_tinylfu},
                                  {"gdsf", CachePolicy::gdsf},
                                  {"lfu", CachePolicy::lfu}});
}

void read_shield(const Value& value, const FileReader& files, std::optional<ShieldSpec>& out) {
  if (!value.present() || value.is_word("none")) return;
  Mapping shield = value.mapping();
  ShieldSpec spec;
  read_policy(shield.required("policy"), spec.policy);
  read_capacity(shield.required("capacity"), spec);
  enum class Age : std::uint8_t { honoured, ignored };
  Age age = Age::honoured;
  shield.optional("age").choice<Age>(age, {{"honoured", Age::honoured}, {"ignored", Age::ignored}});
  spec.hands_down_age = age == Age::honoured;
  read_law(shield.optional("hit_latency"), LawUnit::seconds, files, spec.hit_latency);
  shield.finish();
  out = std::move(spec);
}

void read_revalidation(const Value& value, const FileReader& files,
                       std::optional<RevalidationSpec>& out) {
  if (!value.present() || value.is_word("none")) return;
  Mapping revalidation = value.mapping();
  RevalidationSpec spec;
  revalidation.required("not_modified").share(spec.not_modified, config::between(0.0, 1.0));
  LawSpec law;
  if (read_law(revalidation.optional("service"), LawUnit::seconds, files, law)) spec.service = law;
  revalidation.finish();
  out = std::move(spec);
}

void read_cache(const Value& value, const FileReader& files, CacheSpec& out) {
  Mapping cache = value.mapping();
  read_policy(cache.required("policy"), out.policy);
  read_capacity(cache.required("capacity"), out);
  read_admission(cache.optional("admission"), out.admission);
  read_freshness(cache, out);
  read_class_freshness(cache.optional("classes"), out);
  read_revalidation(cache.optional("revalidation"), files, out.revalidation);
  const Value timeout = cache.optional("fetch_timeout");
  if (!timeout.is_word("none"))
    timeout.duration(out.fetch_timeout, config::inside(Duration{}, ScenarioLimits::duration_max));
  read_coalesce(cache.optional("coalesce"), out);
  read_uncacheable(cache.optional("uncacheable"), out.uncacheable);
  cache.optional("fill").choice<CacheSpec::Fill>(
      out.fill,
      {{"on_response", CacheSpec::Fill::on_response}, {"on_miss", CacheSpec::Fill::on_miss}});
  cache.optional("start").choice<CacheSpec::Start>(
      out.start, {{"cold", CacheSpec::Start::cold}, {"warm", CacheSpec::Start::warm}});
  cache.finish();
}

}  // namespace

void read_edge(const Value& value, const FileReader& files, std::optional<EdgeSpec>& out) {
  if (!value.present() || value.is_word("none")) return;
  Mapping edge = value.mapping();
  EdgeSpec spec;
  edge.optional("sites").count(spec.sites, 1, ScenarioLimits::sites_max);
  edge.optional("nodes_per_site").count(spec.nodes_per_site, 1, ScenarioLimits::nodes_per_site_max);
  read_autoscaler(edge.optional("autoscaler"), files, ScaledTierName::edge, spec.nodes_per_site,
                  spec.autoscaler);
  read_spread(edge.optional("spread"), spec.spread);
  read_cache(edge.required("cache"), files, spec.cache);
  read_shield(edge.optional("shield"), files, spec.shield);
  read_proxies(edge.optional("proxies"), files, spec.proxies);
  read_rate_limit(edge.optional("rate_limit"), spec.rate_limit);
  read_law(edge.optional("hit_latency"), LawUnit::seconds, files, spec.hit_latency);
  edge.finish();
  out = std::move(spec);
}

namespace {

void read_loss(const Value& value, LinksSpec::Loss& out) {
  if (!value.present()) return;
  Mapping loss = value.mapping();
  const auto range = config::between(0.0, ScenarioLimits::packet_loss_max);
  loss.optional("edge_to_api").share(out.edge_to_api, range);
  loss.optional("api_to_workers").share(out.api_to_workers, range);
  loss.optional("retransmission_timeout")
      .duration(out.retransmission_timeout,
                config::between(Duration::milliseconds(1), Duration::seconds(60)));
  loss.finish();
}

}  // namespace

void read_links(const Value& value, LinksSpec& out) {
  Mapping links = value.mapping();
  const auto range = config::between(Duration{}, Duration::seconds(3'600));
  links.optional("edge_to_api").duration(out.edge_to_api, range);
  links.optional("api_to_workers").duration(out.api_to_workers, range);
  read_loss(links.optional("loss"), out.loss);
  links.optional("workers_to_edge").duration(out.workers_to_edge, range);
  Duration workers_to_api;
  if (links.optional("workers_to_api").duration(workers_to_api, range))
    out.workers_to_api = workers_to_api;
  links.finish();
}

}  // namespace haldane::models
