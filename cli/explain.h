// `haldane simulate --explain api.replicas`: why each replica count of one run was what it was.
#pragma once

#include <string>

#include "cli/exit_code.h"
#include "models/plan.h"
#include "models/run_replication.h"

namespace haldane::cli {

/// The explanation as lines of text, bounded by ScaleLog::capacity a cell.
/// **Domain** the plan has an autoscaler.
[[nodiscard]] std::string explanation_text(const models::Plan& plan,
                                           const models::ReplicationResult& result);

/// The same as a JSON document, haldane.explain/1.
[[nodiscard]] std::string explanation_json(const models::Plan& plan,
                                           const models::ReplicationResult& result);

/// Simulates the first replication and writes the explanation to `out`, or standard output if that
/// is empty. **Errors** usage without an autoscaler or with the format csv.
[[nodiscard]] ExitCode explain_replicas(const models::Plan& plan, const std::string& format,
                                        const std::string& out);

}  // namespace haldane::cli
