#include "models/tiers/scaling/rolling_update.h"

#include <algorithm>

namespace haldane::models {

std::vector<std::uint32_t> RollingUpdate::next_wave(SimTime now,
                                                    std::span<const std::uint32_t> running) {
  while (!under_way() && next_time() <= now) {
    const double share = deploys_[begun_++].share * static_cast<double>(running.size());
    wave_ = std::max<std::size_t>(1, static_cast<std::size_t>(share + 0.5));
    old_.assign(running.begin(), running.end());
  }
  if (!away_.empty()) return {};
  const auto end = old_.begin() + static_cast<std::ptrdiff_t>(std::min(wave_, old_.size()));
  away_.assign(old_.begin(), end);
  old_.erase(old_.begin(), end);
  return away_;
}

void RollingUpdate::settle(std::uint32_t replica) {
  std::erase(old_, replica);
  std::erase(away_, replica);
}

}  // namespace haldane::models
