// Many stations by events under one heap of departures: the replicas behind a balancer.
//
// Only the times of departure are in the heap, since a customer's is told when it starts; the one
// who takes a freed slot overwrites the root (EventQueue::replace_top), so that a busy station
// sifts once a customer. What a start means, and who is turned away while waiting, is the host's
// and the line's matter: the bank knows slots and times.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "sim/base/time.h"
#include "sim/kernel/event_queue.h"

namespace haldane::sim {

/// Who waits and who is next. **Domain** pop() where size() > 0.
template <class L, class C>
concept WaitingLine = requires(L line, const L& seen, const C& customer) {
  { line.push(customer) } -> std::same_as<void>;
  { line.pop() } -> std::same_as<C>;
  { seen.size() } -> std::same_as<std::uint64_t>;
};

/// A line that may give some of its customers up instead: those it hands to `give_up(customer)`
/// leave unserved. **Returns** (of take) nobody if it is, or has become, empty.
template <class L, class C>
concept SheddingLine =
    requires(L line, const L& seen, const C& customer, SimTime now, void (*give_up)(const C&)) {
      { line.push(customer) } -> std::same_as<void>;
      { line.take(now, give_up) } -> std::same_as<std::optional<C>>;
      { seen.size() } -> std::same_as<std::uint64_t>;
    };

/// Told of everything that happens to customers. start() says when the service will end, not before
/// `now`; gave_up() is needed of hosts of shedding lines only. A host may have postponed(), which
/// says at a departure that is due when it really is, and serves_on(station, now), which says after
/// it whether the station takes another one.
template <class H, class C>
concept StationHost = requires(H host, std::uint32_t station, const C& customer, SimTime now) {
  { host.start(station, customer, now) } -> std::same_as<SimTime>;
  { host.depart(station, customer, now) } -> std::same_as<void>;
};

/// Stations of equally many slots, each with a line of its own, or all with one. **Domain** times
/// never decrease, over all stations. Whoever
/// departs at a time has left before others arrive at it, if advance() was called.
/// **Cost** O(log4 slots in use) a customer, and what its line costs.
/// **Determinism** depends on the sequence of calls only; of equal departures the one that was told
/// first is first.
template <class Customer, class Line>
class StationBank {
  static_assert(WaitingLine<Line, Customer> || SheddingLine<Line, Customer>);

 public:
  /// **Domain** slots > 0.
  StationBank(std::vector<Line> lines, std::size_t slots, std::uint64_t queue_capacity)
      : slots_(slots), capacity_(queue_capacity), busy_(lines.size()), lines_(std::move(lines)) {}
  /// So many stations that draw from one line. Who begins to wait does so by wait(), and a station
  /// that has a slot for them is told by begin_next().
  StationBank(Line shared, std::size_t stations, std::size_t slots, std::uint64_t queue_capacity)
      : slots_(slots), capacity_(queue_capacity), shares_(true), busy_(stations) {
    lines_.push_back(std::move(shared));
  }

  /// One station more, empty.
  void add(Line line) {
    if (!shares_) lines_.push_back(std::move(line));
    busy_.push_back(0);
  }

  /// Returns false if the customer finds the queue full and is turned away.
  template <StationHost<Customer> Host>
  bool arrive(std::uint32_t station, SimTime now, const Customer& customer, Host& host) {
    if (busy_[station] < slots_) {
      begin(station, now, customer, host);
      return true;
    }
    return wait(station, customer);
  }

  /// Returns false if the customer finds the queue full and is turned away.
  bool wait(std::uint32_t station, const Customer& customer) {
    Line& line = line_of(station);
    if (line.size() >= capacity_) return false;
    line.push(customer);
    ++waiting_;
    return true;
  }

  /// One who waits is served by a station that did nothing. **Domain** the station has a free slot.
  /// **Returns** false if all have given up.
  template <StationHost<Customer> Host>
  bool begin_next(std::uint32_t station, SimTime now, Host& host) {
    const std::optional<Customer> next = take(station, now, host);
    if (next) begin(station, now, *next, host);
    return next.has_value();
  }

  /// Lets everything happen that is due at the next_time(). **Domain** next_time() is not never.
  template <StationHost<Customer> Host>
  void step(Host& host) {
    const Departure done = departures_.top();
    const SimTime now = done.order.time;
    if constexpr (requires { host.postponed(done.station, done.customer, now); }) {
      const SimTime later = host.postponed(done.station, done.customer, now);
      if (later > now)
        return departures_.replace_top({{later, started_++}, done.station, done.customer});
    }
    host.depart(done.station, done.customer, now);
    if (const std::optional<Customer> next = take_on(done.station, now, host)) {
      const SimTime departure = host.start(done.station, *next, now);
      departures_.replace_top({{departure, started_++}, done.station, *next});
    } else {
      departures_.pop();
      --busy_[done.station];
    }
  }

  /// Everything up to `now`, included.
  template <StationHost<Customer> Host>
  void advance(SimTime now, Host& host) {
    while (departures_.next_time() <= now) step(host);
  }

  /// When a slot becomes free next; never if none is taken.
  [[nodiscard]] SimTime next_time() const { return departures_.next_time(); }
  /// In the line that the station draws from.
  [[nodiscard]] std::uint64_t waiting(std::uint32_t station) const {
    return lines_[shares_ ? 0 : station].size();
  }
  [[nodiscard]] std::uint64_t in_service(std::uint32_t station) const { return busy_[station]; }
  /// Of all stations.
  [[nodiscard]] std::uint64_t waiting() const { return waiting_; }
  [[nodiscard]] std::uint64_t in_service() const { return departures_.size(); }
  Line& line_of(std::uint32_t station) { return lines_[shares_ ? 0 : station]; }

 private:
  struct Departure {
    EventOrder order;
    std::uint32_t station;
    Customer customer;
  };

  template <class Host>
  void begin(std::uint32_t station, SimTime now, const Customer& customer, Host& host) {
    ++busy_[station];
    const SimTime departure = host.start(station, customer, now);
    if (departure == now) {  // served in no time, it leaves at once
      --busy_[station];
      host.depart(station, customer, now);
    } else {
      departures_.push({{departure, started_++}, station, customer});
    }
  }

  template <class Host>
  std::optional<Customer> take_on(std::uint32_t station, SimTime now, Host& host) {
    if constexpr (requires { host.serves_on(station, now); }) {
      if (!host.serves_on(station, now)) return std::nullopt;
    }
    return take(station, now, host);
  }

  template <class Host>
  std::optional<Customer> take(std::uint32_t station, SimTime now, Host& host) {
    Line& line = line_of(station);
    if (line.size() == 0) return std::nullopt;
    if constexpr (SheddingLine<Line, Customer>) {
      const std::uint64_t before = line.size();
      std::optional<Customer> next =
          line.take(now, [&](const Customer& customer) { host.gave_up(station, customer, now); });
      waiting_ -= before - line.size();
      return next;
    } else {
      --waiting_;
      return line.pop();
    }
  }

  std::size_t slots_;
  std::uint64_t capacity_;
  bool shares_ = false;
  std::uint64_t started_ = 0;
  std::uint64_t waiting_ = 0;
  std::vector<std::uint64_t> busy_;
  std::vector<Line> lines_;
  EventQueue<Departure> departures_;
};

}  // namespace haldane::sim
