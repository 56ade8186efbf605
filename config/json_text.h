// JSON text to a document, within bounds: what a stranger sends may cost no more than its length
// suggests.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "sim/base/diagnostics.h"

namespace haldane::config {

/// Deeper documents are refused: copying and printing one recurses.
inline constexpr std::size_t json_depth_max = 64;

/// An ordered document looks for each member among those before it, so an object of n members costs
/// n^2 / 2 comparisons. This many are allowed for a whole document: an object of 20,000 members.
inline constexpr std::size_t json_comparisons_max = 200'000'000;

/// Members keep their order. `file` is the name that messages carry, `family` begins their ids.
/// **Errors** family-001 no JSON, with the line and column where it ends to be, or a number that is
/// too large; family-002 nested deeper than json_depth_max; family-003 too many members. **Cost**
/// two passes; up to some 25 bytes of memory a byte of text. **Determinism** pure.
[[nodiscard]] Parsed<nlohmann::ordered_json> parse_json(std::string_view text,
                                                        const std::string& file,
                                                        std::string_view family);

}  // namespace haldane::config
