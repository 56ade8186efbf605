// All that is wrong with a command line, where CLI11 stops at the first.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace haldane::cli {

/// One sentence a problem: arguments that nobody takes, values that their options refuse, what is
/// missing, and options that do not go together, each kind in the order of the arguments or of
/// --help. **Domain** `app` has thrown `error`, and a subcommand was chosen. **Returns** at least
/// one. **Errors** where the value of an option is missing, what follows it was not looked at, so
/// that is the only problem.
[[nodiscard]] std::vector<std::string> usage_problems(const CLI::App& app,
                                                      const CLI::ParseError& error);

}  // namespace haldane::cli
