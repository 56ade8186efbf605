// What holds in every run in which requests wait for each other's fetches.
#pragma once

#include <gtest/gtest.h>

#include "models/metrics.h"
#include "tests/support/conservation.h"
#include "tests/support/trial.h"

namespace haldane::models {

/// Everything that was looked up hit, waited, or was fetched; who had waited may fetch later.
inline void expect_conservation(const test::Trial& run) {
  EXPECT_EQ(run.sum(Counter::edge_lookups) + run.sum(Counter::edge_own_fetches),
            run.sum(Counter::edge_hits) + run.sum(Counter::edge_collapsed) +
                run.sum(Counter::origin_fetches));
  test::expect_requests_end(run);
}

}  // namespace haldane::models
