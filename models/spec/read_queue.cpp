// `workers.queue`, `workers.priorities` and `workers.batch`.
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "models/spec/sections.h"

namespace haldane::models {
namespace {

using config::Mapping;

constexpr std::size_t classes_max = 16;
constexpr Duration visibility_max = Duration::seconds(12 * 3'600);

}  // namespace

void read_queue(const Value& value, std::optional<QueueSpec>& out) {
  if (!value.present() || value.is_word("none")) return;
  Mapping queue = value.mapping();
  QueueSpec spec;
  const auto share = config::from_below(0.0, 1.0);
  queue.optional("visibility_timeout")
      .duration(spec.visibility_timeout,
                config::between(Duration::milliseconds(1), visibility_max));
  queue.optional("max_receives").count(spec.max_receives, 1, 1'000);
  queue.optional("prefetch").count(spec.prefetch, 1, 1'000);
  queue.optional("duplicates").share(spec.duplicates, share);
  queue.optional("poison").share(spec.poison, share);
  queue.optional("idempotency_window")
      .duration(spec.idempotency_window, config::between(Duration{}, Duration::seconds(86'400)));
  const Value triage = queue.optional("triage");
  if (!triage.is_word("none")) {
    triage.duration(spec.triage, config::between(Duration::seconds(1), Duration::seconds(604'800)));
  }
  queue.finish();
  out = spec;
}

void read_priorities(const Value& value, std::optional<PrioritiesSpec>& out) {
  if (!value.present() || value.is_word("none")) return;
  Mapping priorities = value.mapping();
  PrioritiesSpec spec;
  using Discipline = PrioritiesSpec::Discipline;
  const Value discipline = priorities.optional("discipline");
  discipline.choice<Discipline>(
      spec.discipline, {{"strict", Discipline::strict}, {"weighted", Discipline::weighted}});
  const Value classes = priorities.required("classes");
  const auto elements = classes.elements();
  if (classes.present() && (elements.empty() || elements.size() > classes_max))
    classes.fail("SCN-452", fmt::format("must be 1 to {} classes", classes_max));
  bool complete = true;
  for (const Value& element : elements) {
    Mapping one = element.mapping();
    double share = 0;
    std::uint32_t weight = 1;
    complete = one.required("share").share(share, config::between(0.0, 1.0)) && complete;
    one.optional("weight").count(weight, 1, 1'000'000);
    one.finish();
    spec.shares.push_back(share);
    spec.weights.push_back(weight);
  }
  const double sum = std::accumulate(spec.shares.begin(), spec.shares.end(), 0.0);
  if (complete && !spec.shares.empty() && std::abs(sum - 1) > 1e-9)
    classes.fail("SCN-452", fmt::format("shares must sum to 100%, but sum to {}%", sum * 100));
  priorities.finish();
  out = std::move(spec);
}

void read_batch(const Value& value, std::optional<BatchSpec>& out) {
  if (!value.present() || value.is_word("none")) return;
  Mapping batch = value.mapping();
  BatchSpec spec;
  batch.required("every").duration(spec.every,
                                   config::inside(Duration{}, ScenarioLimits::duration_max));
  spec.first = spec.every;
  batch.optional("first").duration(spec.first,
                                   config::from_below(Duration{}, ScenarioLimits::duration_max));
  batch.required("jobs").count(spec.jobs, 1, 10'000'000);
  batch.optional("class").count(spec.job_class, 0, classes_max - 1);
  batch.finish();
  out = spec;
}

}  // namespace haldane::models
