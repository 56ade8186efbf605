// `haldane simulate --explain api.replicas`, `workers.replicas` or `edge.nodes`: why each count of
// one run was what it was.
#pragma once

#include <string>
#include <string_view>

#include "cli/exit_code.h"
#include "models/plan.h"
#include "models/run_replication.h"

namespace haldane::cli {

/// What can be explained.
inline constexpr std::string_view api_replicas = "api.replicas";
inline constexpr std::string_view worker_replicas = "workers.replicas";
inline constexpr std::string_view edge_nodes = "edge.nodes";

/// The explanation as lines of text, bounded by ScaleLog::capacity a cell or site.
/// **Domain** the tier of the metric has an autoscaler.
[[nodiscard]] std::string explanation_text(const models::Plan& plan,
                                           const models::ReplicationResult& result,
                                           std::string_view metric = api_replicas);

/// The same as a JSON document, haldane.explain/1.
[[nodiscard]] std::string explanation_json(const models::Plan& plan,
                                           const models::ReplicationResult& result,
                                           std::string_view metric = api_replicas);

/// Simulates the first replication and writes the explanation to `out`, or standard output if that
/// is empty. **Errors** usage without an autoscaler or with the format csv.
[[nodiscard]] ExitCode explain_replicas(const models::Plan& plan, const std::string& metric,
                                        const std::string& format, const std::string& out);

}  // namespace haldane::cli
