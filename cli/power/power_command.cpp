#include <memory>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/common_options.h"
#include "cli/power/power.h"
#include "cli/power/power_options.h"

namespace haldane::cli {
namespace {

using Words = std::vector<std::string>;

void take_effects(const Words& words, PowerOptions& options) {
  constexpr std::size_t effects_max = 100;
  if (words.size() > effects_max) throw CLI::ValidationError("--effect", "at most 100 effects");
  WrongWords wrong("--effect");
  for (const std::string& word : words) {
    if (const auto effect = parse_effect(word)) {
      options.effects.push_back(*effect);
    } else {
      wrong.add(effect.error());
    }
  }
  wrong.complain();
}

void add_question_options(CLI::App& command, PowerOptions& options) {
  add_scenario(command, options.scenario);
  add_file(command, "--policy", options.policy, "How releases are judged")->required();
  command
      .add_option_function<Words>(
          "--effect", [&options](const Words& words) { take_effects(words, options); },
          "A way to be worse: latency=20%, tail=3%x5, errors=2%, queue=30%, bimodal=50%, or "
          "scenario for its own canary; none for false alarms alone (repeat; default: one of "
          "each)")
      ->type_name("EFFECT")
      ->expected(1)
      ->take_all();
  add_parsed(command, "--power", options.power, parse_open_share,
             "Recommend share, window and margins for this share of right verdicts, such as 90%")
      ->type_name("SHARE");
  add_parsed(command, "--share", options.share, parse_open_share,
             "Requests that the canary gets (default: as the scenario, or else the policy, says)")
      ->type_name("SHARE");
  add_sets(command, options.sets);
}

void add_run_options(CLI::App& command, PowerOptions& options) {
  command.add_option("--runs", options.runs, "Simulated releases of each kind (default 200)")
      ->type_name("N")
      ->check(CLI::Range(1, 100'000));
  add_seed(command, options.seed, "Seed of all random streams");
  add_threads(command, options.threads);
  add_parsed(
      command, "--looks", options.looks, parse_looks,
      "How often a release is judged: a number (default 8) or a time between two, such as 1m")
      ->type_name("N|TIME");
  command
      .add_option("--latencies", options.latencies,
                  "Requests a run whose latency the judges see (default 200000)")
      ->type_name("N")
      ->check(CLI::Range(100, 10'000'000));
  add_parsed(command, "--kayenta-step", options.kayenta_step_s, parse_step,
             "Time between two values of a metric that Kayenta sees (default 1m)")
      ->type_name("TIME");
}

void add_output_options(CLI::App& command, PowerOptions& options) {
  command.option_defaults()->group("Results");
  add_format(command, options.format, "text (default) or json", {"text", "json"});
  add_file(command, "--out", options.out, "Write the result there instead of standard output");
  add_file(command, "--html", options.html, "Also write a self-contained page with curves");
}

}  // namespace

Action add_power(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "power", "False alarms, power and time to decide of a canary policy, by simulation");
  const auto options = std::make_shared<PowerOptions>();
  add_question_options(*command, *options);
  add_run_options(*command, *options);
  add_output_options(*command, *options);
  return [options] { return power(*options); };
}

}  // namespace haldane::cli
