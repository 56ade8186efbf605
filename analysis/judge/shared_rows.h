// Rows that are in both arms: a baseline into which requests of the canary were counted, or the
// other way round, hides half of what the release does.
#pragma once

#include "analysis/judge/arms.h"

namespace haldane::analysis {

struct SharedRows {
  double rows = 0;       ///< with one time and value in both arms
  double by_chance = 0;  ///< as many would agree by chance, from how often values repeat in one arm
  double share = 0;      ///< of the smaller arm
};

/// Values without times are nobody's: two arms of one law on a grid hold the same. **Returns** none
/// then, nor of compacted columns; else what arms of more than 8,192 rows hold from one in 2^k
/// values of either, chosen by the value, so that a shared row is in both choices. **Cost** a pass
/// and a sort of the choice.
[[nodiscard]] SharedRows shared_rows(const ColumnPair& columns);

/// Whether so many are no chance: a hundredth of the smaller arm, and 10 + 10 times what is
/// expected. Were chance three times what repeated values say, it would err at any of all looks
/// with probability below 2e-9 (where N has a mean of at most 3 L, exp(2.06 N - 20.6 L) is a
/// supermartingale, Ville).
[[nodiscard]] bool is_contaminated(const SharedRows& shared);

}  // namespace haldane::analysis
