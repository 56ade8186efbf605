// A station by events, for the disciplines in which customers overtake each other: a bank of one
// (station_bank.h), and the lines of those who wait.
//
// First come, first served is here too: tests/property holds it to be AdmissionStation to the bit.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <utility>
#include <vector>

#include "sim/kernel/station.h"
#include "sim/kernel/station_bank.h"

namespace haldane::sim {

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
      : bank_(std::vector<Line>(1), slots, queue_capacity) {}

  template <StationSink<Customer> Sink>
  bool arrive(SimTime now, const Customer& customer, Sink& sink) {
    Host<Sink> host{sink};
    bank_.advance(now, host);
    return bank_.arrive(0, now, customer, host);
  }

  template <StationSink<Customer> Sink>
  void advance(SimTime now, Sink& sink) {
    Host<Sink> host{sink};
    bank_.advance(now, host);
  }

  /// When a slot becomes free next; never if none is taken.
  [[nodiscard]] SimTime next_time() const { return bank_.next_time(); }
  [[nodiscard]] std::uint64_t waiting() const { return bank_.waiting(0); }
  [[nodiscard]] std::uint64_t in_service() const { return bank_.in_service(0); }

 private:
  // A departure is certain from the start on, so the sink hears of both at once.
  template <class Sink>
  struct Host {
    Sink& sink;
    SimTime start(std::uint32_t, const Customer& customer, SimTime now) {
      const SimTime departure = now + customer.service_time(now);
      sink(customer, now, departure);
      return departure;
    }
    void depart(std::uint32_t, const Customer&, SimTime) {}
  };

  StationBank<Customer, Line> bank_;
};

template <class Customer>
using FifoStation = EventStation<Customer, FifoLine<Customer>>;
template <class Customer>
using LifoStation = EventStation<Customer, LifoLine<Customer>>;
template <class Customer>
using PriorityStation = EventStation<Customer, PriorityLine<Customer>>;

}  // namespace haldane::sim
