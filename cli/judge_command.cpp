#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/judge.h"

namespace haldane::cli {
namespace {

void add_input_options(CLI::App& command, JudgeOptions& options) {
  command.add_option("--baseline,BASELINE", options.baseline, "CSV of the version that runs now")
      ->type_name("FILE")
      ->required();
  command.add_option("--canary,CANARY", options.canary, "CSV of the new version")
      ->type_name("FILE")
      ->required();
  command.add_option("--policy", options.policy, "How to judge; without it, one is inferred")
      ->type_name("FILE");
}

void add_output_options(CLI::App& command, JudgeOptions& options) {
  command.add_option("--format", options.format, "text (default) or json")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"text", "json"}));
  command.add_option("--out", options.out, "Write the verdict there instead of standard output")
      ->type_name("FILE");
  command.add_option("--html", options.html, "Also write a self-contained page with pictures")
      ->type_name("FILE");
  command
      .add_option("--on-inconclusive", options.on_inconclusive,
                  "Exit code of inconclusive: pass 0, fail 1, hold 2 (default)")
      ->type_name("CHOICE")
      ->check(CLI::IsMember({"pass", "fail", "hold"}));
  command.add_flag("--exit-zero", options.exit_zero, "Report only: any verdict ends as 0");
}

}  // namespace

Action add_judge(CLI::App& app) {
  CLI::App* command = app.add_subcommand("judge", "Compare a canary with its baseline");
  const auto options = std::make_shared<JudgeOptions>();
  add_input_options(*command, *options);
  add_output_options(*command, *options);
  return [options] { return judge(*options); };
}

}  // namespace haldane::cli
