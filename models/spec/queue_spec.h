// How jobs are kept until they are done: an at-least-once queue, classes of jobs, and jobs that
// come by the clock.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/time.h"

namespace haldane::models {

/// `workers.queue`.
struct QueueSpec {
  Duration visibility_timeout = Duration::seconds(30);  ///< of a job that was received
  std::uint32_t max_receives = 5;                       ///< then it becomes a dead letter
  std::uint32_t prefetch = 1;     ///< jobs that a worker holds a slot, the one in work included
  double duplicates = 0;          ///< share of jobs that are in the queue twice
  double poison = 0;              ///< share of jobs that always fail
  Duration idempotency_window{};  ///< a job done within it is not done again; 0 = none
  Duration triage =
      Duration::max();  ///< dead letters are looked at at its multiples; max() = never
};

/// `workers.priorities`: classes of jobs, the most urgent first.
struct PrioritiesSpec {
  enum class Discipline : std::uint8_t { strict, weighted };
  Discipline discipline = Discipline::strict;
  std::vector<double> shares;  ///< of the jobs; their sum is 1
  std::vector<std::uint32_t> weights;
};

/// `workers.batch`: jobs that come together, by the clock.
struct BatchSpec {
  Duration every = Duration::seconds(3'600);
  Duration first{};  ///< when the first ones come
  std::uint32_t jobs = 1;
  std::uint32_t job_class = 0;
};

}  // namespace haldane::models
