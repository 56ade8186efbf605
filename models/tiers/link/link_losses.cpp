#include "models/tiers/link/link_losses.h"

#include <algorithm>

#include "models/metrics.h"
#include "models/tiers/record/capacity.h"

namespace haldane::models {
namespace {

constexpr Duration longest_timeout = Duration::seconds(120);

}  // namespace

LinkLosses::LinkLosses(const Plan& plan, std::uint64_t seed, std::uint64_t replication,
                       const sim::BinLocator& bins)
    : plan_(&plan), bins_(&bins), key_(seed, replication, 0, sim::Purpose::packet_loss) {
  for (Copies& arm : copies_) {
    arm.sent.resize(plan.grid.bins());
    arm.lost.resize(plan.grid.bins());
  }
}

Duration LinkLosses::delay(Way way, SimTime sent, const RequestTag& tag) {
  const bool is_of_job = way == Way::job || way == Way::write;
  const StepFunction& threshold = is_of_job ? plan_->job_loss_threshold : plan_->loss_threshold;
  Copies& copies = copies_[tag.canary ? 1 : 0];
  Duration delay{};
  Duration timeout = plan_->scenario.links.loss.retransmission_timeout;
  for (std::uint64_t copy = 1;; ++copy) {
    const SimTime now = sent + delay;
    const std::uint64_t lane = tag.lane() << 16 | static_cast<std::uint64_t>(way) << 8 | copy;
    const double limit = copy < copies_max ? threshold.at(now) : 0;
    const bool lost =
        limit > 0 && static_cast<double>(sim::draw(key_, tag.id, lane).first >> 32) < limit;
    if (now < plan_->end) {
      ++copies.sent[bins_->bin_of(now)];
      copies.lost[bins_->bin_of(now)] += lost ? 1 : 0;
    }
    if (!lost) return delay;
    delay += timeout;
    timeout = std::min(timeout * 2, longest_timeout);
  }
}

Duration LinkLosses::delay_of(const RequestTag& tag) const {
  if (delays_.empty()) return {};
  const auto found = delays_.find(call_of(tag));
  return found == delays_.end() ? Duration{} : found->second;
}

void LinkLosses::report(bool canary, sim::Measurements& m) const {
  const Copies& arm = copies_[canary ? 1 : 0];
  add_series(m.counters[index(Counter::packets)], arm.sent);
  add_series(m.counters[index(Counter::packets_lost)], arm.lost);
}

std::unique_ptr<LinkLosses> make_link_losses(const Plan& plan, std::uint64_t seed,
                                             std::uint64_t replication,
                                             const sim::BinLocator& bins) {
  return plan.loses_packets() ? std::make_unique<LinkLosses>(plan, seed, replication, bins)
                              : nullptr;
}

}  // namespace haldane::models
