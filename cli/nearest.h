// "Did you mean": the candidate that a mistyped word most probably stands for.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace haldane::cli {

/// Number of single-character insertions, deletions, substitutions and swaps of neighbours between
/// two words. **Cost** O(|a| |b|). **Source** optimal string alignment distance.
[[nodiscard]] std::size_t edit_distance(const std::string& a, const std::string& b);

/// The candidate nearest to `word`, if it is near enough to be meant: at most a third of the longer
/// word is wrong, or one starts with the other. First of equals. **Returns** nothing otherwise.
[[nodiscard]] std::optional<std::string> nearest(const std::string& word,
                                                 const std::vector<std::string>& candidates);

}  // namespace haldane::cli
