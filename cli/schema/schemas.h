// The public contracts of schema/, embedded at build time: the binary prints what it was built
// with.
#pragma once

#include <string_view>
#include <vector>

namespace haldane::cli {

struct Schema {
  std::string_view name;  ///< "scenario", "run", "policy", ...; "openapi" of the server
  std::string_view text;  ///< JSON Schema or OpenAPI, byte for byte
};

/// All embedded schemas, by name ascending.
[[nodiscard]] const std::vector<Schema>& schemas();

}  // namespace haldane::cli
