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
  dependency_slot,
  dependency_timeout,
  api_slot,
  api_outage,
  worker_slot,
  worker_outage,
  client,  // an answer or a time-out reaches a client
  ask,     // an open-loop client asks
  site,    // an answer, a retry or a closed-loop client reaches a site
  api_arrival,
  api_patience,
  worker_serve,
  worker_batch,
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
};

class EventLoop {
 public:
  /// What a cell says within the nanosecond in which it was asked, or finds out something, is heard
  /// of when all cells have heard all of this round: it begins another one.
  void schedule(const Order& order, std::function<void()> action) {
    const bool at_once = order.time == now_;
    const bool by_cell = phase_ >= Phase::api_arrival || (phase_ == Phase::api_slot && late_cells_);
    const bool answers =
        at_once && by_cell && order.phase >= Phase::client && order.phase <= Phase::site;
    const std::uint64_t round = at_once ? round_ + (answers ? 1 : 0) : 0;
    events_.push({order, round, std::move(action)});
  }
  void run() {
    while (!events_.empty()) {
      const Event next = events_.top();
      events_.pop();
      now_ = next.order.time;
      round_ = next.round;
      phase_ = next.order.phase;
      next.action();
    }
  }
  /// Cells do not foresee departures, but find them out.
  void let_cells_find_out() { late_cells_ = true; }
  [[nodiscard]] SimTime now() const { return now_; }

 private:
  struct Event {
    Order order;
    std::uint64_t round = 0;
    std::function<void()> action;
    [[nodiscard]] auto key() const { return std::tie(order.time, round, order.phase, order.stamp); }
    friend bool operator<(const Event& a, const Event& b) { return b.key() < a.key(); }
  };
  std::priority_queue<Event> events_;
  SimTime now_;
  std::uint64_t round_ = 0;
  Phase phase_ = Phase::purge;
  bool late_cells_ = false;
};

}  // namespace haldane::test::oracle
