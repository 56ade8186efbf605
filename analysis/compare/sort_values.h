// Sorting of large columns of doubles: every rank and quantile method starts with it.
#pragma once

#include <vector>

namespace haldane::analysis {

/// Sorts ascending. **Domain** no NaN. **Cost** linear: six passes of a radix sort on the bits from
/// a few thousand values on (about 8 times as fast as std::sort at a million); needs a second copy.
void sort_values(std::vector<double>& values);

}  // namespace haldane::analysis
