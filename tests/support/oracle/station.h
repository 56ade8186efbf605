// A first-come-first-served station by explicit events: every customer occupies a slot, waits in a
// deque or is turned away, and leaves when its departure happens.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "models/plan.h"
#include "tests/support/oracle/event_loop.h"

namespace haldane::test::oracle {

/// What became of a customer. Never served: start and departure are never().
struct Visit {
  SimTime arrival;
  SimTime head;  ///< since when it was first of those who wait
  SimTime start;
  SimTime departure;
  bool rejected = false;
  bool crashed = false;
  bool failed = false;  ///< what it needs on its way did not answer
  std::uint32_t server = 0;
};

struct Customer {
  std::function<Duration(SimTime start, std::uint32_t server)> service;
  std::function<void(const Visit&)> done;  ///< called at its departure, or when the run is over
  Visit visit{};
  // Of those who are served by events (event_pool.h):
  std::uint64_t id = 0;
  std::uint64_t lane = 0;               ///< tells the attempts of one request apart
  SimTime deadline = SimTime::never();  ///< not worth serving from then on
  bool urgent = true;
  std::uint32_t in_system = 0;  ///< with its replica when it arrived, itself included
};

class Station {
 public:
  struct Setup {
    Phase slot_phase = Phase::api_slot;
    Phase outage_phase = Phase::api_outage;
    std::uint32_t place = 0;         ///< tells stations apart
    std::uint32_t first_server = 0;  ///< the others follow
    std::uint32_t servers = 1;
    std::uint32_t slots_each = 1;
    std::uint64_t queue_capacity = 0;
    std::vector<std::vector<models::Outage>> outages;  ///< of each server; may be shorter
    bool queue_dies = false;  ///< those who wait fail with the (only) server
  };
  Station(EventLoop& loop, Setup setup);

  void arrive(Customer customer);
  /// Ends the visits of those who still wait when nothing happens any more.
  void close();

  [[nodiscard]] std::uint64_t waiting() const { return queue_.size(); }
  [[nodiscard]] std::uint64_t in_service() const;
  [[nodiscard]] bool is_up(std::uint32_t server) const { return !current_outage(server); }

 private:
  struct Slot {
    SimTime free_since;
    bool busy = false;
    bool away = false;  ///< its server is down; an event marks its return
    std::uint64_t use = 0;
    Customer customer;
  };

  [[nodiscard]] const models::Outage* current_outage(std::uint32_t server) const;
  [[nodiscard]] std::uint32_t server_of(std::size_t slot) const;
  [[nodiscard]] Order slot_order(SimTime at, std::size_t slot) const;
  std::size_t longest_idle_slot();
  void send_away(std::size_t slot, SimTime until);
  void serve(std::size_t slot, Customer customer);
  void free(std::size_t slot);
  void crash(std::uint32_t server, SimTime up);
  void leave(Customer& customer, SimTime departure, bool crashed);

  EventLoop& loop_;
  Setup setup_;
  std::vector<Slot> slots_;
  std::deque<Customer> queue_;
};

}  // namespace haldane::test::oracle
