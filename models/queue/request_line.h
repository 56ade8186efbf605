// The requests that wait at a replica, under any discipline (StationBank's shedding line).
//
// All disciplines are one container: a double-ended line a level, of which a request is taken at
// one end or the other. What has waited beyond its deadline leaves at the next look for somebody to
// serve, at the old end wherever the discipline takes.
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "models/queue/codel.h"
#include "models/queue/queue_rule.h"

namespace haldane::models {

/// A request that waits.
struct Ticket {
  SimTime arrived;
  SimTime deadline = SimTime::never();  ///< from then on it is not worth serving
  std::uint32_t index = 0;              ///< the pool's, of what else it knows
  std::uint32_t level = 0;              ///< of urgency; 0 first
};

/// **Cost** O(levels) a request, O(1) a request that is given up.
class RequestLine {
 public:
  /// **Domain** levels > 0; one unless the discipline is priority.
  RequestLine(const ReplicaQueueSpec& rule, std::uint32_t levels) : rule_(rule), levels_(levels) {
    if (!rule.codel || rule.discipline == QueueDiscipline::adaptive_lifo) return;
    codel_.emplace(rule.codel->target, rule.codel->interval);
  }

  void push(Ticket ticket) {
    const SimTime now = ticket.arrived;
    if (size_ == 0) empty_until_ = now;
    // The article's rule: the wait may be long while the queue drains, and short while it stands.
    if (rule_.discipline == QueueDiscipline::adaptive_lifo && rule_.codel) {
      const Duration most = stands(now) ? rule_.codel->target : rule_.codel->interval;
      ticket.deadline = std::min(ticket.deadline, now + most);
    }
    levels_[ticket.level].push_back(ticket);
    ++size_;
  }

  template <class GiveUp>
  std::optional<Ticket> take(SimTime now, const GiveUp& give_up) {
    const bool newest_first = takes_newest(now);
    give_up_late(now, give_up);
    const auto take_one = [&] { return pop_in_time(now, newest_first, give_up); };
    const auto left = [this] { return size_; };
    const auto ticket = codel_ ? codel_->dequeue(now, take_one, left, give_up) : take_one();
    if (size_ == 0) empty_until_ = now;
    return ticket;
  }

  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// Whether the queue has not been empty for an interval. **Domain** somebody waits.
  [[nodiscard]] bool stands(SimTime now) const {
    return size_ > 0 && now - empty_until_ > rule_.codel.value_or(CodelSpec{}).interval;
  }

 private:
  [[nodiscard]] bool takes_newest(SimTime now) const {
    if (rule_.discipline == QueueDiscipline::adaptive_lifo) return stands(now);
    return rule_.discipline == QueueDiscipline::lifo;
  }
  template <class GiveUp>
  void give_up_late(SimTime now, const GiveUp& give_up) {
    for (std::deque<Ticket>& level : levels_) {
      while (!level.empty() && level.front().deadline <= now) {
        const Ticket late = level.front();
        level.pop_front();
        --size_;
        give_up(late);
      }
    }
  }
  template <class GiveUp>
  std::optional<Ticket> pop_in_time(SimTime now, bool newest_first, const GiveUp& give_up) {
    for (std::deque<Ticket>& level : levels_) {
      while (!level.empty()) {
        const Ticket ticket = newest_first ? level.back() : level.front();
        if (newest_first) {
          level.pop_back();
        } else {
          level.pop_front();
        }
        --size_;
        if (ticket.deadline > now) return ticket;
        give_up(ticket);
      }
    }
    return std::nullopt;
  }

  ReplicaQueueSpec rule_;
  std::vector<std::deque<Ticket>> levels_;
  std::optional<Codel> codel_;
  std::uint64_t size_ = 0;
  SimTime empty_until_;  // since then somebody has waited, if somebody waits
};

}  // namespace haldane::models
