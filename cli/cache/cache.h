// What `haldane cache` does once its command line is understood.
#pragma once

#include "cli/cache/cache_options.h"
#include "cli/exit_code.h"

namespace haldane::cli {

/// Reads the trace, replays it and writes. **Errors** messages on standard error and the contract's
/// code.
[[nodiscard]] ExitCode cache(const CacheOptions& options);

}  // namespace haldane::cli
