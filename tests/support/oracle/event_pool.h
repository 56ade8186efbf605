// One arm's replicas in one cell whose queues may give up those who wait, whose work stands still
// at times, needs a database, or is bounded by a limit.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "models/balance/peak_ewma.h"
#include "models/limit/concurrency_limit.h"
#include "models/plan.h"
#include "models/tiers/api/pauses.h"
#include "tests/support/oracle/dependency.h"
#include "tests/support/oracle/draws.h"
#include "tests/support/oracle/pool.h"
#include "tests/support/oracle/waiting_line.h"

namespace haldane::test::oracle {

class EventPool final : public Pool {
 public:
  struct Place {
    std::uint32_t number = 0;  ///< tells pools apart
    std::vector<std::vector<models::Outage>> outages;
    Dependency* dependency = nullptr;  ///< of the cell, or null
  };
  EventPool(EventLoop& loop, const models::ApiArmPlan& plan, Place place, const Draws& draws);

  void arrive(std::uint64_t pick_word, Customer customer) override;
  [[nodiscard]] std::uint64_t waiting() const override;
  void close() override;

 private:
  struct Replica {
    WaitingLine line;
    std::optional<models::ConcurrencyLimit> limit;
    std::uint32_t busy = 0;
    models::PeakEwma cost;  ///< where the balancer is peak_ewma
  };
  // Somebody in service.
  struct Service {
    std::shared_ptr<Customer> customer;
    std::uint32_t replica = 0;
    std::uint64_t started = 0;  ///< number of the start; a new one whenever it is held up
    Duration paused;            ///< pauses of the replica that had begun
    SimTime ready;              ///< not to make progress before
    bool over = false;
  };
  using ServicePointer = std::shared_ptr<Service>;

  [[nodiscard]] std::optional<std::uint32_t> pick(std::uint64_t word);
  std::uint32_t cheaper_of_two(std::uint64_t word, const std::vector<std::uint32_t>& up);
  [[nodiscard]] bool has_changed();
  [[nodiscard]] bool is_up(std::uint32_t replica) const;
  [[nodiscard]] Replica& queue_of(std::uint32_t replica);
  std::optional<std::uint32_t> longest_free();
  void arrive_at_queue(Customer customer);
  void match();
  [[nodiscard]] const models::Outage* next_outage(std::uint32_t replica) const;
  [[nodiscard]] std::uint64_t load(std::uint32_t replica) const;
  void reject(Customer& customer);
  void start(std::uint32_t replica, std::shared_ptr<Customer> customer);
  void work(const ServicePointer& service, bool answered);
  void schedule_end(const ServicePointer& service, SimTime end);
  void schedule_crash(const ServicePointer& service);
  void end(const ServicePointer& service);
  void leave(const ServicePointer& service, bool crashed);
  void serve_next(std::uint32_t replica);
  void refuse(std::uint32_t replica, Customer& customer);
  void release(std::uint32_t replica, const Customer& customer, bool dropped);

  EventLoop& loop_;
  const models::ApiArmPlan& plan_;
  Place place_;
  const Draws& draws_;
  PlainBalancer balancer_;
  std::optional<models::Pauses> pauses_;
  bool central_;
  std::deque<Replica> replicas_;  // where the queue is central the first one has it, and the limit
  std::vector<std::pair<SimTime, std::uint32_t>> free_;  // central: slots, since when, and whose
  std::uint64_t started_ = 0;
  SimTime looked_;  // when the balancer last saw who is up
};

}  // namespace haldane::test::oracle
