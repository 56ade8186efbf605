#include "models/clients/circuit_breaker.h"

#include <algorithm>

namespace haldane::models {
namespace {

constexpr std::uint8_t failed_bit = 1;
constexpr std::uint8_t slow_bit = 2;

}  // namespace

void CircuitBreaker::Window::add(std::uint32_t size, bool failure, bool slowness) {
  const auto call =
      static_cast<std::uint8_t>((failure ? failed_bit : 0) | (slowness ? slow_bit : 0));
  if (calls.size() < size) {
    calls.push_back(call);
  } else {
    const std::uint8_t oldest = calls[next];
    failed -= (oldest & failed_bit) != 0 ? 1U : 0U;
    slow -= (oldest & slow_bit) != 0 ? 1U : 0U;
    calls[next] = call;
    next = (next + 1) % size;
  }
  failed += failure ? 1U : 0U;
  slow += slowness ? 1U : 0U;
}

bool CircuitBreaker::too_bad() const {
  const auto calls = static_cast<double>(window_.calls.size());
  return window_.failed >= rules_.failure_ratio * calls ||
         window_.slow >= rules_.slow_ratio * calls;
}

void CircuitBreaker::enter(State state, SimTime now) {
  state_ = state;
  since_ = now;
  permits_ = rules_.half_open_calls;
  window_.calls.clear();
  window_.next = window_.failed = window_.slow = 0;
}

bool CircuitBreaker::allow(SimTime now) {
  if (state_ == State::closed) return true;
  if (state_ == State::open && now - since_ >= rules_.open) enter(State::half_open, now);
  if (state_ == State::open || permits_ == 0) return false;
  --permits_;
  return true;
}

void CircuitBreaker::record(SimTime now, bool failed, bool slow) {
  if (state_ == State::open) return;
  const bool trying = state_ == State::half_open;
  const std::uint32_t size = trying ? rules_.half_open_calls : rules_.window;
  window_.add(size, failed, slow);
  if (window_.calls.size() < std::min(rules_.min_calls, size)) return;
  if (too_bad()) {
    enter(State::open, now);
  } else if (trying) {
    enter(State::closed, now);
  }
}

}  // namespace haldane::models
