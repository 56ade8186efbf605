#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "cli/command.h"
#include "cli/power/power.h"
#include "cli/power/power_options.h"
#include "config/quantity.h"

namespace haldane::cli {
namespace {

using Words = std::vector<std::string>;

/// An option whose text `parse` turns into `target`, or refuses with a sentence.
template <class Target, class Parse>
CLI::Option* add_parsed(CLI::App& command, const std::string& name, Target& target, Parse parse,
                        const std::string& help) {
  return command.add_option_function<std::string>(
      name,
      [name, &target, parse](const std::string& text) {
        auto parsed = parse(text);
        if (!parsed) throw CLI::ValidationError(name, parsed.error());
        target = *parsed;
      },
      help);
}

/// CLI11 alone turns what is too large into 2^64 - 1.
std::string seed_problem(const std::string& text) {
  const auto seed = config::parse_unsigned(text);
  return seed ? std::string() : fmt::format("'{}' {}", text, seed.error().message);
}

void take_effects(const Words& words, PowerOptions& options) {
  constexpr std::size_t effects_max = 100;
  if (words.size() > effects_max) throw CLI::ValidationError("--effect", "at most 100 effects");
  for (const std::string& word : words) {
    const auto effect = parse_effect(word);
    if (!effect) throw CLI::ValidationError("--effect", effect.error());
    options.effects.push_back(*effect);
  }
}

void add_question_options(CLI::App& command, PowerOptions& options) {
  command
      .add_option("SCENARIO", options.scenario,
                  "A scenario file, a folder that holds scenario.yaml, or a name under scenarios/")
      ->required();
  command.add_option("--policy", options.policy, "How releases are judged")
      ->type_name("FILE")
      ->required();
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
  command
      .add_option("--set", options.sets, "Override one key of the scenario: path=value (repeat)")
      ->type_name("PATH=VALUE")
      ->expected(1)
      ->take_all();
}

void add_run_options(CLI::App& command, PowerOptions& options) {
  command.add_option("--runs", options.runs, "Simulated releases of each kind (default 200)")
      ->type_name("N")
      ->check(CLI::Range(1, 100'000));
  command.add_option("--seed", options.seed, "Seed of all random streams")
      ->type_name("N")
      ->check(seed_problem);
  command.add_option("--threads", options.threads, "Threads (default: all of the machine)")
      ->type_name("T")
      ->check(CLI::Range(1, 1'024));
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
  command.add_option("--format", options.format, "text (default) or json")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"text", "json"}));
  command.add_option("--out", options.out, "Write the result there instead of standard output")
      ->type_name("FILE");
  command.add_option("--html", options.html, "Also write a self-contained page with curves")
      ->type_name("FILE");
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
