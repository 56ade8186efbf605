// Reads haldane.policy/1 from YAML: all mistakes at once, each with line, column, path and rule.
#pragma once

#include <string>
#include <string_view>

#include "analysis/judge/policy.h"
#include "sim/base/diagnostics.h"

namespace haldane::analysis {

/// **Domain** any text. `file` is the name that messages carry. **Errors** every broken rule, in
/// document order. **Returns** a policy that judge() takes as it is.
[[nodiscard]] Parsed<JudgePolicy> read_policy(std::string_view text, const std::string& file);

}  // namespace haldane::analysis
