// Zone-aware routing by Envoy's arithmetic.
#include "models/balance/zone_route.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace haldane::models {
namespace {

using testing::ElementsAre;

TEST(ZoneRoute, KeepsEverythingWhereServersSuffice) {
  const std::vector<double> alike = {1, 1, 1};
  const ZoneRoute even = zone_route(1, alike, alike);
  EXPECT_EQ(even.own, 10'000U);
  EXPECT_THAT(even.others, ElementsAre(0U, 0U, 0U));
  EXPECT_EQ(zone_route(0, std::vector<double>{1, 9}, std::vector<double>{1, 1}).own, 10'000U);
}

// The small zone of Envoy's tests: callers 1, 1, 1 and servers 1, 2, 2. A third of the demand and
// a fifth of the servers: 2000 * 10000 / 3333 = 6000 of 10,000 stay.
TEST(ZoneRoute, SendsWhatDoesNotFitWhereServersAreLeftOver) {
  const std::vector<double> demand = {1, 1, 1};
  const std::vector<double> servers = {1, 2, 2};
  const ZoneRoute small = zone_route(0, demand, servers);
  EXPECT_EQ(small.own, 6'000U);
  EXPECT_THAT(small.others, ElementsAre(0U, 667U, 667U));
  EXPECT_EQ(zone_route(1, demand, servers).own, 10'000U);
}

TEST(ZoneRoute, DoesNotSendToZonesThatAreShortThemselves) {
  const ZoneRoute route =
      zone_route(0, std::vector<double>{45, 45, 10}, std::vector<double>{1, 1, 2});
  EXPECT_EQ(route.own, 2'500U * 10'000U / 4'500U);
  EXPECT_THAT(route.others, ElementsAre(0U, 0U, 4'000U));
}

}  // namespace
}  // namespace haldane::models
