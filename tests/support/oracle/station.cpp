#include "tests/support/oracle/station.h"

#include <algorithm>
#include <utility>

namespace haldane::test::oracle {

using models::Outage;

namespace {
constexpr std::size_t none = static_cast<std::size_t>(-1);
}  // namespace

Station::Station(EventLoop& loop, Setup setup)
    : loop_(loop),
      setup_(std::move(setup)),
      slots_(std::size_t{setup_.servers} * setup_.slots_each) {
  for (std::uint32_t s = 0; s < std::min<std::size_t>(setup_.servers, setup_.outages.size()); ++s) {
    for (const Outage& outage : setup_.outages[s]) {
      loop_.schedule({outage.down, setup_.outage_phase, {setup_.place, s}},
                     [this, s, up = outage.up] { crash(s, up); });
    }
  }
}

std::uint32_t Station::server_of(std::size_t slot) const {
  return static_cast<std::uint32_t>(slot / setup_.slots_each);
}

Order Station::slot_order(SimTime at, std::size_t slot) const {
  return {at, setup_.slot_phase, {setup_.place, slot}};
}

const Outage* Station::current_outage(std::uint32_t server) const {
  if (server >= setup_.outages.size()) return nullptr;
  for (const Outage& outage : setup_.outages[server]) {
    if (outage.down <= loop_.now() && loop_.now() < outage.up) return &outage;
  }
  return nullptr;
}

std::uint64_t Station::in_service() const {
  return static_cast<std::uint64_t>(
      std::count_if(slots_.begin(), slots_.end(), [](const Slot& s) { return s.busy; }));
}

void Station::send_away(std::size_t slot, SimTime until) {
  slots_[slot].away = true;
  if (until == SimTime::never()) return;
  loop_.schedule(slot_order(until, slot), [this, slot] {
    slots_[slot].away = false;
    free(slot);
  });
}

// Of the idle slots the one that has been idle longest; slots found to be down count as idle from
// their return.
std::size_t Station::longest_idle_slot() {
  while (true) {
    std::size_t best = none;
    for (std::size_t s = 0; s < slots_.size(); ++s) {
      if (slots_[s].busy || slots_[s].away) continue;
      if (best == none || slots_[s].free_since < slots_[best].free_since) best = s;
    }
    if (best == none) return none;
    const Outage* outage = current_outage(server_of(best));
    if (outage == nullptr) return best;
    send_away(best, outage->up);
  }
}

void Station::arrive(Customer customer) {
  const SimTime now = loop_.now();
  customer.visit = {now, now, SimTime::never(), SimTime::never(), false, false};
  const std::size_t slot = longest_idle_slot();
  if (slot != none) return serve(slot, std::move(customer));
  if (queue_.size() >= setup_.queue_capacity) {
    customer.visit.start = customer.visit.departure = now;
    customer.visit.rejected = true;
    customer.done(customer.visit);
    return;
  }
  queue_.push_back(std::move(customer));
}

void Station::serve(std::size_t slot, Customer customer) {
  Slot& at = slots_[slot];
  const SimTime now = loop_.now();
  customer.visit.start = now;
  at.busy = true;
  customer.visit.server = setup_.first_server + server_of(slot);
  at.customer = std::move(customer);
  const std::uint64_t use = ++at.use;
  loop_.schedule(slot_order(now + at.customer.service(now, at.customer.visit.server), slot),
                 [this, slot, use] {
                   if (slots_[slot].use != use || !slots_[slot].busy)
                     return;  // it crashed meanwhile
                   slots_[slot].busy = false;
                   leave(slots_[slot].customer, loop_.now(), false);
                   free(slot);
                 });
}

void Station::free(std::size_t slot) {
  slots_[slot].free_since = loop_.now();
  if (queue_.empty()) return;
  if (const Outage* outage = current_outage(server_of(slot))) return send_away(slot, outage->up);
  Customer next = std::move(queue_.front());
  queue_.pop_front();
  if (!queue_.empty()) queue_.front().visit.head = loop_.now();
  serve(slot, std::move(next));
}

void Station::crash(std::uint32_t server, SimTime up) {
  for (std::size_t s = std::size_t{server} * setup_.slots_each;
       s < std::size_t{server + 1} * setup_.slots_each; ++s) {
    if (!slots_[s].busy) continue;
    slots_[s].busy = false;
    send_away(s, up);
    leave(slots_[s].customer, loop_.now(), true);
  }
  if (!setup_.queue_dies) return;
  for (Customer& customer : std::exchange(queue_, {})) {
    customer.visit.start = loop_.now();
    leave(customer, loop_.now(), true);
  }
}

void Station::leave(Customer& customer, SimTime departure, bool crashed) {
  customer.visit.departure = departure;
  customer.visit.crashed = crashed;
  customer.done(customer.visit);
}

void Station::close() {
  bool first = true;
  for (Customer& customer : std::exchange(queue_, {})) {
    if (!std::exchange(first, false)) customer.visit.head = SimTime::never();
    leave(customer, SimTime::never(), true);
  }
}

}  // namespace haldane::test::oracle
