#include "cli/command_line.h"

#include <algorithm>
#include <map>
#include <memory>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/command.h"
#include "cli/help_page.h"
#include "cli/terminal.h"
#include "cli/usage_problems.h"
#include "config/nearest.h"

namespace haldane::cli {
namespace {

constexpr const char* about =
    "haldane simulates web systems made of an edge cache, an API and workers, and judges canary "
    "releases.";
constexpr const char* exit_code_help =
    "Exit codes: 0 promote or success, 1 rollback or objective missed, 2 inconclusive, 64 usage, "
    "65 bad input, 66 input not found, 69 no answer from a server or no address to listen on, "
    "70 internal error, 74 output could not be written, 130 and 143 stopped by a signal.";

/// What is wrong where no command was chosen.
std::string no_command(const CLI::App& app, const std::vector<std::string>& arguments) {
  if (arguments.empty())
    return "a command is required: simulate, judge, cache, power, serve, schema or completion";
  const std::string& first = arguments.front();
  if (first.starts_with('-')) return fmt::format("unknown option {}", first);
  std::vector<std::string> names;
  for (const CommandOutline& command : outline(app)) names.push_back(command.name);
  return fmt::format("unknown command '{}'; {}", first,
                     config::suggest(first, {names.begin(), names.end()}));
}

ExitCode usage_error(const CLI::App& app, const CLI::ParseError& error,
                     const std::vector<std::string>& arguments) {
  const auto chosen = app.get_subcommands();
  if (chosen.empty()) {
    return fail(ExitCode::usage, no_command(app, arguments) + "\nTry 'haldane --help'.");
  }
  return fail(ExitCode::usage, fmt::format("{}\nTry 'haldane {} --help'.",
                                           fmt::join(usage_problems(app, error), "\nhaldane: "),
                                           chosen.front()->get_name()));
}

/// Help is what was wanted, whatever else is wrong with the arguments.
bool asks_for_help(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return !chosen.empty() && chosen.front()->get_help_ptr()->count() > 0;
}

}  // namespace

std::vector<CommandOutline> outline(const CLI::App& app) {
  std::vector<CommandOutline> commands;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    CommandOutline entry{command->get_name(), command->get_description(), {}};
    for (const CLI::Option* option : command->get_options()) {
      for (const std::string& name : option->get_lnames()) entry.options.push_back("--" + name);
    }
    commands.push_back(std::move(entry));
  }
  return commands;
}

ExitCode run(const std::vector<std::string>& arguments) {
  CLI::App app(about, "haldane");
  app.footer(exit_code_help);
  app.formatter(std::make_shared<HelpPage>(output_style().width));
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string("haldane ") + HALDANE_VERSION);
  app.set_help_flag("-h,--help", "Print this help and exit");
  const std::map<std::string, Action> actions = {
      {"simulate", add_simulate(app)},    {"judge", add_judge(app)}, {"cache", add_cache(app)},
      {"power", add_power(app)},          {"serve", add_serve(app)}, {"schema", add_schema(app)},
      {"completion", add_completion(app)}};
  try {
    // CLI11 consumes a vector from its end.
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::CallForVersion& version) {
    return print(std::string(version.what()) + "\n");
  } catch (const CLI::CallForHelp&) {
    return print(app.help());
  } catch (const CLI::ParseError& error) {
    if (asks_for_help(app)) return print(app.help());
    return usage_error(app, error, arguments);
  }
  return actions.at(app.get_subcommands().front()->get_name())();
}

}  // namespace haldane::cli
