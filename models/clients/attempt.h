// What a caller tells those who watch its attempts.
#pragma once

#include <cstdint>

#include "sim/base/time.h"

namespace haldane::models {

/// One try of a request.
struct Attempt {
  bool retry = false;          ///< not the first one
  bool after_timeout = false;  ///< of a retry: the attempt before was given up, not answered
};

/// How an attempt ends, for its caller.
enum class AttemptEnd : std::uint8_t {
  succeeded,
  failed,     ///< answered with an error
  timed_out,  ///< given up; the answer may still come
};

/// An attempt that came to nothing.
struct Failure {
  Attempt attempt;
  bool timed_out = false;    ///< given up; else answered with an error
  bool wants_retry = false;  ///< attempts are left
};

}  // namespace haldane::models
