// Where a command's results go: standard output or --out, and a page for --html.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cli/exit_code.h"
#include "cli/output.h"

namespace haldane::cli {

/// Writes and renames an open file. **Returns** success, or output_failed after a message.
[[nodiscard]] ExitCode commit(OutputFile& file, std::string_view text);

/// Creates `directory` if need be and opens the named files in it.
[[nodiscard]] ExitCode open_directory_files(
    const std::string& directory, const std::vector<std::pair<std::string, OutputFile*>>& files);

class ResultFiles {
 public:
  /// Opens what is not empty, so that a wrong path is reported before the work.
  /// **Errors** output_failed; usage when both are one file.
  [[nodiscard]] ExitCode open(const std::string& out, const std::string& html);

  /// `text` to --out or standard output, `page` to --html where that was asked for.
  [[nodiscard]] ExitCode write(std::string_view text, std::string_view page);

 private:
  OutputFile out_;
  OutputFile html_;
};

}  // namespace haldane::cli
