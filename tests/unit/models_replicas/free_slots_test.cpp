// Free slots of a central queue by themselves: whose turn it is while replicas come, go and fail.
#include "models/tiers/api/free_slots.h"

#include <gtest/gtest.h>

namespace haldane::models {
namespace {

SimTime at(std::int64_t seconds) {
  return SimTime::zero() + Duration::seconds(seconds);
}

// Everybody is up.
SimTime up(std::uint32_t) {
  return SimTime::zero();
}

// Two replicas of two slots each.
FreeSlots four() {
  FreeSlots slots(2);
  slots.open(0, at(0));
  slots.open(1, at(0));
  return slots;
}

TEST(FreeSlots, OfEqualsTheLowestReplicaIsFirst) {
  FreeSlots slots = four();
  for (const std::uint32_t expected : {0U, 0U, 1U, 1U}) {
    EXPECT_EQ(slots.next(at(0), up), expected);
    slots.take();
  }
  EXPECT_EQ(slots.next(at(0), up), FreeSlots::none);
}

TEST(FreeSlots, WhoHasBeenFreeLongestIsNext) {
  FreeSlots slots = four();
  for (int i = 0; i < 4; ++i) {
    ASSERT_NE(slots.next(at(0), up), FreeSlots::none);
    slots.take();
  }
  slots.free_but(1, at(1), 1);
  slots.free_but(0, at(2), 0);
  for (const std::uint32_t expected : {1U, 0U, 0U}) {
    EXPECT_EQ(slots.next(at(3), up), expected);
    slots.take();
  }
  EXPECT_EQ(slots.next(at(3), up), FreeSlots::none);
}

TEST(FreeSlots, NextDoesNotTake) {
  FreeSlots slots = four();
  EXPECT_EQ(slots.next(at(0), up), 0U);
  EXPECT_EQ(slots.next(at(0), up), 0U);
}

TEST(FreeSlots, WhatIsFreeAlreadyIsNotFreedAgain) {
  FreeSlots slots(1);
  slots.open(0, at(0));
  slots.free_but(0, at(0), 0);
  ASSERT_EQ(slots.next(at(0), up), 0U);
  slots.take();
  EXPECT_EQ(slots.next(at(0), up), FreeSlots::none);
}

TEST(FreeSlots, ASlotIsNotFreeBeforeItsTime) {
  FreeSlots slots(1);
  slots.open(0, at(5));
  EXPECT_EQ(slots.next(at(4), up), FreeSlots::none);
  EXPECT_EQ(slots.next(at(5), up), 0U);
}

TEST(FreeSlots, WhoIsDownIsFreeWhenItIsUpAgain) {
  FreeSlots slots = four();
  const auto first_is_down = [](std::uint32_t replica) { return at(replica == 0 ? 10 : 0); };
  EXPECT_EQ(slots.next(at(1), first_is_down), 1U);
  slots.take();
  slots.free_but(1, at(2), 0);
  // Since 2 s, since 0 s, and since 10 s.
  EXPECT_EQ(slots.next(at(11), up), 1U);
  slots.take();
  EXPECT_EQ(slots.next(at(11), up), 1U);
  slots.take();
  EXPECT_EQ(slots.next(at(11), up), 0U);
}

TEST(FreeSlots, WhoIsClosedHasNoSlotsAndGetsNoneBack) {
  FreeSlots slots = four();
  ASSERT_EQ(slots.next(at(0), up), 0U);
  slots.take();
  slots.close(0);
  EXPECT_FALSE(slots.is_open(0));
  slots.free_but(0, at(1), 0);
  EXPECT_EQ(slots.next(at(1), up), 1U);
  slots.take();
  EXPECT_EQ(slots.next(at(1), up), 1U);
  slots.take();
  EXPECT_EQ(slots.next(at(1), up), FreeSlots::none);
}

// The slots of its first time are found out, and do not count twice.
TEST(FreeSlots, WhoOpensAgainHasItsSlotsOnce) {
  FreeSlots slots(2);
  slots.open(0, at(0));
  slots.close(0);
  slots.open(0, at(3));
  EXPECT_EQ(slots.next(at(2), up), FreeSlots::none);
  for (int i = 0; i < 2; ++i) {
    ASSERT_EQ(slots.next(at(3), up), 0U);
    slots.take();
  }
  EXPECT_EQ(slots.next(at(9), up), FreeSlots::none);
}

TEST(FreeSlots, NobodyKnowsReplicasThatNeverCame) {
  const FreeSlots slots(1);
  EXPECT_FALSE(slots.is_open(7));
}

}  // namespace
}  // namespace haldane::models
