// SIGINT and SIGTERM: by default the program ends at once with 130 or 143, leaving no temporary
// file; a command that has results worth keeping asks for a flag instead and ends itself.
#pragma once

#include <optional>
#include <string>

#include "cli/exit_code.h"

namespace haldane::cli {

/// Installs the handlers. Call once in main().
void install_signal_handlers();

/// While an object lives, the first signal only sets stop_requested(); a second one ends the
/// program at once. One at a time.
class DeferredStop {
 public:
  DeferredStop();
  ~DeferredStop();
  DeferredStop(const DeferredStop&) = delete;
  DeferredStop& operator=(const DeferredStop&) = delete;
};

/// The exit code the pending signal asks for, or nothing.
[[nodiscard]] std::optional<ExitCode> stop_requested();

/// Files that the signal handler unlinks. **Domain** at most 8 at a time, paths up to 4095 bytes;
/// what does not fit is not remembered.
void remember_temporary_file(const std::string& path);
void forget_temporary_file(const std::string& path);

}  // namespace haldane::cli
