#include "analysis/compare/mann_whitney.h"

#include <algorithm>

#include "analysis/compare/normal.h"
#include "analysis/compare/rank_sum.h"

namespace haldane::analysis {
namespace {

double exact_p(const RankSum& sum, Alternative alternative) {
  const RankSumLaw law(static_cast<int>(sum.n_x), static_cast<int>(sum.n_y));
  switch (alternative) {
    case Alternative::less:
      return law.at_most(sum.wins);
    case Alternative::greater:
      return law.at_least(sum.wins);
    case Alternative::two_sided:
      break;
  }
  const double tail = sum.wins > sum.expected() ? law.at_least(sum.wins) : law.at_most(sum.wins);
  return std::min(1.0, 2 * tail);
}

double normal_p(const RankSum& sum, Alternative alternative) {
  const double z = sum.wins - sum.expected();
  const double deviation = sum.deviation();
  switch (alternative) {
    case Alternative::less:
      return normal_below((z + 0.5) / deviation);
    case Alternative::greater:
      return normal_above((z - 0.5) / deviation);
    case Alternative::two_sided:
      break;
  }
  const double correction = z > 0 ? 0.5 : (z < 0 ? -0.5 : 0.0);
  const double corrected = (z - correction) / deviation;
  return 2 * std::min(normal_below(corrected), normal_above(corrected));
}

}  // namespace

MannWhitney mann_whitney(std::span<const double> x, std::span<const double> y,
                         Alternative alternative, double shift) {
  const RankSum sum = rank_sum(x, y, shift);
  MannWhitney result;
  result.wins = sum.wins;
  result.exact = !sum.has_ties() && std::max(x.size(), y.size()) < exact_rank_sum_below;
  if (result.exact) {
    result.p_value = exact_p(sum, alternative);
  } else if (sum.deviation() > 0) {
    result.p_value = normal_p(sum, alternative);
  } else {
    result.degenerate = true;
  }
  return result;
}

}  // namespace haldane::analysis
