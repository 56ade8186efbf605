// One finished replication as bytes: what it measured, packed as variable-length integers, since
// most counts are small and neighbouring buckets lie close together.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "models/plan.h"
#include "models/run_replication.h"

namespace haldane::cli {

/// **Domain** a replication that ran to its end. The time grid is the plan's and is left out.
[[nodiscard]] std::string encode_replication(const models::ReplicationResult& result);

/// Inverse of encode_replication() for a run of `plan`. **Returns** nothing for bytes that are no
/// such record, whatever they are. **Cost** memory of the result; a count in the bytes never makes
/// it allocate more than the bytes can fill.
[[nodiscard]] std::optional<models::ReplicationResult> decode_replication(std::string_view bytes,
                                                                          const models::Plan& plan);

}  // namespace haldane::cli
