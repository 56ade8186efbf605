#include "cli/command.h"

#include <fmt/format.h>

#include "cli/output.h"

namespace haldane::cli {

ExitCode fail(ExitCode code, std::string_view message) {
  write_message(fmt::format("haldane: {}\n", message));
  return code;
}

ExitCode print(std::string_view text) {
  const auto problem = write_standard_output(text);
  if (!problem) return ExitCode::success;
  return fail(ExitCode::output_failed, "standard output could not be written: " + *problem);
}

}  // namespace haldane::cli
