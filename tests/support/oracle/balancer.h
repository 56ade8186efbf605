// Which of the replicas that are up serves a request.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "models/balance/hash_ring.h"
#include "models/plan.h"

namespace haldane::test::oracle {

/// Any balancer of an arm with a queue a replica, but peak EWMA.
class PlainBalancer {
 public:
  /// Requests that a replica has, waiting or in service.
  using Load = std::function<std::uint64_t(std::uint32_t replica)>;

  explicit PlainBalancer(const models::ApiArmPlan& plan) : plan_(plan) {}

  /// `changed`: some replica has gone or come back since the last pick. **Domain** somebody is up.
  std::uint32_t pick(std::uint64_t word, const std::vector<std::uint32_t>& up, bool changed,
                     const Load& load);

 private:
  struct Turn {
    std::uint32_t replica;
    double deadline;
    std::uint64_t number;
  };
  std::uint32_t better_of_two(std::uint64_t word, const std::vector<std::uint32_t>& up,
                              const Load& load) const;
  std::uint32_t by_hash(std::uint64_t place, const std::vector<std::uint32_t>& up);
  std::uint32_t by_turns(const std::vector<std::uint32_t>& up, bool changed, const Load& load);
  [[nodiscard]] double weight(std::uint32_t replica) const;
  [[nodiscard]] double until_next_turn(std::uint32_t replica, const Load& load) const;
  [[nodiscard]] bool all_weigh_the_same(const std::vector<std::uint32_t>& up) const;

  const models::ApiArmPlan& plan_;
  models::HashRing ring_;  // consistent hashing
  std::vector<std::uint32_t> on_ring_;
  std::uint64_t turn_ = 0;   // round robin
  std::vector<Turn> turns_;  // weighted least requests: of each that is up
  std::uint64_t numbers_ = 0;
};

}  // namespace haldane::test::oracle
