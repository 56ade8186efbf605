// The command line as a whole: options common to all, subcommands, usage errors.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/exit_code.h"

namespace haldane::cli {

/// Parses `arguments` (without the program's name) and runs the command they name.
/// **Errors** a wrong command line ends as usage, with all that is wrong; nothing is thrown for it.
[[nodiscard]] ExitCode run(const std::vector<std::string>& arguments);

/// All commands and options, as completion scripts need them.
struct CommandOutline {
  std::string name;
  std::string description;
  std::vector<std::string> options;  ///< "--seed", ...
};
[[nodiscard]] std::vector<CommandOutline> outline(const CLI::App& app);

}  // namespace haldane::cli
