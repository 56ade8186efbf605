// Sums that hold in every run. Tests of single features add what theirs conserves besides.
#pragma once

#include <gtest/gtest.h>

#include "tests/support/trial.h"

namespace haldane::test {

/// Every client's request ends once, in an answer or in being given up. **Domain** no warm-up, and
/// links or patience that end before the run does, or else a few requests are counted on one side.
inline void expect_requests_end(const Trial& run) {
  EXPECT_EQ(run.latency(models::Histogram::client).count, run.sum(models::Counter::requests));
}

/// What the API takes in it answers, with the slots that it has.
inline void expect_api_answers(const Trial& run) {
  using models::Counter;
  EXPECT_EQ(run.latency(models::Histogram::api_latency).count,
            run.sum(Counter::api_requests) - run.sum(Counter::api_rejected));
  EXPECT_LE(run.sum(Counter::api_busy_time), run.sum(Counter::api_slot_time));
}

}  // namespace haldane::test
