// What each judging path does with a body.
#pragma once

#include <string>

#include "server/message.h"
#include "server/site.h"

namespace haldane::server {

/// A Kayenta remote-judge request to its CanaryJudgeResult, byte for byte what `haldane judge
/// --kayenta` prints. **Errors** 400 with every problem.
[[nodiscard]] Response answer_judge(const Site& site, const std::string& body);

/// Measurements of both arms to our own verdict (verdict_request.h). **Returns** the short answer,
/// or the document haldane.verdict/1, byte for byte what `haldane judge --format json` prints of
/// files with these names. **Errors** 400 with every problem, and
/// those of ask_arms().
[[nodiscard]] Response answer_verdict(const Site& site, const std::string& body);

}  // namespace haldane::server
