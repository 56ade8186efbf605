// One list of everything that is going to happen, and nothing else: the textbook's event loop.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <queue>
#include <tuple>
#include <utility>
#include <vector>

#include "sim/base/time.h"

namespace haldane::test::oracle {

/// What goes first of the things that happen at one nanosecond: whoever leaves makes room, and is
/// heard of, before anybody comes; those who come do so in the order of the tiers.
enum class Phase : std::uint8_t {
  purge,
  api_slot,
  api_outage,
  worker_slot,
  worker_outage,
  client,  // an answer or a time-out reaches a client
  ask,     // an open-loop client asks
  site,    // an answer, a retry or a closed-loop client reaches a site
  api_arrival,
  worker_arrival,
};

/// Orders messages of equal time and phase: who sent it, then what tells the sender's messages
/// apart in the order in which it took up their causes.
using Stamp = std::array<std::uint64_t, 5>;

/// Sender of what a process tells itself: after everybody else.
inline constexpr std::uint64_t itself = 0xffff;

struct Order {
  SimTime time;
  Phase phase = Phase::purge;
  Stamp stamp{};

  friend bool operator<(const Order& a, const Order& b) {
    return std::tie(a.time, a.phase, a.stamp) < std::tie(b.time, b.phase, b.stamp);
  }
};

class EventLoop {
 public:
  void schedule(const Order& order, std::function<void()> action) {
    events_.push({order, std::move(action)});
  }
  void run() {
    while (!events_.empty()) {
      const Event next = events_.top();
      events_.pop();
      now_ = next.order.time;
      next.action();
    }
  }
  [[nodiscard]] SimTime now() const { return now_; }

 private:
  struct Event {
    Order order;
    std::function<void()> action;
    friend bool operator<(const Event& a, const Event& b) { return b.order < a.order; }
  };
  std::priority_queue<Event> events_;
  SimTime now_;
};

}  // namespace haldane::test::oracle
