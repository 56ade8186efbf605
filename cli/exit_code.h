// How the program ends: one number a reason, so that a pipeline can act without reading text. The
// numbers above 63 follow sysexits.h; a crash can never end as 0, 1 or 2, which are verdicts.
#pragma once

#include <cstdint>

namespace haldane::cli {

enum class ExitCode : std::uint8_t {
  success = 0,           ///< promote, or the command did what it was asked
  rollback = 1,          ///< rollback, or a stated objective was missed
  inconclusive = 2,      ///< the data decide nothing yet
  usage = 64,            ///< the command line is wrong
  bad_input = 65,        ///< an input was read and is wrong
  input_not_found = 66,  ///< an input does not exist or cannot be opened
  unavailable = 69,      ///< a server does not answer, or cannot listen
  internal_error = 70,   ///< our bug
  output_failed = 74,    ///< the result could not be written
  interrupted = 130,     ///< SIGINT
  terminated = 143,      ///< SIGTERM
};

[[nodiscard]] constexpr int to_int(ExitCode code) {
  return static_cast<int>(code);
}

}  // namespace haldane::cli
