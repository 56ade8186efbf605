#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "analysis/ingest/input_format.h"
#include "cli/command.h"
#include "cli/common_options.h"
#include "cli/judge/follow.h"
#include "cli/judge/follow_options.h"
#include "cli/judge/judge.h"
#include "cli/judge/kayenta.h"
#include "cli/judge/prometheus.h"
#include "cli/judge/verdict_output.h"
#include "config/quantity.h"

namespace haldane::cli {
namespace {

void add_input_options(CLI::App& command, JudgeOptions& options) {
  command
      .add_option("--baseline,BASELINE", options.baseline,
                  "Measurements of the version that runs now")
      ->type_name("FILE")
      ->required();
  command.add_option("--canary,CANARY", options.canary, "Measurements of the new version")
      ->type_name("FILE")
      ->required();
  const auto names = analysis::format_names();
  command
      .add_option("--input-format", options.input_format,
                  fmt::format("Format of both inputs instead of what their content looks like: {}",
                              fmt::join(names, ", ")))
      ->type_name("NAME")
      ->check(CLI::IsMember(std::vector<std::string>(names.begin(), names.end())));
  add_file(command, "--policy", options.policy, "How to judge; without it, one is inferred");
}

void add_prometheus_options(CLI::App& command, PrometheusOptions& options) {
  command.option_defaults()->group("Inputs from a Prometheus");
  CLI::Option* server =
      command
          .add_option("--prometheus", options.server,
                      "Ask this server; --baseline and --canary are PromQL queries then")
          ->type_name("URL")
          ->check(refused_server);
  const auto add_duration = [&](const char* name, const char* words, Duration& target) {
    command
        .add_option_function<std::string>(
            name,
            [name, &target](const std::string& text) {
              const auto duration = config::parse_duration(text);
              if (!duration) throw CLI::ValidationError(name, duration.error().message);
              if (*duration < Duration::seconds(1))
                throw CLI::ValidationError(name, "must be at least 1s, but was " + text);
              target = *duration;
            },
            words)
        ->type_name("DURATION")
        ->needs(server);
  };
  add_duration("--since", "How far back the queries go (default 30m); --follow begins now",
               options.since);
  add_duration("--step", "Between two points of a series (default 15s)", options.step);
}

void add_output_options(CLI::App& command, JudgeOptions& options) {
  command.option_defaults()->group("Verdict");
  add_format(command, options.format,
             "text (default), json, junit, markdown, github or openmetrics", verdict_formats());
  add_file(command, "--out", options.out, "Write the verdict there instead of standard output");
  add_file(command, "--html", options.html, "Also write a self-contained page with pictures");
  command
      .add_option("--looks", options.looks,
                  "Add to the verdict how the evidence grew, at so many looks (mode sequential)")
      ->type_name("N")
      ->check(CLI::Range(1, 1000));
  command
      .add_option("--on-inconclusive", options.on_inconclusive,
                  "Exit code of inconclusive: pass 0, fail 1, hold 2 (default)")
      ->type_name("CHOICE")
      ->check(CLI::IsMember({"pass", "fail", "hold"}));
  command.add_flag("--exit-zero", options.exit_zero, "Report only: any verdict ends as 0");
}

// A request brings both arms and its own rule, so it stands alone and waives both inputs.
void add_kayenta_option(CLI::App& command, std::string& request) {
  command.option_defaults()->group("Kayenta");
  CLI::Option* baseline = command.get_option("--baseline");
  CLI::Option* canary = command.get_option("--canary");
  CLI::Option* kayenta =
      command
          .add_option_function<std::string>(
              "--kayenta",
              [&request, baseline, canary](const std::string& file) {
                request = file;
                baseline->required(false);
                canary->required(false);
              },
              "Answer a Kayenta remote-judge request (JSON) with its CanaryJudgeResult")
          ->type_name("REQUEST")
          ->check(file_name_problem);
  for (const char* name :
       {"--baseline", "--canary", "--policy", "--format", "--html", "--follow", "--prometheus"}) {
    kayenta->excludes(command.get_option(name));
  }
}

}  // namespace

Action add_judge(CLI::App& app) {
  CLI::App* command = app.add_subcommand("judge", "Compare a canary with its baseline");
  const auto options = std::make_shared<JudgeOptions>();
  add_input_options(*command, *options);
  add_prometheus_options(*command, options->prometheus);
  add_output_options(*command, *options);
  add_follow_options(*command, options->follow);
  const auto request = std::make_shared<std::string>();
  add_kayenta_option(*command, *request);
  return [options, request] {
    if (!request->empty()) return judge_kayenta(*request, *options);
    return options->follow.enabled ? follow(*options) : judge(*options);
  };
}

}  // namespace haldane::cli
