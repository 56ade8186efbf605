#include "cli/simulate/engine_statistics.h"

#include <algorithm>

#include <fmt/format.h>

#include "analysis/report/number_format.h"

namespace haldane::cli {

analysis::EngineStatistics engine_statistics(const EngineCounts& counts, double cpu_s,
                                             double wall_s) {
  analysis::EngineStatistics engine;
  engine.windows = counts.windows;
  engine.windows_on_one_thread = counts.windows_on_one_thread;
  engine.threads_per_replication = counts.threads_per_replication;
  engine.requests_per_window =
      counts.requests / static_cast<double>(std::max<std::uint64_t>(1, counts.windows));
  if (counts.requests_now > 0) engine.ns_per_request = cpu_s * 1e9 / counts.requests_now;
  if (counts.events_now > 0 && wall_s > 0) {
    engine.events_per_s = static_cast<double>(counts.events_now) / wall_s;
  }
  return engine;
}

std::string engine_text(const analysis::EngineStatistics& engine) {
  const auto count = [](std::uint64_t number) {
    return analysis::format_fixed(static_cast<double>(number), 0);
  };
  const auto speed = [](std::optional<double> value) {
    return value ? analysis::format_short(*value) : std::string("no");
  };
  return fmt::format(
      "engine: {} requests a window, {} windows, {} of them on one thread; up to {} threads a "
      "replication\n"
      "engine: {} ns of processor time a request, {} events/s\n",
      analysis::format_plain(engine.requests_per_window), count(engine.windows),
      count(engine.windows_on_one_thread), engine.threads_per_replication,
      engine.ns_per_request ? analysis::format_plain(*engine.ns_per_request) : std::string("no"),
      speed(engine.events_per_s));
}

}  // namespace haldane::cli
