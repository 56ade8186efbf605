#include "models/workload/arrival_rate.h"

#include <algorithm>

namespace haldane::models {

ArrivalRate::ArrivalRate(const Plan& plan, std::uint32_t site, std::uint64_t seed,
                         std::uint64_t replication)
    : script_(&plan.site_rate[site]),
      modulation_(&plan.modulation),
      unit_exponential_(&plan.unit_gap),
      key_(seed, replication, site, sim::Purpose::modulation) {
  if (!modulation_->empty()) until_ = SimTime::zero();
}

void ArrivalRate::begin_sojourn() {
  const sim::RandomWords words = sim::draw(key_, sojourns_);
  state_ = sojourns_++ == 0 ? modulation_->first_state(words.second)
                            : modulation_->next_state(state_, words.second);
  level_ = modulation_->levels[state_];
  const double mean_ns = static_cast<double>(modulation_->sojourns[state_].count_ns());
  until_ += Duration::nanoseconds(
      static_cast<std::int64_t>(unit_exponential_->sample(words.first) * mean_ns + 0.5));
}

void ArrivalRate::find(SimTime t) {
  while (until_ <= t) begin_sojourn();
  rate_ = script_->at(t) * level_;
  change_ = std::min(script_->next_change(t), until_);
}

}  // namespace haldane::models
