// Who is next, and who is given up.
#include "models/queue/request_line.h"

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

class Bench {
 public:
  explicit Bench(ReplicaQueueSpec rule, std::uint32_t levels = 1) : line_(rule, levels) {}
  void push(std::uint32_t index, std::int64_t ms, std::uint32_t level = 0,
            SimTime deadline = SimTime::never()) {
    line_.push({at_ms(ms), deadline, index, level});
  }
  int take(std::int64_t ms) {
    const auto ticket =
        line_.take(at_ms(ms), [this](const Ticket& t) { given_up_.push_back(t.index); });
    return ticket ? static_cast<int>(ticket->index) : -1;
  }
  [[nodiscard]] const std::vector<std::uint32_t>& given_up() const { return given_up_; }
  [[nodiscard]] std::uint64_t size() const { return line_.size(); }

 private:
  RequestLine line_;
  std::vector<std::uint32_t> given_up_;
};

ReplicaQueueSpec rule(QueueDiscipline discipline) {
  ReplicaQueueSpec spec;
  spec.discipline = discipline;
  return spec;
}

std::vector<int> served(Bench bench, int count) {
  for (std::uint32_t i = 0; i < 4; ++i) bench.push(i, i, i % 2);
  std::vector<int> order;
  for (int i = 0; i < count; ++i) order.push_back(bench.take(10));
  return order;
}

TEST(RequestLine, EveryDisciplineHasItsOrder) {
  EXPECT_THAT(served(Bench(rule(QueueDiscipline::fifo), 2), 5), ElementsAre(0, 2, 1, 3, -1));
  EXPECT_THAT(served(Bench(rule(QueueDiscipline::priority), 2), 5), ElementsAre(0, 2, 1, 3, -1));
  Bench fifo(rule(QueueDiscipline::fifo));
  Bench lifo(rule(QueueDiscipline::lifo));
  for (Bench* bench : {&fifo, &lifo}) {
    for (std::uint32_t i = 0; i < 3; ++i) bench->push(i, i);
  }
  EXPECT_EQ(fifo.take(5), 0);
  EXPECT_EQ(lifo.take(5), 2);
  lifo.push(3, 6);
  EXPECT_EQ(lifo.take(7), 3);
  EXPECT_EQ(lifo.take(8), 1);
  EXPECT_EQ(lifo.take(8), 0);
}

TEST(RequestLine, AdaptiveLifoTurnsRoundWhenItHasNotBeenEmptyForAnInterval) {
  Bench bench(rule(QueueDiscipline::adaptive_lifo));
  for (std::uint32_t i = 0; i < 6; ++i) bench.push(i, i);
  EXPECT_EQ(bench.take(50), 0);
  EXPECT_EQ(bench.take(100), 1);
  EXPECT_EQ(bench.take(101), 5);
  EXPECT_EQ(bench.take(102), 4);
  EXPECT_EQ(bench.take(103), 3);
  EXPECT_EQ(bench.take(104), 2);
  bench.push(6, 200);
  bench.push(7, 201);
  EXPECT_EQ(bench.take(205), 6);
}

// Whoever comes while the queue drains may wait an interval, later ones a target.
TEST(RequestLine, AdaptiveLifoWithCodelBoundsTheWaitAtArrival) {
  ReplicaQueueSpec spec = rule(QueueDiscipline::adaptive_lifo);
  spec.codel.emplace();
  Bench bench(spec);
  bench.push(0, 0);
  bench.push(1, 90);
  bench.push(2, 150);
  bench.push(3, 152);
  EXPECT_EQ(bench.take(156), 3);
  EXPECT_THAT(bench.given_up(), ElementsAre(0));
  EXPECT_EQ(bench.take(189), 1);
  EXPECT_THAT(bench.given_up(), ElementsAre(0, 2));
  EXPECT_EQ(bench.size(), 0U);
}

TEST(RequestLine, GivesUpWhatIsPastItsDeadlineWhereverItTakes) {
  for (const QueueDiscipline discipline : {QueueDiscipline::fifo, QueueDiscipline::lifo}) {
    Bench bench(rule(discipline));
    for (std::uint32_t i = 0; i < 4; ++i) bench.push(i, i, 0, at_ms(10 + i));
    EXPECT_EQ(bench.take(12), 3);
    EXPECT_THAT(bench.given_up(), ElementsAre(0, 1, 2));
    EXPECT_EQ(bench.take(12), -1);
  }
}

TEST(RequestLine, WithoutDeadlinesNobodyIsGivenUp) {
  Bench bench(rule(QueueDiscipline::lifo));
  bench.push(0, 0);
  EXPECT_EQ(bench.take(1'000'000), 0);
  EXPECT_THAT(bench.given_up(), IsEmpty());
}

}  // namespace
}  // namespace haldane::models
