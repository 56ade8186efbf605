#include <algorithm>
#include <atomic>
#include <limits>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "sim/kernel/event_queue.h"
#include "sim/kernel/slot_heap.h"
#include "sim/kernel/sorted_slots.h"
#include "sim/kernel/start_ring.h"
#include "sim/parallel/parallel_for.h"

namespace haldane::sim {
namespace {

struct TestEvent {
  EventOrder order;
  int payload = 0;
};

SimTime at(std::int64_t ns) {
  return SimTime::at_nanoseconds(ns);
}

TEST(EventOrder, ComparesTimesWithTheirSignThenKeysWithout) {
  constexpr std::uint64_t last_key = ~std::uint64_t{0};
  const std::vector<EventOrder> ascending = {{at(std::numeric_limits<std::int64_t>::min()), 0},
                                             {at(-1), 0},
                                             {at(-1), last_key},
                                             {at(0), 0},
                                             {at(0), 1},
                                             {at(0), last_key},
                                             {at(1), 0},
                                             {SimTime::never(), 7}};
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    for (std::size_t j = 0; j < ascending.size(); ++j) {
      EXPECT_EQ(ascending[i] < ascending[j], i < j) << i << ' ' << j;
    }
  }
}

TEST(EventQueue, LeavesInTotalOrderWhateverTheOrderOfInsertion) {
  std::mt19937 random(3);
  for (const std::size_t count : {1U, 2U, 5U, 64U, 1000U}) {
    std::vector<TestEvent> events;
    for (std::size_t i = 0; i < count; ++i) {
      events.push_back({{at(static_cast<std::int64_t>(random() % 50)), i}, static_cast<int>(i)});
    }
    std::shuffle(events.begin(), events.end(), random);
    EventQueue<TestEvent> queue;
    for (const TestEvent& event : events) queue.push(event);
    std::sort(events.begin(), events.end(),
              [](const TestEvent& a, const TestEvent& b) { return a.order < b.order; });
    for (const TestEvent& expected : events) {
      EXPECT_EQ(queue.next_time(), expected.order.time);
      EXPECT_EQ(queue.pop().payload, expected.payload);
    }
    EXPECT_TRUE(queue.empty());
    EXPECT_EQ(queue.next_time(), SimTime::never());
  }
}

TEST(EventQueue, EqualTimesLeaveInKeyOrder) {
  EventQueue<TestEvent> queue;
  KeyStamp late(2);
  KeyStamp early(1);
  queue.push({{at(5), late()}, 3});
  queue.push({{at(5), early()}, 1});
  queue.push({{at(5), early()}, 2});
  EXPECT_EQ(queue.pop().payload, 1);
  EXPECT_EQ(queue.pop().payload, 2);
  EXPECT_EQ(queue.pop().payload, 3);
}

TEST(EventQueue, InterleavedPushesAndPopsNeverGoBackInTime) {
  std::mt19937 random(4);
  EventQueue<TestEvent> queue;
  std::uint64_t key = 0;
  for (int i = 0; i < 300; ++i)
    queue.push({{at(static_cast<std::int64_t>(random() % 1000)), key++}, 0});
  SimTime now;
  for (int i = 0; i < 20'000; ++i) {
    const TestEvent event = queue.pop();
    ASSERT_GE(event.order.time, now);
    now = event.order.time;
    queue.push(
        {{now + Duration::nanoseconds(static_cast<std::int64_t>(random() % 1000)), key++}, 0});
  }
}

struct Customer {
  SimTime start;
  SimTime departure;
  auto operator<=>(const Customer&) const = default;
};

// The plain way: an explicit queue and explicit departure events.
std::vector<Customer> serve_by_events(const std::vector<SimTime>& arrivals,
                                      const std::vector<Duration>& services, std::size_t slots) {
  std::vector<Customer> customers(arrivals.size());
  EventQueue<TestEvent> departures;
  std::vector<std::size_t> queue;
  std::size_t head = 0;
  std::size_t busy = 0;
  const auto begin = [&](std::size_t who, SimTime now) {
    customers[who] = {now, now + services[who]};
    departures.push({{now + services[who], who}, static_cast<int>(who)});
  };
  const auto run_until = [&](SimTime t) {
    while (departures.next_time() <= t && !departures.empty()) {
      const SimTime now = departures.pop().order.time;
      if (head < queue.size()) {
        begin(queue[head++], now);
      } else {
        --busy;
      }
    }
  };
  for (std::size_t i = 0; i < arrivals.size(); ++i) {
    run_until(arrivals[i]);
    if (busy < slots) {
      ++busy;
      begin(i, arrivals[i]);
    } else {
      queue.push_back(i);
    }
  }
  run_until(SimTime::never());
  return customers;
}

// At admission, from the workload vector: must agree with the events to the bit.
TEST(Stations, AdmissionTimesEqualAnEventByEventSimulation) {
  std::mt19937_64 random(5);
  for (const std::size_t slots : {1U, 2U, 3U, 4U, 7U, 8U, 9U, 16U, 40U, 64U}) {
    std::vector<SimTime> arrivals;
    std::vector<Duration> services;
    SimTime now;
    for (int i = 0; i < 5000; ++i) {
      now += Duration::nanoseconds(static_cast<std::int64_t>(random() % 100));
      arrivals.push_back(now);
      services.push_back(Duration::nanoseconds(static_cast<std::int64_t>(random() % (97 * slots))));
    }
    const std::vector<Customer> expected = serve_by_events(arrivals, services, slots);

    std::vector<std::int64_t> times(SortedSlots<>::stride_for(slots));
    SortedSlots<> sorted(times, slots);
    sorted.reset(SimTime::zero());
    SlotHeap heap(static_cast<std::uint32_t>(slots));
    StartRing waiting;
    for (std::size_t i = 0; i < arrivals.size(); ++i) {
      const SimTime start = sorted.earliest_start(arrivals[i]);
      EXPECT_EQ(std::max(arrivals[i], heap.earliest().free_at), start);
      const SimTime departure = start + services[i];
      ASSERT_EQ((Customer{start, departure}), expected[i]) << i;
      std::uint32_t in_service = 0;
      std::uint64_t queued = 0;
      for (std::size_t j = i > 3 * slots + 500 ? i - 3 * slots - 500 : 0; j < i; ++j) {
        in_service +=
            expected[j].start <= arrivals[i] && arrivals[i] < expected[j].departure ? 1U : 0U;
        queued += expected[j].start > arrivals[i] ? 1U : 0U;
      }
      waiting.expire(arrivals[i]);
      if (i % 50 == 0 && queued < 300) {
        EXPECT_EQ(waiting.size(), queued);
        EXPECT_EQ(sorted.busy(arrivals[i]), in_service);
      }
      sorted.book(departure);
      heap.book_earliest(departure);
      waiting.push(start);
    }
  }
}

TEST(ParallelFor, RunsEveryIndexOnceForAnyNumberOfThreads) {
  for (const unsigned threads : {1U, 2U, 3U, 8U}) {
    std::vector<std::atomic<int>> runs(1000);
    parallel_for(runs.size(), threads, [&](std::size_t i) { ++runs[i]; });
    for (const std::atomic<int>& count : runs) EXPECT_EQ(count, 1);
  }
  parallel_for(0, 4, [](std::size_t) { FAIL(); });
  EXPECT_GE(available_threads(), 1U);
}

}  // namespace
}  // namespace haldane::sim
