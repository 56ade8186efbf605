// The API and the workers: balancers, replicas, answers, clients who give up, jobs.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "models/plan.h"
#include "tests/support/oracle/books.h"
#include "tests/support/oracle/draws.h"
#include "tests/support/oracle/station.h"

namespace haldane::test::oracle {

/// One arm's replicas in one cell.
class Pool {
 public:
  Pool(EventLoop& loop, const models::ApiArmPlan& plan, std::uint32_t place,
       const std::vector<std::vector<models::Outage>>& outages);

  void arrive(std::uint64_t pick_word, Customer customer);
  [[nodiscard]] std::uint64_t waiting() const;
  void close();

 private:
  [[nodiscard]] Station* pick(std::uint64_t word);
  [[nodiscard]] static std::uint64_t load(const Station& station) {
    return station.in_service() + station.waiting();
  }

  EventLoop& loop_;
  const models::ApiArmPlan& plan_;
  std::deque<Station> stations_;  // one if the queue is central, else one a replica
  std::uint64_t turn_ = 0;
};

class Cell {
 public:
  struct Listeners {
    std::function<void(const Call&, bool ok)> answered;  ///< at the site
    std::function<void(const Request&)> retry;           ///< at the site
    std::function<void(const Request&)> client_ready;    ///< at the site
    std::function<void(const Call&)> job;                ///< at the workers
  };
  Cell(EventLoop& loop, const models::Plan& plan, const Draws& draws, std::vector<Books>& arms,
       std::uint32_t cell, Listeners listeners);

  /// A call has been sent to this cell.
  void expect(Call call);
  void close();

 private:
  using CallPointer = std::shared_ptr<Call>;
  void arrive(const CallPointer& call);
  void depart(const CallPointer& call, const Visit& visit);
  void measure(const Call& call, const Visit& visit, bool ok);
  void conclude(const CallPointer& call, bool ok);

  EventLoop& loop_;
  const models::Plan& plan_;
  const Draws& draws_;
  std::vector<Books>& arms_;
  std::uint32_t cell_;
  Listeners listeners_;
  std::deque<Pool> pools_;  // one an arm
};

/// One queue of jobs for all workers, or two if the canary has its own.
class Workers {
 public:
  Workers(EventLoop& loop, const models::Plan& plan, const Draws& draws, std::vector<Books>& arms);

  struct Job {
    std::uint64_t id = 0;
    std::uint32_t attempt = 1;
    bool canary = false;
  };
  void arrive(const Job& job);
  void close();

 private:
  struct Served {
    Job job;
    std::uint64_t serial = 0;
    std::size_t fleet = 0;
  };
  void depart(const Served& served, const Visit& visit);
  void measure(const Served& served, const Visit& visit);

  EventLoop& loop_;
  const models::Plan& plan_;
  const Draws& draws_;
  std::vector<Books>& arms_;
  std::deque<Station> fleets_;
  std::uint64_t arrived_ = 0;
};

}  // namespace haldane::test::oracle
