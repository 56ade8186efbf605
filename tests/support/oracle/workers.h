// The workers: jobs that come, and come back when they failed.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "models/plan.h"
#include "tests/support/oracle/books.h"
#include "tests/support/oracle/draws.h"
#include "tests/support/oracle/station.h"

namespace haldane::test::oracle {

struct Job {
  std::uint64_t id = 0;  ///< of its request
  std::uint32_t object = 0;
  std::uint32_t attempt = 1;
  bool canary = false;
};

class JobTier {
 public:
  virtual ~JobTier() = default;
  virtual void arrive(const Job& job) = 0;
  /// Counts those who still wait when nothing happens any more.
  virtual void close() = 0;
};

/// Called whenever a worker has done a job; `serial` orders what is done at one instant.
using JobDone = std::function<void(const Job&, std::uint64_t serial)>;

/// One queue of jobs for all workers, or two if the canary has its own.
class Workers final : public JobTier {
 public:
  Workers(EventLoop& loop, const models::Plan& plan, const Draws& draws, std::vector<Books>& arms,
          JobDone done);

  void arrive(const Job& job) override;
  void close() override;

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
  JobDone done_;
  std::deque<Station> fleets_;
  std::uint64_t arrived_ = 0;
};

}  // namespace haldane::test::oracle
