// What `haldane simulate` does once its command line is understood.
#pragma once

#include "cli/exit_code.h"
#include "cli/simulate/simulate_options.h"

namespace haldane::cli {

/// Loads, runs, estimates and writes. **Errors** messages on standard error and the contract's
/// code.
[[nodiscard]] ExitCode simulate(const SimulateOptions& options);

}  // namespace haldane::cli
