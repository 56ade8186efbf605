// Empirical distributions of both arms with bands that hold at every look, thinned for drawing, and
// one remark when they show that one arm is slower as a whole.
#pragma once

#include <string>
#include <vector>

#include "analysis/judge/arms.h"
#include "analysis/judge/verdict.h"

namespace haldane::analysis {

/// At most 400 points an arm; adds to `remarks` where the bands (5 % over both arms) are apart. It
/// decides nothing. **Domain** both arms not empty.
[[nodiscard]] EcdfPair draw_distributions(const std::string& name, const RankedArms& arms,
                                          std::vector<std::string>& remarks);

/// The same of values in bins: drawn at the upper bounds of theirs, where the distributions are
/// known, and compared with what they can be at most, that of the lower bounds.
[[nodiscard]] EcdfPair draw_distributions(const std::string& name, const RankedArms& at_upper,
                                          const RankedArms& at_lower,
                                          std::vector<std::string>& remarks);

}  // namespace haldane::analysis
