// Runs the built program as a user does: through a shell, in a folder of its own that disappears.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace haldane::test {

/// How a command ended. **Returns** of the shell: 128 + n when signal n killed the program.
struct Outcome {
  int exit_code = -1;
  std::string out;
  std::string err;
};

/// A temporary folder, removed with everything in it. Commands run inside it.
class Sandbox {
 public:
  Sandbox();
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  /// Runs `script` with bash (pipefail on), with the built program first in PATH.
  /// Messages are in English whatever the machine speaks.
  [[nodiscard]] Outcome run(std::string_view script) const;

  /// The same as an unprivileged user, for tests of permissions; root may read everything.
  [[nodiscard]] Outcome run_unprivileged(std::string_view script) const;

  void write(std::string_view name, std::string_view text) const;
  [[nodiscard]] std::string read(std::string_view name) const;
  [[nodiscard]] bool exists(std::string_view name) const;
  /// Files and folders in the sandbox, the sandbox's own bookkeeping left out.
  [[nodiscard]] std::size_t entries() const;

 private:
  [[nodiscard]] Outcome run_with(std::string_view shell, std::string_view script) const;

  std::filesystem::path root_;    // bookkeeping
  std::filesystem::path folder_;  // what commands see
};

}  // namespace haldane::test
