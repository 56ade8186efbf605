// Asks a live Prometheus server for a range, as `haldane judge --prometheus URL` does.
#pragma once

#include <string>

#include "analysis/ingest/observation_table.h"
#include "cli/judge/follow_file.h"
#include "sim/base/expected.h"

namespace haldane::cli {

/// Where and what to ask. **Units** Unix seconds.
struct PrometheusRange {
  std::string server;  ///< http://host[:port][/prefix]
  std::string query;   ///< PromQL that selects series
  double start_s = 0;
  double end_s = 0;
  double step_s = 15;
};

/// Why `server` is none that can be asked, or nothing.
[[nodiscard]] std::string refused_server(const std::string& server);

/// The table of an answer. **Errors** bad_input: it is no range, or nothing in it can be read.
/// **Returns** a table without rows for a range without series.
[[nodiscard]] Expected<analysis::ObservationTable, FollowProblem> table_of_range(
    const std::string& query, const std::string& document);

/// **Returns** the document of /api/v1/query_range. **Errors** unavailable: no connection, no
/// answer within 30 s, a server error; bad_input: what the server says is wrong with the query, or
/// an answer beyond 64 MiB.
[[nodiscard]] Expected<std::string, FollowProblem> query_range(const PrometheusRange& range);

}  // namespace haldane::cli
