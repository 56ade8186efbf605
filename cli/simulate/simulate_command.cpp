#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/common_options.h"
#include "cli/simulate/simulate.h"
#include "cli/simulate/simulate_options.h"

namespace haldane::cli {
namespace {

void add_run_options(CLI::App& command, SimulateOptions& options) {
  add_scenario(command, options.scenario);
  add_sets(command, options.sets);
  add_seed(command, options.seed, "Seed of all random streams");
  command.add_option("--replications", options.replications, "Independent runs")
      ->type_name("R")
      ->check(CLI::Range(1, 1'000'000));
  command
      .add_option_function<std::vector<std::string>>(
          "--precision",
          [&options](const std::vector<std::string>& texts) {
            WrongWords wrong("--precision");
            for (const std::string& text : texts) {
              if (const auto target = parse_precision(text)) {
                options.precision.push_back(*target);
              } else {
                wrong.add(target.error());
              }
            }
            wrong.complain();
          },
          "Add replications until the interval of NAME is this narrow: NAME=1% (repeat)")
      ->type_name("NAME=SHARE")
      ->expected(1)
      ->take_all();
  command
      .add_option("--max-replications", options.max_replications,
                  "Where --precision gives up (default 1000)")
      ->type_name("R")
      ->check(CLI::Range(2, 1'000'000));
  add_threads(command, options.threads);
}

void add_output_options(CLI::App& command, SimulateOptions& options) {
  command.option_defaults()->group("Results");
  add_format(command, options.format, "text (default), json or csv", {"text", "json", "csv"});
  add_file(command, "--out", options.out, "Write the result there instead of standard output");
  add_file(command, "--html", options.html, "Also write a self-contained page with pictures");
  command
      .add_option("--arms", options.arms_directory,
                  "Also write both arms there as rows and as metrics (scenario with a canary)")
      ->type_name("DIR")
      ->check(file_name_problem);
  add_file(command, "--checkpoint", options.checkpoint,
           "Save finished replications there, and go on with those it holds");
}

void add_trace_options(CLI::App& command, SimulateOptions& options) {
  command.option_defaults()->group("A closer look");
  add_file(command, "--trace", options.trace,
           "Also write spans of sampled requests of the first replication, as OTLP JSON");
  command
      .add_option("--trace-requests", options.trace_requests,
                  "About how many requests --trace writes (default 1000)")
      ->type_name("N")
      ->check(CLI::Range(1, 100'000))
      ->needs("--trace");
  command
      .add_option("--trace-request", options.trace_request,
                  "The one request that --trace writes, by its haldane.request")
      ->type_name("ID")
      ->check(whole_number_problem)
      ->needs("--trace")
      ->excludes("--trace-requests");
  add_file(
      command, "--nodes", options.nodes,
      "Also write what each replica, worker and node of the edge did in the first replication, "
      "as CSV");
}

void add_explanation_options(CLI::App& command, SimulateOptions& options) {
  command
      .add_option("--explain", options.explain,
                  "Only say why replicas or nodes were as many as they were (first replication)")
      ->type_name("METRIC")
      ->check(CLI::IsMember({"api.replicas", "workers.replicas", "edge.nodes"}))
      ->excludes("--html", "--arms", "--checkpoint", "--precision", "--replications", "--trace",
                 "--nodes");
  command.add_flag("--stats", options.stats,
                   "Also say how the engine worked: windows, ns a request, events/s");
}

}  // namespace

Action add_simulate(CLI::App& app) {
  CLI::App* command = app.add_subcommand("simulate", "Predict how a system behaves under a load");
  const auto options = std::make_shared<SimulateOptions>();
  add_run_options(*command, *options);
  add_output_options(*command, *options);
  add_trace_options(*command, *options);
  add_explanation_options(*command, *options);
  return [options] { return simulate(*options); };
}

}  // namespace haldane::cli
