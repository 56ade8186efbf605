// The story of single requests: one replication simulated with an eye on them.
//
// A replication is a function of plan, seed and number, so the story of any request can be had
// afterwards by simulating once more; the run that is estimated need not keep it.
#pragma once

#include <cstdint>
#include <vector>

#include "models/plan.h"
#include "models/run_replication.h"
#include "models/tiers/record/request_trace.h"

namespace haldane::models {

struct TracedReplication {
  std::vector<RequestVisit> visits;  ///< ascending: request by request, each in order of time
  std::vector<NodeSeries> nodes;     ///< of the edge, and of others that served anybody, if watched
  std::uint64_t digest = 0;          ///< that of run_replication
};

enum class Nodes : std::uint8_t { ignored, watched };

/// **Cost** that of run_replication, and 72 bytes a visit. **Determinism** as run_replication:
/// the same for any number of threads.
[[nodiscard]] TracedReplication trace_requests(const Plan& plan, const ReplicationOptions& options,
                                               const RequestChoice& choice,
                                               Nodes nodes = Nodes::ignored);

}  // namespace haldane::models
