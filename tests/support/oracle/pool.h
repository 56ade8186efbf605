// One arm's replicas in one cell: first come, first served.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "models/plan.h"
#include "tests/support/oracle/balancer.h"
#include "tests/support/oracle/station.h"

namespace haldane::test::oracle {

class Pool {
 public:
  virtual ~Pool() = default;
  virtual void arrive(std::uint64_t pick_word, Customer customer) = 0;
  [[nodiscard]] virtual std::uint64_t waiting() const = 0;
  /// Ends the visits of those who still wait when nothing happens any more.
  virtual void close() = 0;
};

class StationPool final : public Pool {
 public:
  StationPool(EventLoop& loop, const models::ApiArmPlan& plan, std::uint32_t place,
              const std::vector<std::vector<models::Outage>>& outages);

  void arrive(std::uint64_t pick_word, Customer customer) override;
  [[nodiscard]] std::uint64_t waiting() const override;
  void close() override;

 private:
  [[nodiscard]] Station* pick(std::uint64_t word);

  EventLoop& loop_;
  const models::ApiArmPlan& plan_;
  PlainBalancer balancer_;
  std::deque<Station> stations_;  // one if the queue is central, else one a replica
};

}  // namespace haldane::test::oracle
