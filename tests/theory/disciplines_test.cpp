// Queue disciplines of a whole scenario against formulas, and against the behaviour they are known
// for.
#include <cmath>

#include <gtest/gtest.h>

#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;

constexpr std::string_view one_server = R"(
schema: haldane.scenario/1
name: queue
duration: 10000s
warmup: 500s
traffic: {arrivals: {process: poisson, rate: 80/s}}
edge: none
api: {replicas: 1, concurrency: 1, balancer: central_queue, service: {exponential: {mean: 10ms}}}
)";

// The mean wait does not depend on the order, as long as nobody looks at service times.
TEST(Disciplines, LifoWaitsAsLongAsFifoOnAverageAndLongerInTheTail) {
  const Trial fifo(scenario(one_server));
  const Trial lifo(scenario(one_server, {"api.queue={discipline: lifo}"}));
  // The same draws, so the means agree far better than either is known.
  EXPECT_NEAR(lifo.mean_ms(Histogram::api_wait) / fifo.mean_ms(Histogram::api_wait), 1, 0.005);
  EXPECT_NEAR(lifo.mean_ms(Histogram::api_wait), 40, 2);
  EXPECT_GT(lifo.quantile_ms(Histogram::api_wait, 0.999),
            1.5 * fifo.quantile_ms(Histogram::api_wait, 0.999));
  EXPECT_LT(lifo.quantile_ms(Histogram::api_wait, 0.5),
            0.7 * fifo.quantile_ms(Histogram::api_wait, 0.5));
  EXPECT_NEAR(lifo.ratio(Counter::api_busy_time, Counter::api_slot_time), 0.8, 0.01);
}

// M/M/1 whose waiting is given up after a fixed time (Barrer): a closed form is known only at one
// server, but the order of the rules is not in doubt.
TEST(Disciplines, ADeadlineBoundsTheWaitOfWhoIsServed) {
  const Trial run(scenario(one_server, {"api.queue={deadline_drop: 50ms}",
                                        "traffic.arrivals.rate=150/s", "duration=2000s"}));
  const auto requests = static_cast<double>(run.sum(Counter::api_requests));
  const auto rejected = static_cast<double>(run.sum(Counter::api_rejected));
  EXPECT_LT(run.latency(Histogram::api_wait).max_ns, 50'000'000);
  EXPECT_NEAR(rejected / requests, 1 - 100.0 / 150, 0.02);
  EXPECT_GT(run.ratio(Counter::api_busy_time, Counter::api_slot_time), 0.98);
  EXPECT_EQ(run.latency(Histogram::api_latency).count,
            run.sum(Counter::api_requests) - run.sum(Counter::api_rejected));
}

// At 1.2 times the capacity CoDel holds the wait near a few targets; without it the queue grows for
// ever.
TEST(Disciplines, CodelHoldsTheWaitOfAnOverloadedQueue) {
  const std::vector<std::string> overload = {"traffic.arrivals.rate=1200/s", "duration=200s",
                                             "warmup=20s", "api.service={exponential: {mean: 1ms}}",
                                             "api.queue_capacity=50k"};
  const auto wait_ms = [&](const std::string& queue) {
    auto sets = overload;
    if (!queue.empty()) sets.push_back("api.queue=" + queue);
    const Trial run(scenario(one_server, sets));
    EXPECT_GT(run.ratio(Counter::api_busy_time, Counter::api_slot_time), 0.95) << queue;
    return run.quantile_ms(Histogram::api_wait, 0.5);
  };
  EXPECT_GT(wait_ms(""), 5'000);
  EXPECT_LT(wait_ms("{codel: {}}"), 250);
  EXPECT_LT(wait_ms("{discipline: adaptive_lifo, codel: {}}"), 6);
}

}  // namespace
}  // namespace haldane::models
