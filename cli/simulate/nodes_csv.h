// What each replica and worker did over time, as a table.
#pragma once

#include <span>
#include <string>

#include "models/plan.h"
#include "models/tiers/record/node_signals.h"

namespace haldane::cli {

/// CSV with the header
/// tier,cell,release,node,from_s,to_s,cpu,in_flight,served_per_s,memory_bytes,rows_per_s,hit_ratio:
/// a row for each node and time bin. **Units** `cpu` is the busy share of the node's slots;
/// `in_flight` is a mean over time. **Domain** `nodes` of the first replication of `plan`.
[[nodiscard]] std::string nodes_csv(const models::Plan& plan,
                                    std::span<const models::NodeSeries> nodes);

}  // namespace haldane::cli
