// CoDel step by step as the pseudo-code of RFC 8289, section 5, goes.
#include "models/queue/codel.h"

#include <deque>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace haldane::models {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

SimTime at_ms(std::int64_t ms) {
  return SimTime::zero() + Duration::milliseconds(ms);
}

struct Packet {
  SimTime arrived;
  int number = 0;
};

class Bench {
 public:
  void arrive(int number, std::int64_t ms) { queue_.push_back({at_ms(ms), number}); }
  /// The number of who is served at that time, -1 if nobody; the others are in dropped().
  int serve(std::int64_t ms) {
    const auto take = [this]() -> std::optional<Packet> {
      if (queue_.empty()) return std::nullopt;
      const Packet first = queue_.front();
      queue_.pop_front();
      return first;
    };
    const auto left = [this] { return queue_.size(); };
    const auto next = codel_.dequeue(at_ms(ms), take, left,
                                     [this](const Packet& p) { dropped_.push_back(p.number); });
    return next ? next->number : -1;
  }
  [[nodiscard]] const std::vector<int>& dropped() const { return dropped_; }
  [[nodiscard]] bool dropping() const { return codel_.dropping(); }

 private:
  Codel codel_{Duration::milliseconds(5), Duration::milliseconds(100)};
  std::deque<Packet> queue_;
  std::vector<int> dropped_;
};

TEST(Codel, LosesNobodyInABurstThatDrainsWithinAnInterval) {
  Bench bench;
  for (int i = 0; i < 20; ++i) bench.arrive(i, 0);
  for (int i = 0; i < 20; ++i) EXPECT_EQ(bench.serve(4 * i), i);
  EXPECT_THAT(bench.dropped(), IsEmpty());
}

// A hundred arrive at once and are served one each 10 ms. The wait is above 5 ms from 10 ms on, so
// the first drop is due at 110 ms; the next ones 100 ms, 100/sqrt(2), 100/sqrt(3) ... later.
TEST(Codel, DropsAtIntervalsThatShrinkWithTheSquareRoot) {
  Bench bench;
  for (int i = 0; i < 100; ++i) bench.arrive(i, 0);
  std::vector<std::int64_t> drops_at;
  for (std::int64_t ms = 0; ms <= 420; ms += 10) {
    const std::size_t before = bench.dropped().size();
    bench.serve(ms);
    for (std::size_t n = before; n < bench.dropped().size(); ++n) drops_at.push_back(ms);
  }
  // Due at 110, 210, 280.7, 338.4, 388.4; found out at the next look.
  EXPECT_THAT(drops_at, ElementsAre(110, 210, 290, 340, 390));
  EXPECT_TRUE(bench.dropping());
}

TEST(Codel, StopsWhenOneWaitIsShort) {
  Bench bench;
  for (int i = 0; i < 30; ++i) bench.arrive(i, 0);
  for (std::int64_t ms = 10; ms <= 110; ms += 10) bench.serve(ms);
  EXPECT_THAT(bench.dropped(), ElementsAre(10));
  EXPECT_TRUE(bench.dropping());
  while (bench.serve(112) != 29) {
  }
  bench.arrive(30, 200);
  bench.arrive(31, 200);
  EXPECT_EQ(bench.serve(201), 30);
  EXPECT_FALSE(bench.dropping());
}

TEST(Codel, NeverDropsTheLastOne) {
  Bench bench;
  for (int i = 0; i < 5; ++i) {
    bench.arrive(i, 1'000 * i);
    EXPECT_EQ(bench.serve(1'000 * i + 900), i);
  }
  EXPECT_THAT(bench.dropped(), IsEmpty());
}

// Back above the target soon after: it goes on about as fast as it dropped before.
TEST(Codel, RemembersHowFastItDropped) {
  Bench bench;
  for (int i = 0; i < 60; ++i) bench.arrive(i, 0);
  for (std::int64_t ms = 10; ms <= 400; ms += 10) bench.serve(ms);
  const std::size_t first_cycle = bench.dropped().size();
  while (bench.serve(402) != 59) {
  }
  bench.arrive(60, 402);
  bench.arrive(61, 402);
  EXPECT_EQ(bench.serve(403), 60);
  for (int i = 62; i < 100; ++i) bench.arrive(i, 410);
  std::vector<std::int64_t> drops_at;
  for (std::int64_t ms = 420; ms <= 640; ms += 10) {
    const std::size_t before = bench.dropped().size();
    bench.serve(ms);
    for (std::size_t n = before; n < bench.dropped().size(); ++n) drops_at.push_back(ms);
  }
  ASSERT_GE(first_cycle, 4U);
  ASSERT_GE(drops_at.size(), 3U);
  // A first cycle would need 100 ms to its second drop.
  EXPECT_LE(drops_at[1] - drops_at[0], 60);
}

}  // namespace
}  // namespace haldane::models
