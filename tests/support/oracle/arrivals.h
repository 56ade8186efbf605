// When open-loop clients of one site ask: one after the other, excited by those before, or in
// sessions of their own.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "models/plan.h"
#include "models/workload/excitation.h"
#include "tests/support/oracle/draws.h"
#include "tests/support/oracle/event_loop.h"

namespace haldane::test::oracle {

class Arrivals {
 public:
  /// The 32 bits that keep a user with one arm; none where every request is split anew.
  using UserWord = std::optional<std::uint64_t>;
  Arrivals(EventLoop& loop, const models::Plan& plan, const Draws& draws, std::uint32_t site,
           std::function<void(UserWord)> ask);

  void start();

 private:
  void next_of_its_own_accord();
  void next_of_a_chain();
  void next_session();
  void ask_in_session(std::uint64_t session, std::uint32_t asked, std::uint32_t left);
  [[nodiscard]] SimTime after_gap(double gap, bool rounds_by_mean) const;
  void at(SimTime time, std::uint64_t rank, std::function<void()> action);

  EventLoop& loop_;
  const models::Plan& plan_;
  const Draws& draws_;
  std::uint32_t site_;
  std::function<void(UserWord)> ask_;
  models::StepFunction rate_;
  std::optional<models::Excitation> excitation_;
  std::uint64_t asked_ = 0;
  std::uint64_t sessions_ = 0;
};

}  // namespace haldane::test::oracle
