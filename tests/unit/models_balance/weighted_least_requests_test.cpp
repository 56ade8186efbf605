#include "models/balance/weighted_least_requests.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace haldane::models {
namespace {

// Replicas by letters, with what each weighs and has.
struct Fleet {
  std::vector<double> weights;
  std::vector<std::uint64_t> active;
  WeightedLeastRequests turns;

  Fleet(double bias, std::vector<double> w, std::vector<std::uint64_t> a)
      : weights(std::move(w)), active(std::move(a)), turns(bias) {
    std::vector<std::uint32_t> all(weights.size());
    for (std::uint32_t r = 0; r < all.size(); ++r) all[r] = r;
    turns.build(
        all, [this](std::uint32_t r) { return weights[r]; },
        [this](std::uint32_t r) { return active[r]; });
  }
  std::string next(int count) {
    std::string taken;
    for (int i = 0; i < count; ++i)
      taken += static_cast<char>('a' + turns.pick([this](std::uint32_t r) { return weights[r]; },
                                                  [this](std::uint32_t r) { return active[r]; }));
    return taken;
  }
};

// The example of gRPC's proposal A31, which describes Envoy's schedule.
TEST(WeightedLeastRequests, TakesTurnsByWeight) {
  EXPECT_EQ(Fleet(0, {2, 4}, {0, 0}).next(14), "babbabbabbabba");
  EXPECT_EQ(Fleet(0, {2, 2}, {0, 0}).next(6), "ababab");
}

// a weighs 4, b 1. While a has three requests, both weigh 1.
TEST(WeightedLeastRequests, WhoIsBusyWaitsLonger) {
  // Deadlines: a 1/4 (then every 1/4), b 1 (set before a's fourth, which is 1 as well).
  Fleet idle(1, {4, 1}, {0, 0});
  EXPECT_EQ(idle.next(10), "aaabaaaaba");
  Fleet busy(1, {4, 1}, {3, 0});
  EXPECT_EQ(busy.next(6), "ababab");
  const std::string biased = Fleet(2, {4, 1}, {3, 0}).next(1'000);  // a weighs 1/4
  EXPECT_NEAR(static_cast<double>(std::ranges::count(biased, 'a')), 1'000 / 5.0, 1);
}

// What a replica has counts at its own turn, not before.
TEST(WeightedLeastRequests, WeighsAtTheTurn) {
  Fleet fleet(1, {1, 1}, {0, 0});
  EXPECT_EQ(fleet.next(2), "ab");
  fleet.active[0] = 2;  // its next deadline is 2 already, then each 3 later
  EXPECT_EQ(fleet.next(8), "abbbabbb");
}

TEST(WeightedLeastRequests, KnowsEquals) {
  EXPECT_TRUE(Fleet(1, {3, 3, 3}, {0, 1, 2}).turns.are_alike());
  EXPECT_FALSE(Fleet(1, {3, 3, 2}, {0, 0, 0}).turns.are_alike());
  EXPECT_TRUE(Fleet(1, {}, {}).turns.are_alike());
}

}  // namespace
}  // namespace haldane::models
