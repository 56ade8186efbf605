// Events by exposure: kinds ratio and count.
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "analysis/judge/bucket_rows.h"
#include "analysis/judge/compacted_arms.h"
#include "analysis/judge/effect_from_before.h"
#include "analysis/judge/fixed_effects.h"
#include "analysis/judge/metric_kinds.h"
#include "analysis/judge/sequential_effects.h"
#include "analysis/judge/steps.h"

namespace haldane::analysis {
namespace {

// The exposure column of both arms, or rows where neither has one.
std::optional<ColumnPair> exposure_columns(MetricCase& judged) {
  const std::string& name = judged.metric().exposure;
  if (name.empty()) return ColumnPair{};
  const ColumnPair pair{judged.tables().baseline.find(name), judged.tables().canary.find(name)};
  if (pair.baseline && pair.canary) return pair;
  if (pair.baseline || pair.canary) return std::nullopt;
  judged.remark(fmt::format("{}: there is no column \"{}\", so each row counts as one",
                            judged.metric().name, name));
  return ColumnPair{};
}

std::string arm_problem(const RateArm& arm, MetricKind kind) {
  if (!(arm.exposure > 0)) return fmt::format("its exposure is {:g}", arm.exposure);
  if (arm.events < 0) return "its events are negative";
  if (kind == MetricKind::ratio && arm.events > arm.exposure) {
    return fmt::format("{:g} events of {:g} are no ratio; use kind: count", arm.events,
                       arm.exposure);
  }
  return {};
}

std::string rate_problem(const RateArms& arms, MetricKind kind) {
  const std::string b = arm_problem(arms.baseline, kind);
  if (!b.empty()) return "baseline: " + b;
  const std::string c = arm_problem(arms.canary, kind);
  return c.empty() ? c : "canary: " + c;
}

std::string totals_problem(const ColumnPair& events, const ColumnPair& exposure) {
  const char* arm = are_running_totals(*events.canary, exposure.canary)       ? "canary"
                    : are_running_totals(*events.baseline, exposure.baseline) ? "baseline"
                                                                              : nullptr;
  if (arm == nullptr) return {};
  return fmt::format("{}: its values only grow, as running totals do; give the events of each row",
                     arm);
}

// Counted all the same: whether they are a second look at the same events is not known.
void note_repeated(const char* arm, const ObservationColumn& events,
                   const ObservationColumn& exposure, MetricCase& judged) {
  const RepeatedRows found = repeated_rows(events, exposure);
  if (found.repeated == 0) return;
  judged.remark(
      fmt::format("{}, {}: {} of {} rows repeat another, time and all; was something read twice?",
                  arm, judged.metric().name, found.repeated, found.rows));
}

void fill_arm(const RateArm& arm, ArmSummary& summary) {
  summary.n = static_cast<std::int64_t>(arm.exposure);
  summary.events = arm.events;
  summary.exposure = arm.exposure;
  if (arm.exposure > 0) summary.value = arm.events / arm.exposure;
}

Effect effect_of(const ColumnPair& events, const ColumnPair& exposure, const MetricCase& judged,
                 Evidence::Scale scale) {
  const MetricPolicy& metric = judged.metric();
  const EventLaw law = metric.kind == MetricKind::ratio ? EventLaw::bernoulli : EventLaw::poisson;
  return judged.mode() == Mode::fixed ? fixed_rate(events, exposure, metric.test, law, scale)
                                      : sequential_rate(events, exposure, law, scale);
}

// Nothing where an arm has no exposure.
std::optional<Effect> effect_of_step(const ColumnPair& events, const ColumnPair& exposure,
                                     const MetricCase& judged, Evidence::Scale scale) {
  if (is_compacted(events) || is_compacted(exposure)) {
    const RateSlices slices(events, exposure);
    return effect_of_step(slices.events(), slices.exposure(), judged, scale);
  }
  if (!rate_problem(rate_arms(events, exposure), judged.metric().kind).empty()) return std::nullopt;
  return effect_of(events, exposure, judged, scale);
}

Effect joined_effect(const ColumnPair& whole, const ColumnPair& exposure, const MetricCase& judged,
                     Evidence::Scale scale) {
  if (!judged.steps()) return effect_of(whole, exposure, judged, scale);
  const MetricPolicy& metric = judged.metric();
  std::vector<Effect> effects;
  for (const StepTables& step : *judged.steps()) {
    const ColumnPair events{step.baseline.find(metric.name), step.canary.find(metric.name)};
    ColumnPair exposed;
    if (exposure.baseline) {
      exposed = {step.baseline.find(metric.exposure), step.canary.find(metric.exposure)};
    }
    if (auto effect = effect_of_step(events, exposed, judged, scale)) {
      effects.push_back(std::move(*effect));
    }
  }
  return effects.empty() ? impossible("no step has exposure of both arms")
                         : join_steps(std::move(effects));
}

// Empty where each row counts as one.
std::string exposure_name(const ColumnPair& exposure, const MetricPolicy& metric) {
  return exposure.baseline == nullptr ? std::string() : metric.exposure;
}

void judge_columns(const ColumnPair& events, const ColumnPair& exposure, MetricCase& judged) {
  const MetricPolicy& metric = judged.metric();
  Evidence evidence = judged.entry(std::nullopt);
  const RateArms arms = rate_arms(events, exposure);
  fill_arm(arms.baseline, evidence.baseline);
  fill_arm(arms.canary, evidence.canary);
  std::string problem = rate_problem(arms, metric.kind);
  if (problem.empty()) problem = totals_problem(events, exposure);
  if (!problem.empty()) {
    judged.add(std::move(evidence), impossible(problem), {});
    return;
  }
  // Evidence of a rise needs no baseline events, only an estimate of the ratio does.
  const bool positive = arms.baseline.events > 0 || !metric.margin.absolute;
  const auto scaled = choose_scale(metric.margin, positive);
  if (!scaled) {
    judged.add(std::move(evidence), impossible("it has no margin"), {});
    return;
  }
  const auto before = [&](const MetricCase& earlier) {
    const std::string name = exposure_name(exposure, metric);
    const ColumnPair exposed = name.empty() ? ColumnPair{} : columns_of(earlier.tables(), name);
    auto effect = effect_of_step(earlier.columns(), exposed, earlier, scaled->scale);
    return effect ? std::move(*effect) : impossible("an arm has no exposure");
  };
  Effect effect = adjusted(judged, joined_effect(events, exposure, judged, scaled->scale), evidence,
                           scaled->scale, before);
  judged.add(std::move(evidence), effect, scaled);
}

}  // namespace

void judge_rate(MetricCase& judged) {
  const MetricPolicy& metric = judged.metric();
  const std::optional<ColumnPair> exposure = exposure_columns(judged);
  if (!exposure) {
    judged.add(judged.entry(std::nullopt),
               impossible(fmt::format("only one arm has the column \"{}\"", metric.exposure)), {});
  } else if (is_compacted(judged.columns()) || is_compacted(*exposure)) {
    const RateSlices slices(judged.columns(), *exposure);
    judge_columns(slices.events(), slices.exposure(), judged);
  } else {
    if (exposure->baseline != nullptr) {
      note_repeated("baseline", *judged.columns().baseline, *exposure->baseline, judged);
      note_repeated("canary", *judged.columns().canary, *exposure->canary, judged);
    }
    judge_columns(judged.columns(), *exposure, judged);
  }
}

}  // namespace haldane::analysis
