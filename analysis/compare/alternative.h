// The three alternatives of a two-sample test, with the meaning that R gives them: the first sample
// compared with the second.
#pragma once

#include <cstdint>

namespace haldane::analysis {

enum class Alternative : std::uint8_t {
  two_sided,
  less,     ///< the first sample is smaller (or its rate, or its odds)
  greater,  ///< the first sample is larger
};

/// An estimate with its confidence interval; one-sided alternatives leave one end infinite.
struct IntervalEstimate {
  double estimate = 0;
  double low = 0;
  double high = 0;
};

}  // namespace haldane::analysis
