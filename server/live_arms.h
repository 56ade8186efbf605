// Arms that a request names by queries: asked of the operator's Prometheus, from the canary's first
// point on.
#pragma once

#include <optional>

#include "server/message.h"
#include "server/site.h"
#include "server/verdict_request.h"

namespace haldane::server {

/// Fills the tables of the arms that are queries. The canary is asked for the last `since_s` to the
/// last whole step, the baseline from the canary's first point on: each look then begins where the
/// one before it began, and both arms cover the same time. An arm without series stays an empty
/// table, with a warning; so does a canary that is older than the window. **Returns** a refusal, or
/// nothing: 400 where queries are not allowed (SRV-107), or refused or of no use (SRV-108); 502
/// where there is no answer.
[[nodiscard]] std::optional<Response> ask_arms(const Site& site, VerdictRequest& request);

}  // namespace haldane::server
