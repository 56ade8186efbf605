// Classes of requests with service times of their own: the mixture that M/G/1 knows.
#include <gtest/gtest.h>

#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;

constexpr std::string_view mixture = R"(
schema: haldane.scenario/1
name: mixture
duration: 10000s
warmup: 500s
traffic:
  arrivals: {process: poisson, rate: 50/s}
  classes:
    page: {share: 90%, objects: {count: 100, popularity: {zipf: 1}}}
    search:
      share: 10%
      objects: {count: 1k, popularity: {zipf: 0.7}}
      service: {deterministic: {value: 50ms}}
edge: none
api: {replicas: 1, concurrency: 1, service: {deterministic: {value: 5ms}}}
)";

// Pollaczek-Khinchine: rho = 0.475, E[S^2] = 272.5 ms^2, a mean wait of 12.98 ms.
TEST(ServiceClasses, AreTheirMixtureToTheServer) {
  for (const std::string queue : {"fifo", "lifo"}) {  // at admission, and by events
    const Trial run(scenario(mixture, {"api.queue={discipline: " + queue + "}"}));
    EXPECT_NEAR(run.ratio(Counter::api_busy_time, Counter::api_slot_time), 0.475, 0.005);
    EXPECT_NEAR(run.mean_ms(Histogram::api_wait), 12.98, 0.4);
  }
}

TEST(ServiceClasses, AreScaledOrReplacedByTheCanary) {
  const auto canary_ms = [](const std::string& api) {
    const Trial run(scenario(mixture, {"duration=1000s", "api.concurrency=100",
                                       "canary={share: 50%, api: {" + api + "}}"}));
    EXPECT_NEAR(run.mean_ms(Histogram::api_latency, Block::baseline), 9.5, 0.3) << api;
    return run.mean_ms(Histogram::api_latency, Block::canary);
  };
  EXPECT_NEAR(canary_ms("service_factor: 2"), 19, 0.6);
  EXPECT_NEAR(canary_ms("service: {deterministic: {value: 7ms}}"), 7, 0.01);
}

}  // namespace
}  // namespace haldane::models
