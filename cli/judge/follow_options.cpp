#include "cli/judge/follow_options.h"

#include <CLI/CLI.hpp>

#include "cli/common_options.h"
#include "config/quantity.h"

namespace haldane::cli {
namespace {

Duration duration_of(const char* option, const std::string& text, Duration least) {
  const auto duration = config::parse_duration(text);
  if (!duration) throw CLI::ValidationError(option, duration.error().message);
  if (*duration < least) {
    throw CLI::ValidationError(
        option, "must be at least " + config::format_duration(least) + ", but was " + text);
  }
  return *duration;
}

}  // namespace

void add_follow_options(CLI::App& command, FollowOptions& options) {
  command.option_defaults()->group("Following inputs that grow");
  CLI::Option* follow =
      command.add_flag("--follow", options.enabled,
                       "Look again as both files grow, until a decision; prints a line a look");
  const auto add_duration = [&](const char* name, const char* words, auto& target, Duration least) {
    command
        .add_option_function<std::string>(
            name,
            [name, &target, least](const std::string& text) {
              target = duration_of(name, text, least);
            },
            words)
        ->type_name("DURATION")
        ->needs(follow);
  };
  add_duration("--interval", "Time between two looks (default 10s)", options.interval,
               Duration::milliseconds(1));
  add_duration("--deadline", "With the last verdict, end this long after the beginning",
               options.deadline, Duration());
  add_file(command, "--state", options.state,
           "Keep there what was judged, and go on with it after a restart")
      ->needs(follow);
}

}  // namespace haldane::cli
