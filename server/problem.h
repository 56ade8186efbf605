// Refusals as JSON: problem documents of RFC 9457, with every problem of a body by path, value and
// rule.
#pragma once

#include <string>

#include "server/message.h"
#include "sim/base/diagnostics.h"

namespace haldane::server {

/// "Not Found" and so on, of the codes that this server uses; "" of others.
[[nodiscard]] std::string reason_phrase(int status);

/// `{"type", "title", "status", "detail"}`. **Domain** status 400 to 599.
[[nodiscard]] Response problem(int status, const std::string& detail);

/// 400 with `problems`, one entry a diagnostic: `{"id", "path"?, "line"?, "column"?, "message",
/// "hint"?}`.
[[nodiscard]] Response bad_body(const Diagnostics& problems);

}  // namespace haldane::server
