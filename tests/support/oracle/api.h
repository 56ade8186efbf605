// The API: replicas, answers, clients who give up.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "models/plan.h"
#include "models/tiers/api/quota_gate.h"
#include "tests/support/oracle/books.h"
#include "tests/support/oracle/draws.h"
#include "tests/support/oracle/event_pool.h"
#include "tests/support/oracle/losses.h"
#include "tests/support/oracle/pool.h"

namespace haldane::test::oracle {

class Cell {
 public:
  struct Listeners {
    std::function<void(const Call&, bool ok)> answered;  ///< at the site
    std::function<void(const Call&)> gave_up;            ///< at the site, where that concludes
    std::function<void(const Request&)> retry;           ///< at the site
    std::function<void(const Request&)> client_ready;    ///< at the site
    std::function<void(const Call&)> job;                ///< at the workers
    std::function<void(const Call&)> written;            ///< a result was served
  };
  Cell(EventLoop& loop, const models::Plan& plan, const Draws& draws, std::vector<Books>& arms,
       std::uint32_t cell, Listeners listeners);

  /// A call has been sent to this cell.
  void expect(Call call);
  /// Likewise of the result of a job, by a worker.
  void expect_write(Call call);
  void close();

 private:
  using CallPointer = std::shared_ptr<Call>;
  [[nodiscard]] bool comes_in_time(const CallPointer& call);
  void watch_patience(const CallPointer& call, bool comes);
  [[nodiscard]] SimTime end_of_patience(const Call& call) const;
  [[nodiscard]] bool finds_out() const;
  void give_up(const CallPointer& call);
  void arrive(const CallPointer& call);
  [[nodiscard]] bool within_quota(const Call& call);
  void answer(const CallPointer& call, SimTime back, bool ok);
  void depart(const CallPointer& call, const Visit& visit);
  void end_write(const CallPointer& call, const Visit& visit, bool ok);
  void measure(const Call& call, const Visit& visit, bool ok);
  [[nodiscard]] Customer customer_of(const CallPointer& call);
  [[nodiscard]] Duration service(const Call& call, SimTime start, std::uint32_t replica) const;
  [[nodiscard]] SimTime deadline_of(const Call& call) const;
  void conclude(const CallPointer& call, bool ok);

  EventLoop& loop_;
  const models::Plan& plan_;
  const Draws& draws_;
  std::vector<Books>& arms_;
  std::uint32_t cell_;
  Listeners listeners_;
  Losses losses_;
  std::optional<models::QuotaGate> quota_;
  std::optional<Dependency> dependency_;
  std::vector<std::unique_ptr<Pool>> pools_;  // one an arm
};

}  // namespace haldane::test::oracle
