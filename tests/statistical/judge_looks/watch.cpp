#include "tests/statistical/judge_looks/watch.h"

#include <cmath>

namespace haldane::analysis {
namespace {

constexpr int linear_looks = 200;

}  // namespace

int size_at(int look) {
  if (look <= linear_looks) return look;
  return static_cast<int>(linear_looks * std::pow(1.005, look - linear_looks));
}

Outcome watch(Entries entries) {
  const double rollback = -std::log(watch_alpha / static_cast<double>(entries.size()));
  const double inside = -std::log(watch_beta);
  Outcome outcome;
  for (int look = 1; look <= looks_a_watch; ++look) {
    bool promotes = false;
    bool rolls_back = false;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const std::optional<Effect> effect = entries[i]->look(look);
      if (!effect || !effect->obstacle.empty()) continue;
      rolls_back = rolls_back || effect->log_e_above(0) >= rollback;
      promotes = promotes || (i == 0 && effect->log_e_below(0) >= inside);
    }
    if (rolls_back && outcome.rolled_back_at == 0) outcome.rolled_back_at = look;
    if (promotes && outcome.promoted_at == 0) outcome.promoted_at = look;
    if (outcome.rolled_back_at > 0 && outcome.promoted_at > 0) break;
  }
  return outcome;
}

}  // namespace haldane::analysis
