// `simulate --stats`: how the engine worked, as numbers for the result and as words for people.
#pragma once

#include <string>

#include "analysis/estimate/run_result.h"
#include "cli/simulate/replication_pool.h"

namespace haldane::cli {

/// **Units** seconds of the whole process, start-up included, and of wall-clock time.
[[nodiscard]] analysis::EngineStatistics engine_statistics(const EngineCounts& counts, double cpu_s,
                                                           double wall_s);

/// Two lines for standard error.
[[nodiscard]] std::string engine_text(const analysis::EngineStatistics& engine);

}  // namespace haldane::cli
