// Assertions for our own bugs. User input never reaches these: it is reported through Diagnostics.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace haldane {

/// Ends the process with exit code 70 (internal error), so that a bug can never look like a
/// verdict.
[[noreturn]] inline void check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "haldane: internal error: %s does not hold (%s:%d)\n", condition, file,
               line);
  std::_Exit(70);
}

}  // namespace haldane

/// Kept in release builds; for use outside the event loop.
#define HALDANE_CHECK(condition)                       \
  (static_cast<bool>(condition) ? static_cast<void>(0) \
                                : ::haldane::check_failed(#condition, __FILE__, __LINE__))

/// Debug and sanitizer builds only; for use inside the event loop.
#ifdef NDEBUG
#define HALDANE_DCHECK(condition) static_cast<void>(sizeof(static_cast<bool>(condition)))
#else
#define HALDANE_DCHECK(condition) HALDANE_CHECK(condition)
#endif
