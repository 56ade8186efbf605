#include "cli/judge/judge.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "analysis/ingest/formats/read_observations.h"
#include "analysis/judge/judge.h"
#include "analysis/judge/over_time.h"
#include "analysis/judge/read_policy.h"
#include "analysis/report/html_report.h"
#include "cli/command.h"
#include "cli/judge/prometheus.h"
#include "cli/judge/verdict_output.h"
#include "cli/output.h"
#include "cli/result_files.h"
#include "cli/terminal.h"
#include "config/file.h"
#include "sim/parallel/parallel_for.h"

namespace haldane::cli {
namespace {

constexpr std::size_t policy_bytes_max = std::size_t{1} << 20;

/// The more telling of two failures: an input that is not there explains the others.
ExitCode worse_of(ExitCode a, ExitCode b) {
  return std::max(a, b);
}

/// Rows that were passed over are named, because a judgement on half a file should surprise nobody.
void warn_of_bad_rows(const analysis::ObservationTable& table) {
  if (table.malformed_rows == 0) return;
  write_message(
      fmt::format("haldane: warning: {}: {} of {} rows could not be read and are left out\n",
                  table.path, table.malformed_rows, table.rows + table.malformed_rows));
  write_message(to_string(table.problems));
}

ExitCode load_table(const std::string& path, const std::string& format, analysis::Arm arm,
                    std::optional<analysis::ObservationTable>& table) {
  analysis::ReadOptions how;
  how.format = analysis::format_named(format);
  how.arm = arm;
  auto read = analysis::read_observations(path, how);
  if (read) {
    table = std::move(read).value();
    warn_of_bad_rows(*table);
    return ExitCode::success;
  }
  write_message(to_string(read.error().diagnostics));
  return read.error().failure == analysis::IngestFailure::bad_content ? ExitCode::bad_input
                                                                      : ExitCode::input_not_found;
}

// The last steps that are whole, on a grid that does not depend on the second of the question.
ExitCode load_range(const JudgeOptions& options, const std::string& query, double now_s,
                    std::optional<analysis::ObservationTable>& table) {
  PrometheusRange range{options.prometheus.server, query, 0, 0,
                        options.prometheus.step.as_seconds()};
  range.end_s = std::floor(now_s / range.step_s) * range.step_s;
  range.start_s = range.end_s - options.prometheus.since.as_seconds();
  const auto document = query_range(range);
  if (!document) return fail(document.error().code, document.error().text);
  auto read = table_of_range(query, *document);
  if (!read) return fail(read.error().code, read.error().text);
  table = std::move(read).value();
  if (table->rows == 0) {
    return fail(ExitCode::bad_input,
                query + (table->malformed_rows > 0 ? ": the answer is no range of Prometheus"
                                                   : ": the server has no such series"));
  }
  warn_of_bad_rows(*table);
  return ExitCode::success;
}

ExitCode load_arms(const JudgeOptions& options, std::optional<analysis::ObservationTable>& baseline,
                   std::optional<analysis::ObservationTable>& canary) {
  if (options.prometheus.server.empty()) {
    const ExitCode b =
        load_table(options.baseline, options.input_format, analysis::Arm::baseline, baseline);
    return worse_of(
        b, load_table(options.canary, options.input_format, analysis::Arm::canary, canary));
  }
  const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
  const ExitCode b = load_range(options, options.baseline, now.count(), baseline);
  return worse_of(b, load_range(options, options.canary, now.count(), canary));
}

}  // namespace

ExitCode load_policy(const std::string& path, std::optional<analysis::JudgePolicy>& policy) {
  if (path.empty()) return ExitCode::success;
  const auto text = config::read_file(path, policy_bytes_max);
  if (!text) {
    const Diagnostics problems = {text.error().to_diagnostic()};
    write_message(to_string(problems));
    return config::input_is_missing(problems) ? ExitCode::input_not_found : ExitCode::bad_input;
  }
  auto parsed = analysis::read_policy(*text, path);
  if (!parsed) {
    write_message(to_string(parsed.error()));
    return ExitCode::bad_input;
  }
  policy = std::move(parsed).value();
  return ExitCode::success;
}

ExitCode exit_code_of(analysis::Decision decision, const JudgeOptions& options) {
  if (options.exit_zero || decision == analysis::Decision::promote) return ExitCode::success;
  if (decision == analysis::Decision::rollback) return ExitCode::rollback;
  if (options.on_inconclusive == "pass") return ExitCode::success;
  return options.on_inconclusive == "fail" ? ExitCode::rollback : ExitCode::inconclusive;
}

void add_over_time(const analysis::ObservationTable& baseline,
                   const analysis::ObservationTable& canary, const JudgeOptions& options,
                   analysis::Verdict& verdict) {
  const int looks = options.looks > 0      ? options.looks
                    : options.html.empty() ? 0
                                           : analysis::looks_of_a_page;
  if (looks > 0)
    verdict.over_time = analysis::evidence_over_time(verdict.policy, baseline, canary, looks);
}

ExitCode write_verdict(const analysis::Verdict& verdict, const JudgeOptions& options,
                       ResultFiles& files) {
  const analysis::TextStyle style = options.out.empty() ? output_style() : analysis::TextStyle{};
  analysis::Verdict shown = verdict;
  if (options.looks == 0) shown.over_time.clear();  // the page alone has it then
  const std::string text = render_verdict(shown, options.format, style);
  const std::string page = options.html.empty() ? "" : analysis::html_report(nullptr, &verdict);
  const ExitCode written = files.write(text, page);
  if (written != ExitCode::success || options.format != "github") return written;
  return append_github_files(verdict);
}

ExitCode judge(const JudgeOptions& options) {
  std::optional<analysis::ObservationTable> baseline;
  std::optional<analysis::ObservationTable> canary;
  std::optional<analysis::JudgePolicy> policy;
  // Each input is looked at even when another is wrong: all mistakes at once.
  ExitCode read = load_policy(options.policy, policy);
  read = worse_of(read, load_arms(options, baseline, canary));
  if (read != ExitCode::success) return read;
  ResultFiles files;
  const ExitCode opened = files.open(options.out, options.html);
  if (opened != ExitCode::success) return opened;

  const unsigned threads = sim::available_threads();
  analysis::Verdict verdict = policy ? analysis::judge(*policy, *baseline, *canary, threads)
                                     : analysis::judge_without_policy(*baseline, *canary, threads);
  add_over_time(*baseline, *canary, options, verdict);
  const ExitCode written = write_verdict(verdict, options, files);
  return written == ExitCode::success ? exit_code_of(verdict.decision, options) : written;
}

}  // namespace haldane::cli
