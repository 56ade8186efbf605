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
[[nodiscard]] EcdfPair draw_distributions(const std::string& name, const SampleArms& arms,
                                          std::vector<std::string>& remarks);

}  // namespace haldane::analysis
