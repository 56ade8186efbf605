#include <charconv>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/command.h"
#include "cli/simulate/simulate.h"
#include "cli/simulate/simulate_options.h"

namespace haldane::cli {
namespace {

/// CLI11 alone turns -1 and whatever is too large into 2^64 - 1.
std::string whole_number_problem(const std::string& text) {
  std::uint64_t seed = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, seed);
  if (error == std::errc{} && stop == end) return "";
  return fmt::format("'{}' must be a whole number from 0 to 18446744073709551615", text);
}

void add_run_options(CLI::App& command, SimulateOptions& options) {
  command
      .add_option("SCENARIO", options.scenario,
                  "A scenario file, a folder that holds scenario.yaml, or a name under scenarios/")
      ->required();
  command
      .add_option("--set", options.sets, "Override one key of the scenario: path=value (repeat)")
      ->type_name("PATH=VALUE")
      ->expected(1)
      ->take_all();
  command.add_option("--seed", options.seed, "Seed of all random streams")
      ->type_name("N")
      ->check(whole_number_problem);
  command.add_option("--replications", options.replications, "Independent runs")
      ->type_name("R")
      ->check(CLI::Range(1, 1'000'000));
  command
      .add_option_function<std::vector<std::string>>(
          "--precision",
          [&options](const std::vector<std::string>& texts) {
            for (const std::string& text : texts) {
              const auto target = parse_precision(text);
              if (!target) throw CLI::ValidationError("--precision", target.error());
              options.precision.push_back(*target);
            }
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
  command.add_option("--threads", options.threads, "Threads (default: all of the machine)")
      ->type_name("T")
      ->check(CLI::Range(1, 1'024));
}

void add_output_options(CLI::App& command, SimulateOptions& options) {
  command.add_option("--format", options.format, "text (default), json or csv")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"text", "json", "csv"}));
  command.add_option("--out", options.out, "Write the result there instead of standard output")
      ->type_name("FILE");
  command.add_option("--html", options.html, "Also write a self-contained page with pictures")
      ->type_name("FILE");
  command
      .add_option("--arms", options.arms_directory,
                  "Also write both arms there as rows and as metrics (scenario with a canary)")
      ->type_name("DIR");
  command
      .add_option("--checkpoint", options.checkpoint,
                  "Save finished replications there, and go on with those it holds")
      ->type_name("FILE")
      ->check([](const std::string& path) {
        return path.empty() ? std::string("a file name is required") : std::string();
      });
  command
      .add_option(
          "--explain", options.explain,
          "Only say why api.replicas or workers.replicas was what it was (first replication)")
      ->type_name("METRIC")
      ->check(CLI::IsMember({"api.replicas", "workers.replicas"}))
      ->excludes("--html", "--arms", "--checkpoint", "--precision", "--replications", "--trace",
                 "--nodes");
  command.add_flag("--stats", options.stats,
                   "Also say how the engine worked: windows, ns a request, events/s");
}

void add_trace_options(CLI::App& command, SimulateOptions& options) {
  command
      .add_option("--trace", options.trace,
                  "Also write spans of sampled requests of the first replication, as OTLP JSON")
      ->type_name("FILE")
      ->check([](const std::string& path) {
        return path.empty() ? std::string("a file name is required") : std::string();
      });
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
  command
      .add_option("--nodes", options.nodes,
                  "Also write what each replica, worker and node of the edge did in the first "
                  "replication, as CSV")
      ->type_name("FILE")
      ->check([](const std::string& path) {
        return path.empty() ? std::string("a file name is required") : std::string();
      });
}

}  // namespace

Action add_simulate(CLI::App& app) {
  CLI::App* command = app.add_subcommand("simulate", "Predict how a system behaves under a load");
  const auto options = std::make_shared<SimulateOptions>();
  add_run_options(*command, *options);
  add_trace_options(*command, *options);
  add_output_options(*command, *options);
  return [options] { return simulate(*options); };
}

}  // namespace haldane::cli
