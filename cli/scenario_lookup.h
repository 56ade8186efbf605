// Finding the scenario a user means: a path, or the name of a folder under a scenarios/ directory.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "sim/base/expected.h"

namespace haldane::cli {

/// Where names are looked up, first hit wins: ./scenarios, ../scenarios beside the program, the
/// environment's HALDANE_SCENARIOS, the source tree the program was built from.
[[nodiscard]] std::vector<std::filesystem::path> scenario_roots();

/// The file that `name` stands for: an existing file; a folder with scenario.yaml;
/// NAME/scenario.yaml or NAME.yaml under a root. **Errors** one sentence, with the nearest known
/// name.
[[nodiscard]] Expected<std::string, std::string> find_scenario(
    const std::string& name, const std::vector<std::filesystem::path>& roots);

}  // namespace haldane::cli
