// Shell completion scripts, derived from the command line itself so that they cannot go stale.
#pragma once

#include <string>
#include <vector>

#include "cli/command_line.h"

namespace haldane::cli {

/// Scripts for the user's shell to source. Files complete everywhere but after a word that begins
/// with a dash.
[[nodiscard]] std::string bash_completion(const std::vector<CommandOutline>& commands);
[[nodiscard]] std::string zsh_completion(const std::vector<CommandOutline>& commands);
[[nodiscard]] std::string fish_completion(const std::vector<CommandOutline>& commands);

}  // namespace haldane::cli
