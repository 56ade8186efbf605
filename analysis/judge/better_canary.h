// A canary that is far better than its baseline: an improvement, or arms that were swapped.
#pragma once

#include <optional>
#include <string>

#include "analysis/judge/verdict.h"

namespace haldane::analysis {

/// One sentence that names the entries that decide and are shown to be better by more than their
/// margins, or nothing. Where either direction is worse there is no better. **Domain** a verdict
/// whose entries and policy are filled.
[[nodiscard]] std::optional<std::string> better_canary(const Verdict& verdict);

}  // namespace haldane::analysis
