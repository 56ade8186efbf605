// The program: standard streams and signals made safe, then the command line.
#include <cstdlib>
#include <exception>
#include <new>
#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/command_line.h"
#include "cli/output.h"
#include "cli/signals.h"

namespace {

using haldane::cli::ExitCode;

/// A bug must never look like a verdict, whatever was thrown wherever.
[[noreturn]] void on_terminate() {
  haldane::cli::write_message("haldane: internal error: unhandled exception\n");
  std::_Exit(haldane::cli::to_int(ExitCode::internal_error));
}

}  // namespace

int main(int argc, char** argv) {
  haldane::cli::prepare_standard_streams();
  haldane::cli::install_signal_handlers();
  std::set_terminate(on_terminate);
  try {
    return to_int(
        haldane::cli::run(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc)));
  } catch (const std::bad_alloc&) {
    return to_int(haldane::cli::fail(ExitCode::internal_error, "out of memory"));
  } catch (const std::exception& error) {
    return to_int(haldane::cli::fail(ExitCode::internal_error,
                                     std::string("internal error: ") + error.what()));
  }
}
