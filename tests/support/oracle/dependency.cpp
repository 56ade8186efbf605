#include "tests/support/oracle/dependency.h"

#include <algorithm>
#include <utility>

namespace haldane::test::oracle {

using models::Counter;
using models::Histogram;

Dependency::Dependency(EventLoop& loop, const models::Plan& plan, const Draws& draws, Books& books,
                       std::uint32_t cell)
    : loop_(loop), plan_(plan), rule_(*plan.dependency), draws_(draws), books_(books), cell_(cell) {
  books_.add(Counter::dependency_slot_time, books_.up_time(rule_.pool, {}));
}

Order Dependency::order(SimTime at, Phase phase) {
  return {at, phase, {cell_, scheduled_++}};
}

void Dependency::ask(std::uint64_t id, std::uint64_t lane, std::function<void(bool ok)> answer) {
  const SimTime now = loop_.now();
  const auto question = std::make_shared<Question>(Question{id, lane, now, std::move(answer)});
  if (counts(*question)) books_.count(Counter::dependency_calls, now);
  if (used_ < rule_.pool) return serve(question);
  if (queue_.size() >= rule_.queue_capacity) return refuse(*question);
  queue_.push_back(question);
  if (rule_.timeout == Duration::max()) return;
  loop_.schedule(order(now + rule_.timeout, Phase::dependency_timeout), [this, question] {
    if (std::erase(queue_, question) == 0) return;
    leave_queue(*question);
    refuse(*question);
  });
}

void Dependency::leave_queue(const Question& question) {
  if (counts(question)) books_.occupy(Counter::dependency_queue_time, question.asked, loop_.now());
}

void Dependency::refuse(const Question& question) {
  if (counts(question)) books_.count(Counter::dependency_errors, question.asked);
  question.answer(false);
}

void Dependency::serve(const QuestionPointer& question) {
  const SimTime start = loop_.now();
  ++used_;
  const sim::RandomWords words = draws_.dependency(question->id, question->lane);
  const double ns = rule_.service.sample(words.first) * rule_.slow_down.at(start);
  const SimTime end = start + Duration::nanoseconds(static_cast<std::int64_t>(ns + 0.5));
  const bool failed = static_cast<double>(words.second >> 32) < rule_.failure_threshold.at(start);
  if (counts(*question)) {
    if (failed) books_.count(Counter::dependency_errors, question->asked);
    books_.record(Histogram::dependency_wait, question->asked, start - question->asked);
    books_.occupy(Counter::dependency_busy_time, start, end);
  }
  loop_.schedule(order(end, Phase::dependency_slot), [this, question, failed] {
    free();
    question->answer(!failed);
  });
}

void Dependency::free() {
  --used_;
  if (queue_.empty()) return;
  const QuestionPointer next = queue_.front();
  queue_.pop_front();
  leave_queue(*next);
  serve(next);
}

}  // namespace haldane::test::oracle
