// The circuit breaker's states, with the defaults of resilience4j.
#include "models/clients/circuit_breaker.h"

#include <gtest/gtest.h>

namespace haldane::models {
namespace {

using State = CircuitBreaker::State;

SimTime at_s(std::int64_t s) {
  return SimTime::zero() + Duration::seconds(s);
}

void record(CircuitBreaker& breaker, SimTime now, int failures, int successes) {
  for (int i = 0; i < failures; ++i) breaker.record(now, true, false);
  for (int i = 0; i < successes; ++i) breaker.record(now, false, false);
}

CircuitBreaker opened() {
  CircuitBreaker breaker{CircuitBreakerRules{}};
  record(breaker, at_s(0), 100, 0);
  return breaker;
}

TEST(CircuitBreaker, DecidesNothingBeforeItsMinimumOfCalls) {
  CircuitBreaker breaker{CircuitBreakerRules{}};
  record(breaker, at_s(0), 99, 0);
  EXPECT_EQ(breaker.state(), State::closed);
  EXPECT_TRUE(breaker.allow(at_s(0)));
  breaker.record(at_s(0), true, false);
  EXPECT_EQ(breaker.state(), State::open);
}

TEST(CircuitBreaker, OpensAtHalfNotBelow) {
  CircuitBreaker below{CircuitBreakerRules{}};
  record(below, at_s(0), 49, 51);
  EXPECT_EQ(below.state(), State::closed);
  // The window slides: the oldest failures leave it as new calls come.
  record(below, at_s(1), 0, 49);
  record(below, at_s(1), 49, 0);
  EXPECT_EQ(below.state(), State::closed);
  record(below, at_s(1), 1, 0);
  EXPECT_EQ(below.state(), State::open);
}

TEST(CircuitBreaker, OpensWhenAllCallsAreSlow) {
  CircuitBreaker breaker{CircuitBreakerRules{}};
  breaker.record(at_s(0), false, false);
  for (int i = 0; i < 99; ++i) breaker.record(at_s(0), false, true);
  EXPECT_EQ(breaker.state(), State::closed);
  breaker.record(at_s(0), false, true);
  EXPECT_EQ(breaker.state(), State::open);
}

TEST(CircuitBreaker, LetsTenTryAfterAMinute) {
  CircuitBreaker breaker = opened();
  EXPECT_FALSE(breaker.allow(at_s(59)));
  EXPECT_EQ(breaker.state(), State::open);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(breaker.allow(at_s(60)));
  EXPECT_EQ(breaker.state(), State::half_open);
  EXPECT_FALSE(breaker.allow(at_s(60)));
}

TEST(CircuitBreaker, ClosesWhenFewerThanHalfOfThoseFail) {
  CircuitBreaker breaker = opened();
  EXPECT_TRUE(breaker.allow(at_s(60)));
  record(breaker, at_s(61), 4, 5);
  EXPECT_EQ(breaker.state(), State::half_open);
  record(breaker, at_s(61), 0, 1);
  EXPECT_EQ(breaker.state(), State::closed);
  // With a window of its own: what failed before is forgotten.
  record(breaker, at_s(62), 99, 0);
  EXPECT_EQ(breaker.state(), State::closed);
}

TEST(CircuitBreaker, OpensAnewWhenHalfOfThoseFail) {
  CircuitBreaker breaker = opened();
  EXPECT_TRUE(breaker.allow(at_s(60)));
  record(breaker, at_s(61), 5, 5);
  EXPECT_EQ(breaker.state(), State::open);
  EXPECT_FALSE(breaker.allow(at_s(120)));
  EXPECT_TRUE(breaker.allow(at_s(121)));
}

TEST(CircuitBreaker, HearsNothingWhileOpen) {
  CircuitBreaker breaker = opened();
  record(breaker, at_s(1), 0, 1'000);
  EXPECT_EQ(breaker.state(), State::open);
  EXPECT_FALSE(breaker.allow(at_s(2)));
}

TEST(CircuitBreaker, DecidesAfterItsMinimumWhereThatIsLessThanThoseWhoTry) {
  CircuitBreakerRules rules;
  rules.min_calls = 3;
  CircuitBreaker breaker(rules);
  record(breaker, at_s(0), 3, 0);
  EXPECT_EQ(breaker.state(), State::open);
  EXPECT_TRUE(breaker.allow(at_s(60)));
  record(breaker, at_s(60), 1, 2);
  EXPECT_EQ(breaker.state(), State::closed);
}

}  // namespace
}  // namespace haldane::models
