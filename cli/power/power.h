// What `haldane power` does once its command line is understood.
#pragma once

#include "cli/exit_code.h"
#include "cli/power/power_options.h"

namespace haldane::cli {

/// Simulates, judges and writes. **Returns** rollback where a wanted power was not reached.
/// **Errors** messages on standard error and the contract's code.
[[nodiscard]] ExitCode power(const PowerOptions& options);

}  // namespace haldane::cli
