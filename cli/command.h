// What the commands share: each adds its options to the command line and says how it ends.
#pragma once

#include <functional>
#include <string_view>

#include <CLI/CLI.hpp>

#include "cli/exit_code.h"

namespace haldane::cli {

/// Runs after the command line was parsed. **Errors** writes its own messages to standard error.
using Action = std::function<ExitCode()>;

/// Each adds a subcommand with its options to `app`. **Returns** what to do when it was chosen.
[[nodiscard]] Action add_simulate(CLI::App& app);
[[nodiscard]] Action add_judge(CLI::App& app);
[[nodiscard]] Action add_cache(CLI::App& app);
[[nodiscard]] Action add_power(CLI::App& app);
[[nodiscard]] Action add_serve(CLI::App& app);
[[nodiscard]] Action add_schema(CLI::App& app);
[[nodiscard]] Action add_completion(CLI::App& app);

/// Prints `haldane: message` to standard error. **Returns** `code`, to end a command in one line.
ExitCode fail(ExitCode code, std::string_view message);

/// Writes data to standard output. **Returns** success, or output_failed after a message.
ExitCode print(std::string_view text);

}  // namespace haldane::cli
