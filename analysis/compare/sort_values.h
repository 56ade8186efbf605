// Sorting of large columns of doubles: every rank and quantile method starts with it.
#pragma once

#include <vector>

namespace haldane::analysis {

/// Sorts ascending, -0 before 0. **Domain** no NaN. **Cost** linear for values that spread evenly
/// within a factor or so; at worst some thirty passes, whatever the values are. Needs a second
/// copy.
void sort_values(std::vector<double>& values);

/// The same with a place for the second copy, which grows as needed: several columns share it.
void sort_values(std::vector<double>& values, std::vector<double>& scratch);

}  // namespace haldane::analysis
