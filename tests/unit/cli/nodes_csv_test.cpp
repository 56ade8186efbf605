// The table of replicas and workers.
#include "cli/simulate/nodes_csv.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/spec/read_scenario.h"

namespace haldane::cli {
namespace {

constexpr const char* small = R"(
schema: haldane.scenario/1
name: small
duration: 2s
warmup: 0s
traffic: {arrivals: {process: poisson, rate: 50/s}, objects: {count: 10}}
edge: {cache: {policy: lru, capacity: {objects: 5}}}
links: {edge_to_api: 2ms, api_to_workers: 1ms}
api: {replicas: 2, concurrency: 4, service: {exponential: {mean: 5ms}}, enqueue: {probability: 50%}, memory: {base: 1MB, per_request: 2kB}}
workers: {replicas: 1, concurrency: 2, service: {exponential: {mean: 5ms}}, rows_per_job: 100}
canary: {share: 10%, api: {concurrency: 8}}
)";

TEST(NodesCsv, HasARowForEachNodeAndBin) {
  const auto scenario = models::read_scenario(small, "small.yaml");
  ASSERT_TRUE(scenario) << to_string(scenario.error());
  models::Plan plan = models::compile_plan(*scenario);
  plan.grid.bin_bounds = {SimTime::zero(), SimTime::zero() + Duration::milliseconds(500),
                          SimTime::zero() + Duration::seconds(2)};
  using Tier = models::NodeName::Tier;
  const auto ms = [](std::int64_t n) { return n * 1'000'000; };
  const std::vector<models::NodeSeries> nodes = {
      {{Tier::api, 0, false, 1}, {ms(500), ms(600)}, {ms(750), ms(600)}, {1, 3}, {}},
      {{Tier::api, 0, true, 0}, {ms(500), ms(0)}, {ms(500), ms(0)}, {1, 0}, {}},
      {{Tier::workers, 0, false, 0}, {ms(100), ms(0)}, {ms(100), ms(0)}, {2, 0}, {}},
      {{Tier::edge, 3, false, 1}, {}, {}, {3, 0}, {4, 0}}};
  EXPECT_EQ(nodes_csv(plan, nodes),
            "tier,cell,release,node,from_s,to_s,cpu,in_flight,served_per_s,memory_bytes,"
            "rows_per_s,hit_ratio\n"
            "api,0,baseline,1,0,0.5,0.25,1.5,2,1003000,,\n"
            "api,0,baseline,1,0.5,2,0.1,0.4,2,1000800,,\n"
            "api,0,canary,0,0,0.5,0.125,1,2,1002000,,\n"
            "api,0,canary,0,0.5,2,0,0,0,1000000,,\n"
            "workers,,baseline,0,0,0.5,0.1,0.2,4,,400,\n"
            "workers,,baseline,0,0.5,2,0,0,0,,0,\n"
            "edge,3,baseline,1,0,0.5,,,6,,,0.75\n"
            "edge,3,baseline,1,0.5,2,,,0,,,\n");
}

}  // namespace
}  // namespace haldane::cli
