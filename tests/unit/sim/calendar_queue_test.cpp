#include "sim/kernel/calendar_queue.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "sim/kernel/event_queue.h"

namespace haldane::sim {
namespace {

struct TestEvent {
  EventOrder order;
  std::uint64_t payload = 0;
};

SimTime at(std::int64_t ns) {
  return SimTime::at_nanoseconds(ns);
}

// The calendar beside the heap, whose order the tests of EventQueue establish: every operation goes
// to both and every answer must agree.
class Pair {
 public:
  explicit Pair(CalendarQueue<TestEvent> calendar) : calendar_(std::move(calendar)) {}

  void push(SimTime time) {
    // Keys in no order, as from several senders; unique because the multiplier is odd.
    const TestEvent event{{time, ++serial_ * 0x9e3779b97f4a7c15ULL}, serial_};
    calendar_.push(event);
    heap_.push(event);
  }
  void push_all(const std::vector<SimTime>& times) {
    std::vector<TestEvent> events;
    for (const SimTime time : times)
      events.push_back({{time, ++serial_ * 0x9e3779b97f4a7c15ULL}, serial_});
    calendar_.push_all(events);
    for (const TestEvent& event : events) heap_.push(event);
  }
  TestEvent pop() {
    EXPECT_EQ(calendar_.next_time(), heap_.next_time());
    const TestEvent expected = heap_.pop();
    const TestEvent event = serial_ % 2 == 0 ? calendar_.pop() : top_and_drop();
    EXPECT_EQ(event.order, expected.order);
    EXPECT_EQ(event.payload, expected.payload);
    return event;
  }
  // Takes up to `most` events of the bucket that is next; none where another way has to be taken.
  void take_ready(std::size_t most, SimTime& now) {
    const std::size_t count = std::min(most, calendar_.ready());
    for (std::size_t i = 0; i < count; ++i) {
      const TestEvent expected = heap_.pop();
      EXPECT_EQ(calendar_.ready(i).order, expected.order);
      EXPECT_EQ(calendar_.ready(i).payload, expected.payload);
      now = expected.order.time;
    }
    if (count > 0) calendar_.drop(count);
  }
  void check_state(bool look_at_top) {
    ASSERT_EQ(calendar_.size(), heap_.size());
    ASSERT_EQ(calendar_.empty(), heap_.empty());
    ASSERT_EQ(calendar_.next_time(), heap_.next_time());
    if (look_at_top && !heap_.empty()) {
      ASSERT_EQ(calendar_.top().order, heap_.top().order);
    }
  }
  void drain() {
    while (!heap_.empty()) pop();
    check_state(false);
  }
  [[nodiscard]] bool empty() const { return heap_.empty(); }

 private:
  TestEvent top_and_drop() {
    const TestEvent event = calendar_.top();
    const TestEvent& other = calendar_.about(3);  // whatever it is, it was pushed once
    EXPECT_LE(other.payload, serial_);
    calendar_.drop();
    return event;
  }

  CalendarQueue<TestEvent> calendar_;
  EventQueue<TestEvent> heap_;
  std::uint64_t serial_ = 0;
};

struct Shape {
  std::int64_t width_ns;
  std::size_t buckets;
};

const std::vector<Shape> shapes = {{1, 1},    {1, 2},       {1, 64},      {3, 32},
                                   {64, 256}, {1000, 1024}, {1 << 30, 4}, {1LL << 62, 128}};

Pair pair_of(const Shape& shape) {
  return Pair(CalendarQueue<TestEvent>(Duration::nanoseconds(shape.width_ns), shape.buckets));
}

// Spans from a nanosecond to far beyond any ring, and ties.
Duration random_span(std::mt19937_64& random) {
  constexpr std::int64_t scales[] = {1, 10, 1'000, 100'000, 10'000'000, 1LL << 50};
  const std::int64_t scale = scales[random() % 6];
  return Duration::nanoseconds(
      static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(scale)));
}

void push_some(Pair& both, SimTime now, std::mt19937_64& random) {
  if (random() % 4 != 0) return both.push(now + random_span(random));
  std::vector<SimTime> times(random() % 6);
  for (SimTime& time : times) time = now + random_span(random);
  both.push_all(times);
}

TEST(CalendarQueue, RandomProgramsEqualTheHeapForEveryShape) {
  for (const Shape& shape : shapes) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      SCOPED_TRACE("width " + std::to_string(shape.width_ns) + ", buckets " +
                   std::to_string(shape.buckets) + ", seed " + std::to_string(seed));
      std::mt19937_64 random(seed);
      Pair both = pair_of(shape);
      SimTime now;
      for (int i = 0; i < 2'000; ++i) {
        // Phases of growth, balance and decay.
        const std::uint64_t pushes_of_8 = 3 + (static_cast<std::uint64_t>(i) / 256 + seed) % 3;
        if (both.empty() || random() % 8 < pushes_of_8) {
          push_some(both, now, random);
        } else if (random() % 4 == 0) {
          both.take_ready(1 + random() % 5, now);
        } else {
          now = both.pop().order.time;
        }
        if (i % 7 == 0) both.check_state(random() % 2 == 0);
      }
      both.drain();
      if (HasFailure()) return;
    }
  }
}

TEST(CalendarQueue, HoldOfManyEventsEqualsTheHeap) {
  for (const Shape& shape : shapes) {
    std::mt19937_64 random(7);
    Pair both = pair_of(shape);
    for (int i = 0; i < 500; ++i) both.push(at(static_cast<std::int64_t>(random() % 100'000)));
    for (int i = 0; i < 5'000; ++i) {
      const SimTime now = both.pop().order.time;
      both.push(now + Duration::nanoseconds(static_cast<std::int64_t>(random() % 200'000)));
    }
    both.drain();
  }
}

TEST(CalendarQueue, WhatIsReadyIsOneBucketWithoutLateComers) {
  CalendarQueue<TestEvent> queue(Duration::nanoseconds(64), 16);
  for (const std::int64_t time : {70, 100, 90, 200}) queue.push({{at(time), 0}, 0});
  ASSERT_EQ(queue.ready(), 3U);
  EXPECT_EQ(queue.ready(1).order.time, at(90));
  queue.drop(2);
  EXPECT_EQ(queue.next_time(), at(100));
  queue.push({{at(95), 0}, 0});  // into the bucket that is open
  EXPECT_EQ(queue.ready(), 0U);
  EXPECT_EQ(queue.pop().order.time, at(95));
  EXPECT_EQ(queue.ready(), 1U);
  queue.drop(1);
  EXPECT_EQ(queue.ready(), 1U);
  EXPECT_EQ(queue.ready(0).order.time, at(200));
}

TEST(CalendarQueue, EqualTimesLeaveInKeyOrder) {
  for (const Shape& shape : shapes) {
    Pair both = pair_of(shape);
    for (int i = 0; i < 300; ++i) both.push(at(5'000'000));
    for (int i = 0; i < 100; ++i) {
      both.pop();
      both.push(at(5'000'000));
    }
    both.drain();
  }
}

TEST(CalendarQueue, WhatIsPushedBeforeWhatWasPoppedStillLeavesInOrder) {
  for (const Shape& shape : shapes) {
    Pair both = pair_of(shape);
    for (std::int64_t t = 10'000; t > -10'000; t -= 7) {
      both.push(at(t));
      if (t % 3 == 0) both.pop();
    }
    both.drain();
  }
}

TEST(CalendarQueue, EventsInOneBucketAreInOrder) {
  Pair both = pair_of({1'000'000'000, 8});
  std::mt19937_64 random(8);
  for (int i = 0; i < 3'000; ++i)
    both.push(at(static_cast<std::int64_t>(3'000'000'000U + random() % 1'000'000U)));
  for (int i = 0; i < 3'000; ++i) {
    const SimTime now = both.pop().order.time;
    if (i % 2 == 0) both.push(now + Duration::nanoseconds(i));
  }
  both.drain();
}

TEST(CalendarQueue, TheEndsOfTimeAreUsable) {
  for (const Shape& shape : shapes) {
    Pair both = pair_of(shape);
    both.push(SimTime::never());
    both.push(at(std::numeric_limits<std::int64_t>::min()));
    both.push(SimTime::zero());
    both.push(SimTime::never());
    both.push(at(std::numeric_limits<std::int64_t>::max() - 1));
    both.drain();
    both.push(SimTime::never());
    both.push(at(1));
    both.drain();
  }
}

// A walk over each empty bucket would take years.
TEST(CalendarQueue, EmptySpansAreNotWalked) {
  Pair both = pair_of({1, 1024});
  for (std::int64_t year = 0; year < 280; ++year) both.push(at(year * 31'536'000'000'000'000));
  both.drain();
}

TEST(CalendarQueue, ALateEventDoesNotHideEarlierOnes) {
  Pair both = pair_of({1000, 64});
  both.push(at(60'000));
  both.check_state(false);
  both.push(at(9'000));
  both.push(at(8'500));
  both.check_state(true);  // opens the bucket of 8,500
  both.push(at(2'000));
  both.push(at(8'700));
  both.check_state(true);
  both.drain();
}

}  // namespace
}  // namespace haldane::sim
