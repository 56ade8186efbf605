// A request to its answer: which path takes what, and what is refused.
#pragma once

#include "server/message.h"
#include "server/site.h"

namespace haldane::server {

/// **Returns** an answer for any request. GET and HEAD know /health and the site's documents, POST
/// knows /judge and /verdict with a body of application/json; 404, 405 and 415 say what there is
/// instead. The body of HEAD is that of GET, to be measured and not sent. **Cost** that of the
/// judge. **Determinism** the same body gives the same answer; nothing is remembered.
[[nodiscard]] Response respond(const Site& site, const Request& request);

/// Whether respond() takes no longer than it takes to write its answer.
[[nodiscard]] bool is_quick(const Request& request);

}  // namespace haldane::server
