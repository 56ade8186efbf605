#include "models/tiers/api/free_slots.h"

namespace haldane::models {

void FreeSlots::open(std::uint32_t replica, SimTime since) {
  if (replicas_.size() <= replica) replicas_.resize(replica + 1);
  Replica& one = replicas_[replica];
  one = {true, 0, one.times_open + 1};
  free_but(replica, since, 0);
}

void FreeSlots::take() {
  --replicas_[free_.top().replica].free;
  free_.pop();
}

void FreeSlots::free_but(std::uint32_t replica, SimTime since, std::uint64_t taken) {
  Replica& one = replicas_[replica];
  for (; one.open && one.free + taken < slots_; ++one.free)
    free_.push({since, replica, one.times_open});
}

}  // namespace haldane::models
