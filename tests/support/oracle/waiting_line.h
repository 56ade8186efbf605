// Those who wait at one replica, under any discipline: who is next, and who is given up.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "models/queue/codel.h"
#include "models/queue/queue_rule.h"
#include "tests/support/oracle/station.h"

namespace haldane::test::oracle {

class WaitingLine {
 public:
  struct Ticket {
    SimTime arrived;
    SimTime deadline;
    std::shared_ptr<Customer> customer;
  };
  using GiveUp = std::function<void(const Ticket&)>;

  explicit WaitingLine(const models::ReplicaQueueSpec& rule);

  void push(SimTime now, Customer customer);
  /// Who is served next, after those who are not worth it any more. **Returns** nobody if nobody is
  /// left.
  std::optional<Ticket> take(SimTime now, const GiveUp& give_up);
  /// Everybody who waits, the urgent ones first.
  [[nodiscard]] std::vector<Ticket> all() const;
  [[nodiscard]] std::uint64_t size() const { return urgent_.size() + others_.size(); }

 private:
  [[nodiscard]] bool stands(SimTime now) const;
  std::optional<Ticket> take_in_time(SimTime now, bool newest, const GiveUp& give_up);

  models::ReplicaQueueSpec rule_;
  std::optional<models::Codel> codel_;
  std::deque<Ticket> urgent_;  // everybody, unless some are less urgent
  std::deque<Ticket> others_;
  SimTime empty_until_;
};

}  // namespace haldane::test::oracle
