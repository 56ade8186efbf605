// What every request of a cell needs on its way: a database behind a pool of connections, as one
// queue of those who ask, with an event whenever a connection is free again or somebody gives up.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>

#include "models/plan.h"
#include "tests/support/oracle/books.h"
#include "tests/support/oracle/draws.h"
#include "tests/support/oracle/event_loop.h"

namespace haldane::test::oracle {

class Dependency {
 public:
  Dependency(EventLoop& loop, const models::Plan& plan, const Draws& draws, Books& books,
             std::uint32_t cell);

  /// `answer(ok)` is called when the answer is there, or when there will be none.
  void ask(std::uint64_t id, std::uint64_t lane, std::function<void(bool ok)> answer);

 private:
  struct Question {
    std::uint64_t id = 0;
    std::uint64_t lane = 0;
    SimTime asked;
    std::function<void(bool ok)> answer;
  };
  using QuestionPointer = std::shared_ptr<Question>;
  void serve(const QuestionPointer& question);
  void free();
  void refuse(const Question& question);
  void leave_queue(const Question& question);
  [[nodiscard]] bool counts(const Question& question) const { return question.asked < plan_.end; }
  [[nodiscard]] Order order(SimTime at, Phase phase);

  EventLoop& loop_;
  const models::Plan& plan_;
  const models::DependencyPlan& rule_;
  const Draws& draws_;
  Books& books_;
  std::uint32_t cell_;
  std::uint32_t used_ = 0;
  std::deque<QuestionPointer> queue_;
  std::uint64_t scheduled_ = 0;
};

}  // namespace haldane::test::oracle
