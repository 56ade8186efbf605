#include "models/tiers/scaling/central_station.h"

namespace haldane::models {

std::vector<OutageCursor> outage_cursors(std::span<const std::vector<Outage>> outages,
                                         std::uint32_t servers) {
  std::vector<OutageCursor> result;
  const bool any =
      std::any_of(outages.begin(), outages.end(), [](const auto& o) { return !o.empty(); });
  if (!any) return result;
  for (std::uint32_t i = 0; i < servers; ++i) {
    result.emplace_back(i < outages.size() ? std::span<const Outage>(outages[i])
                                           : std::span<const Outage>{});
  }
  return result;
}

CentralStation::CentralStation(std::uint32_t servers, std::uint32_t slots_per_server,
                               std::span<const std::vector<Outage>> outages)
    : slots_in_all_(servers * slots_per_server),
      slots_(slots_in_all_),
      slots_per_server_(slots_per_server),
      outages_(outage_cursors(outages, servers)) {
  if (!outages_.empty() || slots_in_all_ > few) return;
  sorted_.resize(sim::SortedSlots<>::stride_for(slots_in_all_));
  sim::SortedSlots<>(sorted_, slots_in_all_).reset(SimTime::zero());
}

Outage CentralStation::outage_of(std::uint32_t slot, SimTime start) {
  if (outages_.empty()) return {SimTime::never(), SimTime::never()};
  // Slots of one server start at different times, so the shared cursor may only move by the least
  // of them: a copy moves.
  OutageCursor cursor = outages_[slot / slots_per_server_];
  return cursor.next(start);
}

// Passes over slots that are down when they would be taken: they are free again when their outage
// ends.
sim::SlotHeap::Slot CentralStation::usable_slot(SimTime now) {
  while (true) {
    const sim::SlotHeap::Slot slot = slots_.earliest();
    const SimTime start = std::max(now, slot.free_at);
    if (start == SimTime::never()) return slot;
    const Outage outage = outage_of(slot.index, start);
    if (start < outage.down) return slot;
    slots_.book_earliest(outage.up);
  }
}

}  // namespace haldane::models
