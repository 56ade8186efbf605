// What `haldane judge --follow` was asked for.
#pragma once

#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "sim/base/time.h"

namespace haldane::cli {

struct FollowOptions {
  bool enabled = false;
  Duration interval = Duration::seconds(10);  ///< between two looks
  std::optional<Duration> deadline;           ///< since the watch began
  std::string state;                          ///< empty = nothing survives a restart
};

/// Adds --follow and what belongs to it. `options` must outlive the parsing.
void add_follow_options(CLI::App& command, FollowOptions& options);

}  // namespace haldane::cli
