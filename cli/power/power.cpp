#include "cli/power/power.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <iterator>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "analysis/estimate/run_estimator.h"
#include "analysis/judge/read_policy.h"
#include "analysis/report/number_format.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/power/power_result.h"
#include "cli/power/power_search.h"
#include "cli/power/power_study.h"
#include "cli/progress.h"
#include "cli/result_files.h"
#include "cli/scenario_lookup.h"
#include "cli/signals.h"
#include "cli/simulate/arms_csv.h"
#include "cli/terminal.h"
#include "config/file.h"
#include "config/nearest.h"
#include "models/metrics.h"
#include "models/spec/read_scenario.h"
#include "sim/parallel/parallel_for.h"

namespace haldane::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t policy_bytes_max = std::size_t{1} << 20;

ExitCode refuse(const Diagnostics& problems) {
  write_message(to_string(problems));
  return config::input_is_missing(problems) ? ExitCode::input_not_found : ExitCode::bad_input;
}

Parsed<analysis::JudgePolicy> load_policy_file(const std::string& path) {
  const auto text = config::read_file(path, policy_bytes_max);
  if (!text) return Unexpected{Diagnostics{text.error().to_diagnostic()}};
  return analysis::read_policy(*text, path);
}

/// What arm_table() gives.
constexpr std::array<std::string_view, 5> simulated_columns = {"latency_ms", "requests", "errors",
                                                               "dead_letters", "queue_depth"};

bool is_simulated(const std::string& name) {
  return std::find(simulated_columns.begin(), simulated_columns.end(), name) !=
         simulated_columns.end();
}

// A metric without data can never be shown to be inside its margin: nothing would ever be promoted.
void leave_out_unknown(analysis::JudgePolicy& policy, std::vector<std::string>& notes) {
  for (const analysis::MetricPolicy& metric : policy.metrics) {
    if (is_simulated(metric.name)) continue;
    notes.push_back(fmt::format(
        "{} of the policy is left out: a simulated release has only latency_ms, requests, errors, "
        "dead_letters and queue_depth",
        metric.name));
  }
  std::erase_if(policy.metrics, [](const auto& metric) { return !is_simulated(metric.name); });
}

/// Everything the command reads, or how to end.
struct Inputs {
  std::string scenario_path;
  models::Scenario scenario;
  analysis::JudgePolicy policy;
  std::vector<std::string> notes;
};

ExitCode load(const PowerOptions& options, Inputs& inputs) {
  const auto path = find_scenario(options.scenario, scenario_roots());
  auto policy = load_policy_file(options.policy);
  ExitCode worst = policy ? ExitCode::success : refuse(policy.error());
  if (!path) return std::max(worst, fail(ExitCode::input_not_found, path.error()));
  auto scenario = models::load_scenario(*path, options.sets);
  if (!scenario) worst = std::max(worst, refuse(scenario.error()));
  if (worst != ExitCode::success) return worst;
  inputs.scenario_path = *path;
  inputs.scenario = std::move(scenario).value();
  inputs.policy = std::move(policy).value();
  leave_out_unknown(inputs.policy, inputs.notes);
  if (!inputs.policy.steps.empty() || inputs.policy.pre_period_s > 0) {
    return fail(ExitCode::bad_input,
                fmt::format("{}: {}: a simulated release has one canary_share for all its time",
                            options.policy, inputs.policy.steps.empty() ? "pre_period" : "steps"));
  }
  if (inputs.policy.metrics.empty()) {
    return fail(ExitCode::bad_input,
                fmt::format("{}: no metric is left to judge a simulated release by; it has "
                            "latency_ms, requests, errors, dead_letters and queue_depth",
                            options.policy));
  }
  return ExitCode::success;
}

PowerQuestion question_of(const PowerOptions& options, const Inputs& inputs) {
  PowerQuestion question;
  question.scenario = inputs.scenario;
  question.policy = inputs.policy;
  question.effects = {CanaryEffect{CanaryEffect::Kind::none, 0, 1, "none"}};
  const auto effects = options.effects.empty() ? default_effects(inputs.scenario) : options.effects;
  std::ranges::copy_if(effects, std::back_inserter(question.effects),
                       [](const CanaryEffect& e) { return e.kind != CanaryEffect::Kind::none; });
  question.settings.seed = options.seed.value_or(inputs.scenario.seed);
  question.settings.runs = options.runs;
  question.settings.threads = options.threads > 0 ? options.threads : sim::available_threads();
  question.looks = options.looks;
  question.latencies = options.latencies;
  question.kayenta_step_s = options.kayenta_step_s;
  return question;
}

double share_of(const PowerOptions& options, const Inputs& inputs) {
  if (options.share) return *options.share;
  return inputs.scenario.canary ? inputs.scenario.canary->share : inputs.policy.canary_share;
}

// An automatic warm-up is found once, on the first run of the unchanged release, so that all cases
// leave out the same.
Duration find_warmup(const models::Scenario& unchanged, std::uint64_t seed) {
  if (unchanged.warmup) return *unchanged.warmup;
  const models::Plan plan = models::compile_plan(unchanged);
  models::ReplicationOptions options;
  options.seed = seed;
  analysis::RunEstimator estimator(models::metric_catalogue(plan.tiers), true);
  estimator.add(models::run_replication(plan, options).measurements);
  return Duration::from_seconds(estimator.warmup().seconds);
}

/// Says what the study will probably cost; a time, so it stays out of the result.
void announce(const PlannedStudy& study, const analysis::JudgePolicy& policy) {
  const auto start = Clock::now();
  (void)run_and_judge(study.cases.front().plan, policy, study.settings, 0, nullptr);
  const double one_s = std::chrono::duration<double>(Clock::now() - start).count();
  const double all = static_cast<double>(study.settings.runs * study.cases.size());
  write_message(fmt::format(
      "haldane: {} releases of {} kinds, {} each to simulate and judge: about {} on {} threads\n",
      static_cast<std::int64_t>(all), study.cases.size(), analysis::format_seconds(one_s),
      analysis::format_seconds(std::ceil(one_s * all / study.settings.threads)),
      study.settings.threads));
}

/// Runs in a thread of its own while the caller's watches for signals and redraws the progress.
StudyAnswer run_watched(const PlannedStudy& planned, const analysis::JudgePolicy& policy) {
  PowerStudy study(planned.cases, policy, planned.settings);
  std::mutex mutex;
  std::condition_variable changed;
  bool finished = false;
  std::thread worker([&] {
    study.run();
    const std::lock_guard lock(mutex);
    finished = true;
    changed.notify_one();
  });
  ProgressBar bar;
  std::unique_lock lock(mutex);
  while (!changed.wait_for(lock, std::chrono::milliseconds(100), [&] { return finished; })) {
    if (stop_requested()) study.stop();
    bar.show(study.progress());
  }
  lock.unlock();
  worker.join();
  return {study.summaries(), study.complete()};
}

PowerResult result_of(const PowerOptions& options, const Inputs& inputs,
                      const PowerQuestion& question, const PlannedStudy& study, double share) {
  PowerResult result;
  result.scenario = inputs.scenario.name;
  result.policy = options.policy;
  result.seed = question.settings.seed;
  result.runs = options.runs;
  result.share = share;
  result.alpha = inputs.policy.alpha;
  result.beta = inputs.policy.beta;
  result.warmup_s = study.settings.schedule.begin_s;
  result.schedule = study.settings.schedule;
  result.latencies = options.latencies;
  result.notes = inputs.notes;
  return result;
}

void advise(const PowerOptions& options, const PowerQuestion& question, PowerResult& result) {
  if (!options.power || result.partial) return;
  const StudyRunner runner = [&](const PlannedStudy& study) {
    return run_watched(study, question.policy);
  };
  result.advice = search_power(question, result, *options.power, runner);
  std::vector<analysis::NamedCase> changed;
  for (std::size_t i = 1; i < result.cases.size(); ++i)
    changed.push_back({result.cases[i].effect, &result.cases[i].summary});
  result.advice->margins =
      analysis::advise_margins(result.cases.front().summary, changed, *options.power);
  result.partial = result.advice->partial;
}

ExitCode exit_code_of(const PowerResult& result) {
  if (result.partial) {
    if (const auto stopped = stop_requested()) return *stopped;
  }
  return result.advice && !result.advice->chosen ? ExitCode::rollback : ExitCode::success;
}

ExitCode study_and_write(const PowerOptions& options, const Inputs& inputs,
                         const PowerQuestion& question, const PlannedStudy& study, double share) {
  ResultFiles files;
  const ExitCode opened = files.open(options.out, options.html);
  if (opened != ExitCode::success) return opened;
  announce(study, question.policy);
  const DeferredStop deferred;
  PowerResult result = result_of(options, inputs, question, study, share);
  StudyAnswer answer = run_watched(study, question.policy);
  result.partial = !answer.complete;
  result.cases = power_cases(study, std::move(answer));
  if (result.cases.front().summary.runs == 0) {
    return fail(stop_requested().value_or(ExitCode::internal_error),
                "stopped before a single release was simulated; nothing can be reported");
  }
  advise(options, question, result);
  const analysis::TextStyle style = options.out.empty() ? output_style() : analysis::TextStyle{};
  const ExitCode written =
      files.write(options.format == "json" ? power_json(result) : power_text(result, style),
                  options.html.empty() ? "" : power_page(result));
  return written == ExitCode::success ? exit_code_of(result) : written;
}

}  // namespace

ExitCode power(const PowerOptions& options) {
  Inputs inputs;
  const ExitCode loaded = load(options, inputs);
  if (loaded != ExitCode::success) return loaded;
  PowerQuestion question = question_of(options, inputs);
  const double share = share_of(options, inputs);
  const auto unchanged = unchanged_canary(inputs.scenario, share);
  if (!unchanged) {
    return fail(ExitCode::bad_input,
                fmt::format("{}: {}", inputs.scenario_path, unchanged.error()));
  }
  const Duration warmup = find_warmup(*unchanged, question.settings.seed);
  question.scenario.warmup = warmup;
  const double window_s = (inputs.scenario.duration - warmup).as_seconds();
  if (!(window_s > 0)) {
    return fail(ExitCode::bad_input,
                fmt::format("{}: nothing is left after the warm-up", inputs.scenario_path));
  }
  const auto study = plan_study(question, share, window_s, question.effects);
  if (!study) return fail(ExitCode::usage, study.error());
  return study_and_write(options, inputs, question, *study, share);
}

}  // namespace haldane::cli
