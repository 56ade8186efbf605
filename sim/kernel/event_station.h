// A station by events, for the disciplines in which customers overtake each other: a heap of
// departures and a line of those who wait.
//
// Only the times of departure are in the heap, since a customer's is told when it starts; the one
// who takes a freed slot overwrites the root (EventQueue::replace_top), so that a busy station
// sifts once a customer. First come, first served is here too: tests/property holds it to be
// AdmissionStation to the bit.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <utility>
#include <vector>

#include "sim/kernel/event_queue.h"
#include "sim/kernel/station.h"

namespace haldane::sim {

/// Who waits and who is next. **Domain** pop() where size() > 0.
template <class L, class C>
concept WaitingLine = requires(L line, const L& seen, const C& customer) {
  { line.push(customer) } -> std::same_as<void>;
  { line.pop() } -> std::same_as<C>;
  { seen.size() } -> std::same_as<std::uint64_t>;
};

/// First come, first served. **Cost** O(1) amortised.
template <class Customer>
class FifoLine {
 public:
  void push(const Customer& customer) {
    if (tail_ - head_ == ring_.size()) grow();
    ring_[tail_++ & mask()] = customer;
  }
  Customer pop() { return ring_[head_++ & mask()]; }
  /// Who has waited longest. **Domain** size() > 0.
  [[nodiscard]] const Customer& front() const { return ring_[head_ & mask()]; }
  [[nodiscard]] std::uint64_t size() const { return tail_ - head_; }

 private:
  [[nodiscard]] std::uint64_t mask() const { return ring_.size() - 1; }
  void grow() {
    std::vector<Customer> larger(ring_.size() * 2);
    for (std::uint64_t i = head_; i != tail_; ++i)
      larger[i & (larger.size() - 1)] = ring_[i & mask()];
    ring_ = std::move(larger);
  }
  std::vector<Customer> ring_ = std::vector<Customer>(8);
  std::uint64_t head_ = 0;
  std::uint64_t tail_ = 0;
};

/// Last come, first served: what a server does under overload that prefers clients who have not
/// given up yet.
template <class Customer>
class LifoLine {
 public:
  void push(const Customer& customer) { stack_.push_back(customer); }
  Customer pop() {
    Customer last = stack_.back();
    stack_.pop_back();
    return last;
  }
  [[nodiscard]] std::uint64_t size() const { return stack_.size(); }

 private:
  std::vector<Customer> stack_;
};

/// The least `priority()` first, of equals the first come. **Cost** O(log waiting).
template <class Customer>
class PriorityLine {
 public:
  void push(const Customer& customer) {
    heap_.push_back({customer, pushed_++});
    std::push_heap(heap_.begin(), heap_.end(), behind);
  }
  Customer pop() {
    std::pop_heap(heap_.begin(), heap_.end(), behind);
    Customer first = heap_.back().customer;
    heap_.pop_back();
    return first;
  }
  [[nodiscard]] std::uint64_t size() const { return heap_.size(); }

 private:
  struct Place {
    Customer customer;
    std::uint64_t number;
  };
  static bool behind(const Place& a, const Place& b) {
    const auto first = a.customer.priority();
    const auto second = b.customer.priority();
    return second < first || (first == second && b.number < a.number);
  }
  std::vector<Place> heap_;
  std::uint64_t pushed_ = 0;
};

/// Satisfies Station. **Cost** O(log4 slots) a customer, and what its line costs.
template <StationCustomer Customer, WaitingLine<Customer> Line>
class EventStation {
 public:
  /// **Domain** slots > 0.
  explicit EventStation(std::size_t slots, std::uint64_t queue_capacity = unbounded_queue)
      : slots_(slots), capacity_(queue_capacity) {
    departures_.reserve(slots);
  }

  template <StationSink<Customer> Sink>
  bool arrive(SimTime now, const Customer& customer, Sink& sink) {
    advance(now, sink);
    if (departures_.size() < slots_) {
      departures_.push(begin(now, customer, sink));
      // Served in no time, it leaves at once.
      if (departures_.next_time() == now) departures_.pop();
      return true;
    }
    if (line_.size() >= capacity_) return false;
    line_.push(customer);
    return true;
  }

  template <StationSink<Customer> Sink>
  void advance(SimTime now, Sink& sink) {
    while (departures_.next_time() <= now) {
      if (line_.size() == 0) {
        departures_.pop();
      } else {
        departures_.replace_top(begin(departures_.next_time(), line_.pop(), sink));
      }
    }
  }

  /// When a slot becomes free next; never if none is taken.
  [[nodiscard]] SimTime next_time() const { return departures_.next_time(); }
  [[nodiscard]] std::uint64_t waiting() const { return line_.size(); }
  [[nodiscard]] std::uint64_t in_service() const { return departures_.size(); }

 private:
  struct Departure {
    EventOrder order;
  };
  template <class Sink>
  Departure begin(SimTime start, const Customer& customer, Sink& sink) {
    const SimTime departure = start + customer.service_time(start);
    sink(customer, start, departure);
    return {{departure, started_++}};
  }

  std::size_t slots_;
  std::uint64_t capacity_;
  std::uint64_t started_ = 0;
  EventQueue<Departure> departures_;
  Line line_;
};

template <class Customer>
using FifoStation = EventStation<Customer, FifoLine<Customer>>;
template <class Customer>
using LifoStation = EventStation<Customer, LifoLine<Customer>>;
template <class Customer>
using PriorityStation = EventStation<Customer, PriorityLine<Customer>>;

}  // namespace haldane::sim
