// First come, first served, by events and at admission: the same starts, departures, queue lengths
// and rejections, to the bit.
#include "sim/kernel/station.h"

#include <gtest/gtest.h>

#include "sim/kernel/event_station.h"
#include "sim/random/philox.h"

namespace haldane::sim {
namespace {

struct TestCustomer {
  std::uint64_t id = 0;
  Duration service;
  std::uint32_t rank = 0;

  // Services that begin in the second half of every hundred nanoseconds take twice as long.
  [[nodiscard]] Duration service_time(SimTime start) const {
    return start.count_ns() % 100 < 50 ? service : service * 2;
  }
  [[nodiscard]] std::uint32_t priority() const { return rank; }
};

struct Record {
  std::uint64_t id;
  SimTime start;
  SimTime departure;
  friend bool operator==(const Record&, const Record&) = default;
};

struct Log {
  std::vector<Record> records;
  void operator()(const TestCustomer& customer, SimTime start, SimTime departure) {
    records.push_back({customer.id, start, departure});
  }
};

static_assert(Station<AdmissionStation<TestCustomer>, TestCustomer, Log>);
static_assert(Station<FifoStation<TestCustomer>, TestCustomer, Log>);
static_assert(Station<LifoStation<TestCustomer>, TestCustomer, Log>);
static_assert(Station<PriorityStation<TestCustomer>, TestCustomer, Log>);

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : key_(seed, 0, 7, Purpose::test) {}
  std::int64_t below(std::int64_t bound) {
    return static_cast<std::int64_t>(
        to_index(draw(key_, next_++).first, static_cast<std::uint64_t>(bound)));
  }

 private:
  StreamKey key_;
  std::uint64_t next_ = 0;
};

void expect_alike(const FifoStation<TestCustomer>& events,
                  const AdmissionStation<TestCustomer>& admission, std::uint64_t seed) {
  ASSERT_EQ(events.waiting(), admission.waiting()) << seed;
  ASSERT_EQ(events.in_service(), admission.in_service()) << seed;
}

// A hundred customers or so at times that often coincide, with services that may be 0.
void compare(std::uint64_t seed) {
  Dice dice(seed);
  const auto slots =
      static_cast<std::size_t>(dice.below(4) == 0 ? 1 + dice.below(70) : 1 + dice.below(5));
  const std::uint64_t capacity =
      dice.below(2) == 0 ? unbounded_queue : static_cast<std::uint64_t>(dice.below(6));
  const std::int64_t gaps = 1 + dice.below(6);
  const std::int64_t services = 1 + dice.below(8) * static_cast<std::int64_t>(slots);
  AdmissionStation<TestCustomer> admission(slots, capacity);
  FifoStation<TestCustomer> events(slots, capacity);
  Log known;
  Log happened;
  SimTime now;
  for (std::uint64_t i = 0; i < 120; ++i) {
    now += Duration::nanoseconds(dice.below(gaps));
    if (dice.below(4) == 0) {
      admission.advance(now, known);
      events.advance(now, happened);
    } else {
      const TestCustomer customer{i, Duration::nanoseconds(dice.below(services))};
      ASSERT_EQ(events.arrive(now, customer, happened), admission.arrive(now, customer, known))
          << seed;
    }
    ASSERT_NO_FATAL_FAILURE(expect_alike(events, admission, seed));
  }
  events.advance(now + Duration::seconds(1), happened);
  EXPECT_EQ(happened.records, known.records) << seed;
}

TEST(Stations, ByEventsAndAtAdmissionAgreeToTheBit) {
  for (std::uint64_t seed = 0; seed < 4'000; ++seed) ASSERT_NO_FATAL_FAILURE(compare(seed));
}

// Overtaking only changes who is served when: the slots are as busy, and as many wait.
TEST(Stations, OfAnyDisciplineDoTheSameWorkWhenCustomersAreAlike) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Dice dice(seed);
    const auto slots = static_cast<std::size_t>(1 + dice.below(4));
    FifoStation<TestCustomer> fifo(slots, 5);
    LifoStation<TestCustomer> lifo(slots, 5);
    PriorityStation<TestCustomer> priority(slots, 5);
    Log logs[3];
    SimTime now;
    for (std::uint64_t i = 0; i < 200; ++i) {
      now += Duration::nanoseconds(dice.below(4));
      const TestCustomer customer{i, Duration::nanoseconds(7), static_cast<std::uint32_t>(i % 3)};
      const bool accepted = fifo.arrive(now, customer, logs[0]);
      ASSERT_EQ(lifo.arrive(now, customer, logs[1]), accepted);
      ASSERT_EQ(priority.arrive(now, customer, logs[2]), accepted);
      ASSERT_EQ(lifo.waiting(), fifo.waiting());
      ASSERT_EQ(priority.in_service(), fifo.in_service());
    }
  }
}

TEST(Stations, LifoServesTheLastAndPriorityTheMostUrgentFirst) {
  const auto order_of = [](auto station) {
    Log log;
    const std::uint32_t ranks[] = {1, 2, 1, 0, 2, 0};
    for (std::uint64_t i = 0; i < 6; ++i)
      station.arrive(SimTime::zero(), TestCustomer{i, Duration::nanoseconds(10), ranks[i]}, log);
    station.advance(SimTime::at_nanoseconds(1'000), log);
    std::vector<std::uint64_t> ids;
    for (const Record& record : log.records) ids.push_back(record.id);
    return ids;
  };
  EXPECT_EQ(order_of(FifoStation<TestCustomer>(1)), (std::vector<std::uint64_t>{0, 1, 2, 3, 4, 5}));
  EXPECT_EQ(order_of(LifoStation<TestCustomer>(1)), (std::vector<std::uint64_t>{0, 5, 4, 3, 2, 1}));
  EXPECT_EQ(order_of(PriorityStation<TestCustomer>(1)),
            (std::vector<std::uint64_t>{0, 3, 5, 2, 1, 4}));
}

}  // namespace
}  // namespace haldane::sim
