// `haldane judge --follow`: the same judge again and again over files that grow, until it decides.
//
// Every look judges everything that was written so far. In mode `sequential` each number that is
// compared with a margin is valid at all looks at once, so looks cost no error probability and none
// has to be counted; what must not change between looks is the policy and the data already judged.
// docs/follow-mode.md says what that takes.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "cli/exit_code.h"
#include "cli/judge/judge.h"

namespace haldane::cli {

/// The world outside of the loop: tests bring their own.
struct FollowWorld {
  std::function<double()> now_s;                     ///< Unix seconds
  std::function<void(double seconds)> wait;          ///< may return early
  std::function<std::optional<ExitCode>()> stopped;  ///< by a signal: the exit code it asks for
  std::function<ExitCode(std::string_view)> print;   ///< looks, to standard output
  std::function<void(std::string_view)> message;     ///< to standard error
};

/// Follows with the clock, signals and streams of the process. **Returns** the code of the first
/// decision, or of the last verdict at the deadline, or that of a signal. **Errors** messages and:
/// 65 an input, policy or state that cannot be used, or judged data that changed; 66 an input that
/// was not there at the deadline; 74 state or result not written.
[[nodiscard]] ExitCode follow(const JudgeOptions& options);

/// The same in another world.
[[nodiscard]] ExitCode follow(const JudgeOptions& options, const FollowWorld& world);

}  // namespace haldane::cli
