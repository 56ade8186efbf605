#include "cli/simulate/simulate.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <ctime>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "analysis/estimate/precision.h"
#include "analysis/estimate/run_estimator.h"
#include "analysis/report/html_report.h"
#include "analysis/report/run_report.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/result_files.h"
#include "cli/scenario_lookup.h"
#include "cli/signals.h"
#include "cli/simulate/alerts.h"
#include "cli/simulate/arms_csv.h"
#include "cli/simulate/arms_otlp.h"
#include "cli/simulate/arms_verdict.h"
#include "cli/simulate/checkpoint.h"
#include "cli/simulate/cut_runs.h"
#include "cli/simulate/engine_statistics.h"
#include "cli/simulate/explain.h"
#include "cli/simulate/nodes_csv.h"
#include "cli/simulate/objectives.h"
#include "cli/simulate/otlp_trace.h"
#include "cli/simulate/replication_pool.h"
#include "cli/simulate/slos.h"
#include "cli/simulate/timeline_marks.h"
#include "cli/terminal.h"
#include "config/nearest.h"
#include "models/metrics.h"
#include "models/spec/metric_names.h"
#include "models/spec/read_scenario.h"
#include "models/trace_requests.h"
#include "sim/parallel/parallel_for.h"

namespace haldane::cli {
namespace {

using Clock = std::chrono::steady_clock;

/// The scenario file with the command line laid over it, or how to end.
Expected<models::Scenario, ExitCode> load(const SimulateOptions& options, const std::string& path) {
  auto parsed = models::load_scenario(path, options.sets);
  if (!parsed) {
    write_message(to_string(parsed.error()));
    return Unexpected{config::input_is_missing(parsed.error()) ? ExitCode::input_not_found
                                                               : ExitCode::bad_input};
  }
  models::Scenario scenario = std::move(parsed).value();
  if (options.seed) scenario.seed = *options.seed;
  if (options.replications) scenario.replications = *options.replications;
  return scenario;
}

/// **Returns** what is wrong with a goal for this scenario, or nothing.
std::string goal_problem(const analysis::PrecisionGoal& goal,
                         const sim::MetricCatalogue& catalogue) {
  const auto metric = std::find_if(catalogue.begin(), catalogue.end(), [&](const auto& candidate) {
    return candidate.name == goal.metric;
  });
  if (metric == catalogue.end()) {
    std::vector<std::string_view> names;
    for (const auto& candidate : catalogue) names.emplace_back(candidate.name);
    return fmt::format("--precision: no metric is called '{}'; {}", goal.metric,
                       config::suggest(goal.metric, names));
  }
  if (metric->absent) {
    return fmt::format("--precision: '{}' has no value, since the scenario lacks its tier",
                       goal.metric);
  }
  return "";
}

/// **Returns** what the options ask of a scenario that cannot give it, or nothing.
std::string option_problem(const SimulateOptions& options, const models::Scenario& scenario,
                           const sim::MetricCatalogue& catalogue) {
  if (!options.arms_directory.empty() && !scenario.canary) {
    return "--arms: the scenario has no canary";
  }
  for (const analysis::PrecisionGoal& goal : options.precision) {
    const std::string problem = goal_problem(goal, catalogue);
    if (!problem.empty()) return problem;
  }
  return "";
}

double processor_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// Saves while replications run; a disk that is full now may have room later, so it only warns.
class SaveWatch {
 public:
  explicit SaveWatch(Checkpoint* checkpoint) : checkpoint_(checkpoint) {}
  void tick(ProgressBar& bar) {
    if (checkpoint_ == nullptr) return;
    const auto problem = checkpoint_->save_when_due();
    if (!problem || warned_) return;
    warned_ = true;
    bar.erase();
    write_message(fmt::format("haldane: {}: cannot be written now: {}; the run goes on\n",
                              checkpoint_->path(), *problem));
  }

 private:
  Checkpoint* checkpoint_;
  bool warned_ = false;
};

/// Runs in a thread of its own while the caller's watches for signals and redraws the progress.
std::vector<analysis::PrecisionOutcome> run_watched(ReplicationPool& pool,
                                                    analysis::RunEstimator& estimator,
                                                    const SimulateOptions& options,
                                                    std::uint32_t replications,
                                                    Checkpoint* checkpoint) {
  std::mutex mutex;
  std::condition_variable changed;
  bool finished = false;
  std::vector<analysis::PrecisionOutcome> outcomes;
  std::thread worker([&] {
    const std::uint32_t limit =
        options.precision.empty() ? replications : std::max(replications, options.max_replications);
    auto result = analysis::run_until_precise(pool, estimator, options.precision, replications,
                                              limit, pool.portion());
    const std::lock_guard lock(mutex);
    outcomes = std::move(result);
    finished = true;
    changed.notify_one();
  });
  ProgressBar bar;
  SaveWatch saves(checkpoint);
  std::unique_lock lock(mutex);
  while (!changed.wait_for(lock, std::chrono::milliseconds(100), [&] { return finished; })) {
    if (stop_requested()) pool.stop();
    saves.tick(bar);
    bar.show(pool.progress());
  }
  lock.unlock();
  worker.join();
  return outcomes;
}

std::string precision_note(const analysis::PrecisionOutcome& outcome, std::size_t replications) {
  const std::string goal = fmt::format("{:.3g}", 100 * outcome.goal.relative);
  if (!outcome.achieved) {
    return fmt::format("precision: {} has no interval after {} replications", outcome.goal.metric,
                       replications);
  }
  return fmt::format("precision: {} is known to {:.2g} % after {} replications; {} % was {}",
                     outcome.goal.metric, 100 * *outcome.achieved, replications, goal,
                     outcome.met ? "asked for" : "not reached");
}

std::string rendered(const analysis::RunResult& result, const SimulateOptions& options) {
  if (options.format == "json") return analysis::run_json(result);
  if (options.format == "csv") return analysis::run_csv(result);
  return analysis::run_text(result, options.out.empty() ? output_style() : analysis::TextStyle{});
}

/// Everything the command writes, opened before the work starts.
struct Outputs {
  ResultFiles report;  ///< --out and --html
  OutputFile baseline;
  OutputFile canary;
  OutputFile baseline_metrics;
  OutputFile canary_metrics;
  OutputFile trace;
  OutputFile nodes;
};

/// A file of `option`, which must not be one of those before it.
ExitCode open_beside(OutputFile& file, const std::string& option, const std::string& path,
                     std::initializer_list<std::string_view> others) {
  if (path.empty()) return ExitCode::success;
  if (std::ranges::find(others, path) != others.end())
    return fail(ExitCode::usage, option + ": must be another file than those of other options");
  const auto problem = file.open(path);
  if (!problem) return ExitCode::success;
  return fail(ExitCode::output_failed, fmt::format("{}: cannot be written: {}", path, *problem));
}

ExitCode open_outputs(Outputs& outputs, const SimulateOptions& options) {
  const ExitCode opened = outputs.report.open(options.out, options.html);
  if (opened != ExitCode::success) return opened;
  const ExitCode trace =
      open_beside(outputs.trace, "--trace", options.trace, {options.out, options.html});
  if (trace != ExitCode::success) return trace;
  const ExitCode nodes = open_beside(outputs.nodes, "--nodes", options.nodes,
                                     {options.out, options.html, options.trace});
  if (nodes != ExitCode::success) return nodes;
  if (options.arms_directory.empty()) return ExitCode::success;
  return open_directory_files(options.arms_directory,
                              {{"baseline.csv", &outputs.baseline},
                               {"canary.csv", &outputs.canary},
                               {"baseline.otlp.json", &outputs.baseline_metrics},
                               {"canary.otlp.json", &outputs.canary_metrics}});
}

/// The page; of a canary with what the judge says of it.
std::string page(const SimulateOptions& options, const analysis::RunResult& result,
                 const ReplicationPool& pool, const std::string& scenario_path) {
  if (options.html.empty()) return "";
  if (result.arms.empty() || pool.first_run().grid.bin_bounds.empty()) {
    return analysis::html_report(&result, nullptr);
  }
  const analysis::Verdict verdict =
      judge_arms(pool.first_run(), pool.samples(), result.warmup_s, scenario_path);
  return analysis::html_report(&result, &verdict);
}

ExitCode write_arm(OutputFile& rows, OutputFile& metrics, const ReplicationPool& pool,
                   models::Block arm, double from_s) {
  const sim::Measurements& run = pool.first_run();
  const ExitCode written = commit(rows, arm_csv(run, pool.samples(), arm, from_s));
  if (written != ExitCode::success) return written;
  return commit(metrics, arm_otlp_json(run, arm, from_s));
}

ExitCode write_outputs(Outputs& outputs, const SimulateOptions& options,
                       const analysis::RunResult& result, const ReplicationPool& pool,
                       const std::string& scenario_path) {
  if (outputs.baseline.is_open() && !pool.first_run().grid.bin_bounds.empty()) {
    const ExitCode baseline = write_arm(outputs.baseline, outputs.baseline_metrics, pool,
                                        models::Block::baseline, result.warmup_s);
    if (baseline != ExitCode::success) return baseline;
    const ExitCode canary = write_arm(outputs.canary, outputs.canary_metrics, pool,
                                      models::Block::canary, result.warmup_s);
    if (canary != ExitCode::success) return canary;
  }
  return outputs.report.write(rendered(result, options),
                              page(options, result, pool, scenario_path));
}

/// The estimator with what the plan publishes.
analysis::RunEstimator make_estimator(const models::Plan& plan) {
  analysis::RunEstimator estimator(models::metric_catalogue(plan.tiers),
                                   !plan.scenario.warmup.has_value());
  if (plan.arms() == 2) {
    estimator.add_arm("baseline", models::metric_catalogue(plan.tiers, models::Block::baseline));
    estimator.add_arm("canary", models::metric_catalogue(plan.tiers, models::Block::canary));
  }
  return estimator;
}

constexpr const char* nothing_to_show =
    "stopped before the warm-up and one time slice after it were over; nothing can be reported";

/// After a stop: the beginnings of the replications that were cut off, if none was complete.
/// **Returns** what the result lacks, or nothing where there is nothing to report at all.
std::optional<analysis::PartialRun> settle_partial(const models::Plan& plan, ReplicationPool& pool,
                                                   analysis::RunEstimator& estimator) {
  analysis::PartialRun partial;
  partial.asked_s = (plan.end - SimTime::zero()).as_seconds();
  partial.asked_replications = pool.progress().replications;
  if (estimator.replications() > 0) return partial;
  partial.cut = true;
  const std::uint32_t warmup = plan.scenario.warmup ? plan.grid.warmup_bins : 0;
  for (sim::Measurements& run : common_beginning(pool.take_cut_off(), warmup)) {
    estimator.add(std::move(run));
  }
  return estimator.replications() > 0 ? std::optional(partial) : std::nullopt;
}

/// What the estimates and the clock tell.
void describe(analysis::RunResult& result, const models::Scenario& scenario,
              const analysis::RunEstimator& estimator,
              const std::vector<analysis::PrecisionOutcome>& outcomes) {
  estimator.fill(result);
  if (result.partial && result.partial->cut) result.digest.clear();
  result.scenario = scenario.name;
  result.seed = scenario.seed;
  result.objectives = check_objectives(scenario.objectives, result.metrics);
  AlertReport alerts = check_alerts(scenario, estimator);
  result.alerts = std::move(alerts.alerts);
  for (std::string& note : alerts.notes) result.notes.push_back(std::move(note));
  SloReport slos = check_slos(scenario, estimator);
  result.slos = std::move(slos.slos);
  for (analysis::Alert& alert : slos.alerts) result.alerts.push_back(std::move(alert));
  result.timeline = timeline_marks(scenario);
  for (const auto& outcome : outcomes) {
    result.notes.push_back(precision_note(outcome, estimator.replications()));
  }
}

/// Writes what was found and saved. **Returns** how the command ends.
ExitCode finish(Outputs& outputs, const SimulateOptions& options, const analysis::RunResult& result,
                const ReplicationPool& pool, const std::string& scenario_path,
                Checkpoint* checkpoint) {
  const auto unsaved = checkpoint != nullptr ? checkpoint->save() : std::nullopt;
  const ExitCode written = write_outputs(outputs, options, result, pool, scenario_path);
  if (written != ExitCode::success) return written;
  if (result.engine && options.format != "json") write_message(engine_text(*result.engine));
  if (unsaved) {
    return fail(ExitCode::output_failed,
                fmt::format("{}: cannot be written: {}", checkpoint->path(), *unsaved));
  }
  if (const auto stopped = stop_requested(); stopped && result.partial) return *stopped;
  return any_missed(result.objectives) ? ExitCode::rollback : ExitCode::success;
}

/// Simulates and writes. **Domain** everything that can be checked before the work was checked.
ExitCode run(const SimulateOptions& options, const std::string& scenario_path,
             const models::Plan& plan, Outputs& outputs, double sample_share,
             Checkpoint* checkpoint) {
  const models::Scenario& scenario = plan.scenario;
  const unsigned threads = options.threads > 0 ? options.threads : sim::available_threads();
  const DeferredStop deferred;
  const auto start = Clock::now();
  ReplicationPool pool(plan, scenario.seed, threads, sample_share, checkpoint);
  pool.expect(scenario.replications);
  analysis::RunEstimator estimator = make_estimator(plan);
  const auto outcomes = run_watched(pool, estimator, options, scenario.replications, checkpoint);
  analysis::RunResult result;
  if (const auto stopped = stop_requested()) {
    result.partial = settle_partial(plan, pool, estimator);
    if (!result.partial) return fail(*stopped, nothing_to_show);
  }
  describe(result, scenario, estimator, outcomes);
  result.threads = threads;
  result.wall_s = std::chrono::duration<double>(Clock::now() - start).count();
  result.cpu_s = processor_seconds();
  if (options.stats) {
    result.engine = engine_statistics(pool.counts(), result.cpu_s, result.wall_s);
  }
  return finish(outputs, options, result, pool, scenario_path, checkpoint);
}

models::RequestChoice choice_of(const SimulateOptions& options, const models::Plan& plan) {
  if (options.trace.empty()) return {};
  if (options.trace_request) return models::RequestChoice::only(*options.trace_request);
  if (plan.traces.empty()) {
    return models::RequestChoice::share(arms_sample_share(plan.scenario, options.trace_requests));
  }
  std::size_t recorded = 0;
  for (const models::SiteTrace& site : plan.traces) recorded += site.times.size();
  return models::RequestChoice::share(
      std::min(1.0, options.trace_requests / std::max(1.0, static_cast<double>(recorded))));
}

/// Simulates the first replication once more, with an eye on single requests and nodes.
ExitCode write_trace(Outputs& outputs, const SimulateOptions& options, const models::Plan& plan) {
  models::ReplicationOptions again;
  again.seed = plan.scenario.seed;
  again.threads = options.threads > 0 ? options.threads : sim::available_threads();
  const auto nodes = outputs.nodes.is_open() ? models::Nodes::watched : models::Nodes::ignored;
  auto traced = models::trace_requests(plan, again, choice_of(options, plan), nodes);
  if (outputs.nodes.is_open()) {
    const ExitCode written = commit(outputs.nodes, nodes_csv(plan, traced.nodes));
    if (written != ExitCode::success || !outputs.trace.is_open()) return written;
  }
  if (options.trace_request) {
    const std::uint64_t id = *options.trace_request;
    std::erase_if(traced.visits,
                  [id](const models::RequestVisit& visit) { return visit.id != id; });
    if (traced.visits.empty())
      return fail(ExitCode::usage, fmt::format("--trace-request: the run has no request {}", id));
  }
  return commit(outputs.trace, otlp_trace_json(plan, traced.visits));
}

/// After a run that ended with `code`. **Returns** how the command ends.
ExitCode with_trace(ExitCode code, Outputs& outputs, const SimulateOptions& options,
                    const models::Plan& plan) {
  const bool complete = code == ExitCode::success || code == ExitCode::rollback;
  if (!complete || !(outputs.trace.is_open() || outputs.nodes.is_open())) return code;
  const ExitCode written = write_trace(outputs, options, plan);
  return written == ExitCode::success ? code : written;
}

}  // namespace

ExitCode simulate(const SimulateOptions& options) {
  const auto path = find_scenario(options.scenario, scenario_roots());
  if (!path) return fail(ExitCode::input_not_found, path.error());
  const auto loaded = load(options, *path);
  if (!loaded) return loaded.error();
  const models::Scenario& scenario = *loaded;
  const models::Plan plan = models::compile_plan(scenario);
  if (!options.explain.empty())
    return explain_replicas(plan, options.explain, options.format, options.out);
  const std::string problem =
      option_problem(options, scenario, models::metric_catalogue(plan.tiers));
  if (!problem.empty()) return fail(ExitCode::usage, problem);
  Outputs outputs;
  const ExitCode opened = open_outputs(outputs, options);
  if (opened != ExitCode::success) return opened;

  const bool arms_wanted =
      scenario.canary && !(options.arms_directory.empty() && options.html.empty());
  const double share = arms_wanted ? arms_sample_share(scenario) : 0;
  Checkpoint checkpoint;
  if (!options.checkpoint.empty()) {
    const auto refused = checkpoint.open(options.checkpoint, identity_of(scenario, share), plan);
    if (refused) {
      return fail(refused->code, fmt::format("{}: {}", options.checkpoint, refused->text));
    }
  }
  const ExitCode code =
      run(options, *path, plan, outputs, share, options.checkpoint.empty() ? nullptr : &checkpoint);
  return with_trace(code, outputs, options, plan);
}

}  // namespace haldane::cli
