// What the reader finds wrong with a scenario.
#pragma once

#include <string>
#include <vector>

#include "models/spec/read_scenario.h"

namespace haldane::models {

/// "ID path" of each, in their order.
inline std::vector<std::string> ids_and_paths(const Diagnostics& diagnostics) {
  std::vector<std::string> result;
  for (const Diagnostic& d : diagnostics) result.push_back(d.id + " " + d.path);
  return result;
}

/// Those of a text under `overrides`.
inline std::vector<std::string> mistakes_of(const char* text,
                                            const std::vector<std::string>& overrides) {
  const auto parsed = read_scenario(text, "a.yaml", overrides);
  return parsed ? std::vector<std::string>{} : ids_and_paths(parsed.error());
}

}  // namespace haldane::models
