// `api.limit`, `api.dependency`, `api.pauses` and `api.slow_start`: what holds a replica up.
#include <limits>

#include <fmt/format.h>

#include "models/spec/read_law.h"
#include "models/spec/sections.h"

namespace haldane::models {
namespace {

using config::Mapping;
using Kind = LimitSpec::Kind;

const config::Range<double> probability_range = config::between(0.0, 1.0);
constexpr std::uint32_t limit_max = 1'000'000;
const config::Range<Duration> window_range =
    config::between(Duration::milliseconds(100), Duration::seconds(3'600));

void read_bounds(Mapping& limit, LimitSpec& out) {
  const Value initial = limit.optional("initial");
  initial.count(out.initial, 1, limit_max);
  if (out.kind != Kind::vegas) limit.optional("min").count(out.min, 1, limit_max);
  limit.optional("max").count(out.max, 1, limit_max);
  const Value window = limit.optional("window");
  if (!window.is_word("none")) window.duration(out.window, window_range);
  const std::uint32_t least = out.kind == Kind::vegas ? 1 : out.min;
  if (least > out.initial || out.initial > out.max) {
    limit.fail("SCN-433", fmt::format("must have min <= initial <= max, but has {}, {}, {}", least,
                                      out.initial, out.max));
  }
}

void read_rule(Mapping& limit, LimitSpec& out) {
  switch (out.kind) {
    case Kind::fixed:
      limit.required("requests").count(out.initial, 1, limit_max);
      return;
    case Kind::aimd:
      limit.optional("backoff_ratio").number(out.backoff_ratio, config::from_below(0.5, 1.0));
      limit.optional("timeout").duration(out.timeout,
                                         config::above_to(Duration{}, Duration::seconds(86'400)));
      break;
    case Kind::vegas:
      out.max = 1'000;
      out.smoothing = 1;
      limit.optional("smoothing").number(out.smoothing, config::above_to(0.0, 1.0));
      break;
    case Kind::gradient2:
      limit.optional("smoothing").number(out.smoothing, config::above_to(0.0, 1.0));
      limit.optional("tolerance").number(out.tolerance, config::between(1.0, 100.0));
      limit.optional("queue_size").count(out.queue_size, 0, limit_max);
      limit.optional("long_window").count(out.long_window, 1, limit_max);
      break;
    case Kind::none:
      return;
  }
  read_bounds(limit, out);
}

}  // namespace

void read_limit(const Value& value, LimitSpec& out) {
  if (!value.present() || value.is_word("none")) return;
  Mapping limit = value.mapping();
  LimitSpec spec;
  const bool known =
      limit.required("kind").choice<Kind>(spec.kind, {{"fixed", Kind::fixed},
                                                      {"aimd", Kind::aimd},
                                                      {"vegas", Kind::vegas},
                                                      {"gradient2", Kind::gradient2}});
  if (!known) return;  // without the kind nobody knows which keys are right
  read_rule(limit, spec);
  limit.finish();
  out = spec;
}

void read_dependency(const Value& value, const FileReader& files,
                     std::optional<DependencySpec>& out) {
  if (!value.present() || value.is_word("none")) return;
  Mapping dependency = value.mapping();
  DependencySpec spec;
  dependency.required("pool").count(spec.pool, 1, ScenarioLimits::replicas_max);
  read_law(dependency.required("service"), LawUnit::seconds, files, spec.service);
  const Value capacity = dependency.optional("queue_capacity");
  if (!capacity.is_word("unbounded"))
    capacity.count(spec.queue_capacity, 0, std::numeric_limits<std::uint32_t>::max() - 1);
  const Value timeout = dependency.optional("timeout");
  if (!timeout.is_word("none"))
    timeout.duration(spec.timeout, config::between(Duration{}, Duration::seconds(86'400)));
  dependency.optional("failure_probability").share(spec.failure_probability, probability_range);
  dependency.finish();
  out = std::move(spec);
}

void read_pauses(const Value& value, const FileReader& files, std::optional<PausesSpec>& out) {
  if (!value.present() || value.is_word("none")) return;
  Mapping pauses = value.mapping();
  PausesSpec spec;
  const Value every = pauses.optional("every");
  every.duration(spec.every, config::between(Duration::milliseconds(1), Duration::seconds(86'400)));
  const Value requests = pauses.optional("after_requests");
  requests.count(spec.requests, 1, 1'000'000'000);
  read_law(pauses.required("duration"), LawUnit::seconds, files, spec.duration);
  if (every.present() == requests.present()) {
    pauses.fail("SCN-434", "must have either every or after_requests");
  }
  pauses.finish();
  out = std::move(spec);
}

void read_slow_start(const Value& value, SlowStartSpec& out) {
  if (!value.present() || value.is_word("none")) return;
  Mapping slow_start = value.mapping();
  slow_start.required("for").duration(out.lasting,
                                      config::above_to(Duration{}, Duration::seconds(86'400)));
  slow_start.required("factor").number(out.factor, config::between(1.0, 1'000.0));
  slow_start.finish();
}

}  // namespace haldane::models
