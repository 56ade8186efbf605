// From YAML to a Scenario: units, defaults and every rule that can be checked without running it.
//
// The format is described in docs/scenario-format.md and, for tools, in
// schema/scenario.schema.json; a test holds the three together.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "config/file.h"
#include "config/problems.h"
#include "models/spec/scenario.h"
#include "sim/base/diagnostics.h"

namespace haldane::models {

/// Reads a scenario from text. `name` is what messages call it and what relative file names start
/// from. `overrides` are "path=value" texts laid over it. Without `files`, documents cannot name
/// other files (`extends`, `empirical`).
/// **Errors** all problems at once, CFG-... (config/README.md) and SCN-...
/// (docs/scenario-format.md).
/// **Determinism** pure but for `files`.
[[nodiscard]] Parsed<Scenario> read_scenario(std::string_view text, const std::string& name,
                                             std::span<const std::string> overrides = {},
                                             const config::FileReader& files = {});

/// Reads a scenario file. **Errors** as read_scenario; config::input_is_missing tells a file that
/// could not be read from one that is wrong.
[[nodiscard]] Parsed<Scenario> load_scenario(const std::string& path,
                                             std::span<const std::string> overrides = {});

/// As read_scenario, with the problems and the keys that were asked for left in `problems`; for
/// tests of the schema. **Returns** a scenario that means nothing when there are problems.
[[nodiscard]] Scenario read_scenario_into(config::Problems& problems, std::string_view text,
                                          const std::string& name,
                                          std::span<const std::string> overrides,
                                          const config::FileReader& files);

}  // namespace haldane::models
