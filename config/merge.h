// Laying one document over another: `extends:` between files and `--set` from the command line.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/node.h"
#include "config/problems.h"

namespace haldane::config {

/// Keys of which a mapping holds one at a time, such as the names of laws. When an overlay brings
/// one of them, the others leave: `service: {exponential: ...}` over `service: {lognormal: ...}`
/// replaces the law instead of giving two.
using Alternatives = std::vector<std::string_view>;

/// Lays `overlay` over `base`: mappings are merged key by key, in the base's order with new keys
/// last; everything else (text, lists) is replaced. Each node keeps its own place.
[[nodiscard]] Node merge(Node base, Node overlay, const Alternatives& alternatives);

/// Applies overrides "path=value" in order. A path is keys joined by dots, list elements by [n]
/// ("timeline[2].at=5m"); n = size of the list appends; mappings on the way are created. The value
/// is YAML and replaces what was there; a mapping value replaces a mapping whole.
/// **Errors** CFG-201 not of that form, CFG-202 the path leads through a value that has no keys or
/// elements, CFG-203 no such element, and those of parse_document for the value; all name the file
/// "--set".
void apply_overrides(Node& root, std::span<const std::string> overrides,
                     const Alternatives& alternatives, Problems& problems);

}  // namespace haldane::config
