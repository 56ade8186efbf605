// How much memory a replica or worker takes.
#pragma once

#include <cstdint>

namespace haldane::models {

/// A straight line. **Units** bytes.
struct MemorySpec {
  std::int64_t base = 0;  ///< of one that is idle
  std::int64_t each = 0;  ///< more for each request or job that it has
};

}  // namespace haldane::models
