// Replays against slow and obvious ones, and against numbers that others published.
#include "models/replay/replay.h"

#include <cstdint>

#include <gtest/gtest.h>

#include "models/replay/byte_replay.h"
#include "models/replay/replay_study.h"
#include "models/replay/stack_distances.h"
#include "tests/unit/models_replay/plain_byte_caches.h"
#include "tests/unit/models_replay/plain_byte_queues.h"
#include "tests/unit/models_replay/traces.h"

namespace haldane::models {
namespace {

using test::add_sizes;
using test::drifting_trace;
using test::plain_replay;
using test::PlainByteList;
using test::PlainRanking;

TEST(ReplayBytes, EqualsListsOfResidents) {
  for (const ReplayPolicy policy :
       {ReplayPolicy::lru, ReplayPolicy::fifo, ReplayPolicy::clock, ReplayPolicy::sieve}) {
    for (const std::uint64_t capacity : {1U, 500U, 1'000U, 5'000U, 20'000U, 100'000U}) {
      AccessTrace trace = drifting_trace(static_cast<std::uint32_t>(capacity), 8'000, 300);
      add_sizes(trace);
      EXPECT_EQ(replay_bytes(trace, policy, capacity),
                plain_replay(PlainByteList(policy, capacity), trace))
          << name_of(policy) << " " << capacity;
    }
  }
}

TEST(ReplayBytes, EqualsASearchForTheLowestRank) {
  for (const ReplayPolicy policy : {ReplayPolicy::gdsf, ReplayPolicy::lfu}) {
    for (const std::uint64_t capacity : {1'000U, 10'000U, 60'000U}) {
      AccessTrace trace = drifting_trace(static_cast<std::uint32_t>(capacity), 6'000, 300);
      add_sizes(trace);
      EXPECT_EQ(replay_bytes(trace, policy, capacity),
                plain_replay(PlainRanking(policy, capacity), trace))
          << name_of(policy) << " " << capacity;
    }
  }
}

TEST(ReplayBytes, EqualsQueuesThatAreSearchedAndSummedAnew) {
  for (const std::uint64_t capacity : {1U, 900U, 3'000U, 10'000U, 40'000U, 200'000U}) {
    AccessTrace trace = drifting_trace(static_cast<std::uint32_t>(capacity), 6'000, 300);
    add_sizes(trace);
    EXPECT_EQ(replay_bytes(trace, ReplayPolicy::s3_fifo, capacity),
              plain_replay(test::PlainByteS3Fifo(capacity), trace))
        << capacity;
    EXPECT_EQ(replay_bytes(trace, ReplayPolicy::arc, capacity),
              plain_replay(test::PlainByteArc(capacity), trace))
        << capacity;
    const double all = static_cast<double>(working_set_bytes(trace, 1));
    const double places =
        std::min(static_cast<double>(capacity) / all, 1.0) * trace.object_count + 0.5;
    EXPECT_EQ(replay_bytes(trace, ReplayPolicy::w_tinylfu, capacity),
              plain_replay(test::PlainByteWTinyLfu(capacity, static_cast<std::uint64_t>(places),
                                                   trace.object_count),
                           trace))
        << capacity;
  }
}

// Zero-sized objects take no room and must neither divide by nothing nor keep a loop going.
TEST(ReplayBytes, ObjectsWithoutBytesStayHarmless) {
  AccessTrace trace = drifting_trace(9, 6'000, 300);
  add_sizes(trace);
  for (std::size_t i = 0; i < trace.sizes.size(); ++i) {
    if (trace.objects[i] % 3 == 0) trace.sizes[i] = 0;
  }
  for (const NamedPolicy& named : all_policies) {
    for (const std::uint64_t capacity : {1U, 2'000U}) {
      const MissCounts counts = replay_bytes(trace, named.policy, capacity);
      EXPECT_LT(counts.misses, trace.objects.size()) << named.name;
      EXPECT_GE(counts.misses, trace.object_count) << named.name;
    }
  }
}

TEST(ReplayBytes, OfObjectsOfOneByteEqualsReplayByObjects) {
  AccessTrace trace = drifting_trace(5, 30'000, 2'000);
  trace.sizes.assign(trace.objects.size(), 1);
  for (const NamedPolicy& named : all_policies) {
    for (const std::uint64_t capacity : {1U, 7U, 100U, 1'000U}) {
      EXPECT_EQ(replay_bytes(trace, named.policy, capacity), replay(trace, named.policy, capacity))
          << named.name << " " << capacity;
    }
  }
}

TEST(Replay, EveryPolicyMissesOnlyFirstRequestsWhereAllObjectsFitIn) {
  AccessTrace trace = drifting_trace(1, 20'000, 500);
  add_sizes(trace);
  for (const NamedPolicy& named : all_policies) {
    for (const std::uint64_t capacity :
         {std::uint64_t{trace.object_count}, std::uint64_t{1} << 62}) {
      EXPECT_EQ(replay(trace, named.policy, capacity).misses, trace.object_count) << named.name;
    }
  }
}

TEST(StackDistances, EqualReplaysOfLruAtEveryCapacity) {
  for (const std::uint32_t objects : {1U, 2U, 17U, 300U}) {
    AccessTrace trace = drifting_trace(objects, 6'000, objects);
    add_sizes(trace);
    const StackDistances distances(trace);
    for (std::uint64_t capacity = 1; capacity <= trace.object_count + 2U; ++capacity) {
      ASSERT_EQ(distances.misses(capacity), replay(trace, ReplayPolicy::lru, capacity))
          << objects << " objects, capacity " << capacity;
    }
  }
}

TEST(StackDistances, EqualReplaysWhereMomentsRunOutManyTimes) {
  // 20,000 objects have 80,000 moments: 400,000 requests renumber them several times.
  const AccessTrace trace = drifting_trace(9, 400'000, 20'000);
  const StackDistances distances(trace);
  for (const std::uint64_t capacity : {1U, 10U, 255U, 256U, 1'000U, 4'096U, 10'000U, 19'999U}) {
    EXPECT_EQ(distances.misses(capacity), replay(trace, ReplayPolicy::lru, capacity)) << capacity;
  }
}

TEST(Replay, AnswersDoNotDependOnThreadsOrOnWhatElseIsAsked) {
  AccessTrace trace = drifting_trace(3, 50'000, 3'000);
  add_sizes(trace);
  ReplayQuestion question;
  for (const NamedPolicy& named : all_policies) question.policies.push_back(named.policy);
  for (const std::uint64_t amount : {10U, 100U, 1'000U}) {
    question.capacities.push_back({amount, CapacityUnit::objects});
  }
  const auto alone = replay_study(trace, question);
  question.threads = 4;
  const auto together = replay_study(trace, question);
  ASSERT_EQ(alone.size(), 27U);
  for (std::size_t i = 0; i < alone.size(); ++i) {
    const MissCounts one = replay(trace, alone[i].policy, alone[i].capacity.amount);
    EXPECT_EQ(alone[i].misses, one.misses);
    EXPECT_EQ(together[i].misses, one.misses);
    EXPECT_EQ(alone[i].hits + alone[i].misses, trace.requests_seen);
    EXPECT_DOUBLE_EQ(*together[i].byte_miss_ratio,
                     static_cast<double>(one.missed_bytes) / static_cast<double>(trace.bytes_seen));
  }
}

TEST(DefaultCapacities, RiseToAllObjects) {
  for (const std::uint64_t objects : {1ULL, 2ULL, 3ULL, 999ULL, 10'000ULL, 1ULL << 40}) {
    const auto capacities = default_capacities(objects);
    ASSERT_FALSE(capacities.empty());
    EXPECT_GE(capacities.front().amount, 1U);
    EXPECT_EQ(capacities.back().amount, objects);
    for (std::size_t i = 1; i < capacities.size(); ++i) {
      EXPECT_LT(capacities[i - 1].amount, capacities[i].amount);
    }
  }
}

TEST(PolicyNames, AreFoundHoweverTheyAreSpelled) {
  EXPECT_EQ(policy_of("S3-FIFO"), ReplayPolicy::s3_fifo);
  EXPECT_EQ(policy_of("s3fifo"), ReplayPolicy::s3_fifo);
  EXPECT_EQ(policy_of("w-TinyLFU"), ReplayPolicy::w_tinylfu);
  EXPECT_FALSE(policy_of("random").has_value());
}

}  // namespace
}  // namespace haldane::models
