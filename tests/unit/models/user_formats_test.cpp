// Formats of users: the same for all that they ask, in the shares of the requests.
#include <map>
#include <vector>

#include <gtest/gtest.h>

#include "models/workload/arrival_stream.h"
#include "models/workload/format_table.h"
#include "sim/base/hash.h"
#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;

// 6 pages, then 10 images in three formats each, of which a tenth of the requests are for others.
constexpr std::string_view visits = R"(
schema: haldane.scenario/1
name: visits
duration: 50s
traffic:
  arrivals: {process: sessions, rate: 100/s, requests: 8, pause: {exponential: {mean: 1s}}}
  classes:
    page: {share: 25%, objects: {count: 6}}
    image:
      share: 75%
      objects:
        count: 10
        popularity: {zipf: 0.9}
        formats: {avif: {share: 50%}, webp: {share: 30%}, jpeg: {share: 20%}}
edge: {sites: 1, cache: {policy: lru, capacity: {objects: 20}, ttl: 5s}}
api: {replicas: 4, concurrency: 100, service: {deterministic: {value: 5ms}}}
canary: {share: 40%}
)";

std::uint32_t format_of(std::uint32_t object) {
  return (object - 6) / 10;
}

TEST(UserFormats, KeepContentAndShares) {
  const FormatTable formats(scenario(visits).traffic);
  ASSERT_TRUE(formats.any());
  EXPECT_EQ(formats.object_for(9, 3), 3U) << "a page has one format";
  std::vector<double> share(3);
  constexpr std::uint32_t users = 100'000;
  for (std::uint32_t user = 0; user < users; ++user) {
    const std::uint32_t object = formats.object_for(mix(user) >> 32, 17);
    EXPECT_EQ((object - 6) % 10, 1U);
    EXPECT_EQ(formats.object_for(mix(user) >> 32, 27), object) << "from whichever format";
    share[format_of(object)] += 1.0 / users;
  }
  EXPECT_NEAR(share[0], 0.5, 0.005);
  EXPECT_NEAR(share[1], 0.3, 0.005);
  EXPECT_NEAR(share[2], 0.2, 0.005);
  const FormatTable none(scenario(visits, {"traffic.classes.image.objects.formats=none"}).traffic);
  EXPECT_FALSE(none.any());
}

// The high half of the routing word is the user.
TEST(UserFormats, StayWithAllRequestsOfASession) {
  const Plan plan = compile_plan(scenario(visits));
  ArrivalStream stream(plan, 0, 1, 0);
  stream.start();
  std::map<std::uint64_t, std::uint32_t> format_by_user;
  std::map<std::uint32_t, int> users;
  int images = 0;
  for (std::uint64_t n = 0; stream.time(n) != SimTime::never(); stream.pass(n++)) {
    if (stream.object(n) < 6) continue;
    ++images;
    const std::uint32_t format = format_of(stream.object(n));
    const auto [known, first] = format_by_user.try_emplace(stream.routing_word(n) >> 32, format);
    EXPECT_EQ(known->second, format);
    if (first) ++users[format];
  }
  EXPECT_GT(images, 4 * static_cast<int>(format_by_user.size()));
  const auto all = static_cast<double>(format_by_user.size());
  EXPECT_NEAR(users[0] / all, 0.5, 0.04);
  EXPECT_NEAR(users[2] / all, 0.2, 0.03);
}

// All requests of a client, of whom there are as many as numbers between them.
TEST(UserFormats, StayWithTheClientsOfAClosedLoop) {
  const std::string loop =
      "traffic.arrivals={process: closed_loop, clients: 5k, think: {exponential: {mean: 1s}}}";
  const Plan plan = compile_plan(scenario(visits, {loop}));
  const ArrivalStream stream(plan, 0, 1, 0);
  std::vector<double> share(3);
  for (std::uint64_t client = 0; client < 5'000; ++client) {
    const std::uint32_t object = stream.object_of_client(client, 17, SimTime::zero());
    share[format_of(object)] += 1.0 / 5'000;
    EXPECT_EQ(stream.object_of_client(client + 5'000 * client, 27, SimTime::zero()), object);
  }
  EXPECT_NEAR(share[0], 0.5, 0.04);
  EXPECT_NEAR(share[2], 0.2, 0.03);
}

// Everything fits in, so that each object is fetched once: pages, and images in one format.
TEST(UserFormats, OfASingleClientAreOne) {
  const std::string loop =
      "traffic.arrivals={process: closed_loop, clients: 1, think: {exponential: {mean: 10ms}}}";
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    const test::Trial run(scenario(visits, {loop, "edge.cache.ttl=none",
                                            "edge.cache.capacity.objects=40", "warmup=0s"}),
                          seed);
    EXPECT_GT(run.sum(Counter::requests), 2'000);
    EXPECT_EQ(run.sum(Counter::origin_fetches), 16);
  }
}

}  // namespace
}  // namespace haldane::models
