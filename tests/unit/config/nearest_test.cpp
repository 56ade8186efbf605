// Suggestions for mistyped names.
#include "config/nearest.h"

#include <gtest/gtest.h>

namespace haldane::config {
namespace {

TEST(EditDistance, CountsEditsAndSwaps) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("abc", ""), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("rate", "raet"), 1U);
  EXPECT_EQ(edit_distance("ca", "abc"), 3U);  // alignment: a swapped pair is not edited again
}

TEST(NearestName, PrefersTheFirstOfEquals) {
  EXPECT_EQ(nearest_name("lur", {"fifo", "lru", "lfu"}), "lru");
  EXPECT_EQ(nearest_name("cat", {"bat", "rat"}), "bat");
}

TEST(NearestName, StaysSilentWhenNothingResembles) {
  EXPECT_EQ(nearest_name("x", {"y"}), std::nullopt);
  EXPECT_EQ(nearest_name("workers", {"api", "edge"}), std::nullopt);
  EXPECT_EQ(nearest_name(std::string(1'000, 'a'), {"aaa"}), std::nullopt);
  EXPECT_EQ(nearest_name("a", {}), std::nullopt);
  EXPECT_EQ(nearest_name("bar", {"arc"}), std::nullopt);
  EXPECT_EQ(nearest_name("foo", {"look"}), std::nullopt);
}

TEST(Suggest, FallsBackToTheList) {
  EXPECT_EQ(suggest("capcity", {"capacity", "ttl"}), "did you mean \"capacity\"?");
  EXPECT_EQ(suggest("zzz", {"capacity", "ttl"}), "known: capacity, ttl");
  EXPECT_EQ(suggest("zzz", {}), "");
}

}  // namespace
}  // namespace haldane::config
