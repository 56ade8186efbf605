#include "tests/statistical/judge_looks/watch.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "analysis/judge/closed_testing.h"

namespace haldane::analysis {
namespace {

constexpr int linear_looks = 200;

}  // namespace

int size_at(int look) {
  if (look <= linear_looks) return look;
  return static_cast<int>(linear_looks * std::pow(1.005, look - linear_looks));
}

Outcome watch(Entries entries) {
  std::vector<double> e_values(entries.size(), 0.0);
  const double inside = -std::log(watch_beta);
  Outcome outcome;
  for (int look = 1; look <= looks_a_watch; ++look) {
    bool promotes = false;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const std::optional<Effect> effect = entries[i]->look(look);
      if (!effect) continue;  // as at the look before
      const bool silent = !effect->obstacle.empty();
      e_values[i] = silent ? 0 : std::exp(std::min(effect->log_e_above(0), 690.0));
      if (silent) continue;
      promotes = promotes || (i == 0 && effect->log_e_below(0) >= inside);
    }
    const std::vector<double> closed = closed_e_values(e_values);
    const bool rolls_back = *std::max_element(closed.begin(), closed.end()) * watch_alpha >= 1;
    if (rolls_back && outcome.rolled_back_at == 0) outcome.rolled_back_at = look;
    if (promotes && outcome.promoted_at == 0) outcome.promoted_at = look;
    if (outcome.rolled_back_at > 0 && outcome.promoted_at > 0) break;
  }
  return outcome;
}

}  // namespace haldane::analysis
