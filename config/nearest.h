// "Did you mean ...?": the known name that a mistyped one most resembles.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace haldane::config {

/// Optimal-string-alignment distance: insertions, deletions, substitutions and swaps of neighbours,
/// one each. **Cost** O(|a| |b|).
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate nearest to `name`, the first one on ties. **Returns** empty when none is within a
/// third of the longer length (at least 2 edits, 1 below five letters), because a far-fetched
/// suggestion misleads.
[[nodiscard]] std::optional<std::string> nearest_name(
    std::string_view name, const std::vector<std::string_view>& candidates);

/// "did you mean "x"?", or "known: a, b, c" when nothing is near; empty without candidates.
[[nodiscard]] std::string suggest(std::string_view name,
                                  const std::vector<std::string_view>& candidates);

}  // namespace haldane::config
