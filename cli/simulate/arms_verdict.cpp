#include "cli/simulate/arms_verdict.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include "analysis/ingest/observation_table.h"
#include "analysis/judge/judge.h"
#include "analysis/judge/read_policy.h"
#include "config/file.h"

namespace haldane::cli {
namespace {

using analysis::ObservationColumn;
using analysis::ObservationTable;

ObservationColumn latency_column(const std::vector<models::RequestSample>& samples,
                                 models::Block arm, double from_s) {
  ObservationColumn column;
  column.name = "latency_ms";
  for (const models::RequestSample& sample : samples) {
    if (sample.canary != (arm == models::Block::canary) || sample.asked.as_seconds() < from_s)
      continue;
    column.values.push_back(sample.latency.as_milliseconds());
    column.times_s.push_back(sample.asked.as_seconds());
  }
  return column;
}

/// A counter by time bin; as a level (integral over time) when `level` is set.
ObservationColumn bin_column(const sim::Measurements& run, const char* name,
                             models::Counter counter, models::Block arm, double from_s,
                             bool level = false) {
  ObservationColumn column;
  column.name = name;
  const auto& bins = run.counters[models::index(counter, arm)];
  for (std::size_t bin = 0; bin < bins.size(); ++bin) {
    if (run.grid.bin_bounds[bin].as_seconds() < from_s) continue;
    const Duration width = run.grid.bin_bounds[bin + 1] - run.grid.bin_bounds[bin];
    const double divisor =
        level ? static_cast<double>(std::max<std::int64_t>(1, width.count_ns())) : 1;
    column.values.push_back(static_cast<double>(bins[bin]) / divisor);
    column.times_s.push_back(run.grid.bin_bounds[bin + 1].as_seconds());
  }
  return column;
}

struct FoundPolicy {
  std::string path;
  analysis::JudgePolicy policy;
};

std::optional<FoundPolicy> find_policy(const std::string& scenario_path) {
  const auto folder = std::filesystem::path(scenario_path).parent_path();
  for (const auto& path : {folder / "policy.yaml", folder / ".." / "policy.yaml"}) {
    const auto text = config::read_file(path.string(), std::size_t{1} << 20);
    if (!text) continue;
    auto parsed = analysis::read_policy(*text, path.string());
    if (parsed) return FoundPolicy{path.lexically_normal().string(), std::move(parsed).value()};
  }
  return std::nullopt;
}

}  // namespace

ObservationTable arm_table(const sim::Measurements& run,
                           const std::vector<models::RequestSample>& samples, models::Block arm,
                           double from_s) {
  using models::Counter;
  ObservationTable table;
  table.path = arm == models::Block::canary ? "simulated canary" : "simulated baseline";
  table.has_timestamps = true;
  table.columns = {latency_column(samples, arm, from_s),
                   bin_column(run, "requests", Counter::requests, arm, from_s),
                   bin_column(run, "errors", Counter::request_errors, arm, from_s),
                   bin_column(run, "dead_letters", Counter::dead_letters, arm, from_s),
                   bin_column(run, "queue_depth", Counter::api_queue_time, arm, from_s, true)};
  table.rows =
      static_cast<std::int64_t>(table.columns[0].values.size() + table.columns[1].values.size());
  return table;
}

analysis::Verdict judge_arms(const sim::Measurements& run,
                             const std::vector<models::RequestSample>& samples, double from_s,
                             const std::string& scenario_path) {
  const ObservationTable baseline = arm_table(run, samples, models::Block::baseline, from_s);
  const ObservationTable canary = arm_table(run, samples, models::Block::canary, from_s);
  const auto found = find_policy(scenario_path);
  analysis::Verdict verdict = found ? analysis::judge(found->policy, baseline, canary)
                                    : analysis::judge_without_policy(baseline, canary);
  verdict.inputs.clear();  // there are no files to name
  if (found) verdict.assumptions.insert(verdict.assumptions.begin(), "judged by " + found->path);
  return verdict;
}

}  // namespace haldane::cli
