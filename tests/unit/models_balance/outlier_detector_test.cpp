// Outlier ejection by Envoy's rules: when, how many, how long.
#include "models/balance/outlier_detector.h"

#include <gtest/gtest.h>

namespace haldane::models {
namespace {

SimTime at(std::int64_t seconds) {
  return SimTime::zero() + Duration::seconds(seconds);
}

OutlierRules everybody() {
  OutlierRules rules;
  rules.max_ejected = 1;
  rules.panic = 0;
  return rules;
}

void send(OutlierDetector& detector, SimTime now, std::uint32_t replica, int good, int bad) {
  for (int i = 0; i < bad; ++i) {
    detector.record(now, replica, false);
    // Never five errors in a row, as long as good ones are left.
    if (good > 0 && i % 4 == 3) {
      detector.record(now, replica, true);
      --good;
    }
  }
  for (int i = 0; i < good; ++i) detector.record(now, replica, true);
}

TEST(OutlierDetector, EjectsAtTheFifthErrorInARow) {
  OutlierDetector detector(everybody(), 2);
  for (int i = 0; i < 4; ++i) detector.record(at(1), 0, false);
  detector.record(at(1), 0, true);
  for (int i = 0; i < 4; ++i) detector.record(at(1), 0, false);
  EXPECT_FALSE(detector.is_ejected(0));
  detector.record(at(1), 0, false);
  EXPECT_TRUE(detector.is_ejected(0));
  EXPECT_FALSE(detector.is_ejected(1));
  EXPECT_EQ(detector.changes(), 1U);
}

// Shares are of those who are there: two of four may be ejected, of two one.
TEST(OutlierDetector, CountsWhoComesAndGoes) {
  OutlierRules rules = everybody();
  rules.max_ejected = 0.5;
  OutlierDetector detector(rules, 2);
  send(detector, at(1), 0, 0, 5);
  send(detector, at(1), 1, 0, 5);
  EXPECT_FALSE(detector.is_ejected(1)) << "one of two is ejected already";
  detector.join(2);
  detector.join(3);
  send(detector, at(2), 3, 0, 5);
  EXPECT_TRUE(detector.is_ejected(3));
  detector.leave(at(3), 3);
  EXPECT_FALSE(detector.is_ejected(3));
  EXPECT_EQ(detector.log().back().to, at(3));
  send(detector, at(4), 3, 0, 50);
  EXPECT_EQ(detector.log().size(), 2U) << "nobody hears how its last requests ended";
  detector.join(3);
  send(detector, at(5), 3, 0, 4);
  EXPECT_FALSE(detector.is_ejected(3)) << "a new one begins without errors";
}

// Envoy's own example: success of 50, 100, 100, 100, 100 % has mean 90 and deviation 20, and so,
// with 1.9 of them, the threshold 52.
TEST(OutlierDetector, JudgesSuccessRatesByMeanAndDeviation) {
  for (const int percent : {50, 51}) {
    OutlierRules rules = everybody();
    rules.consecutive_errors = 0;
    // At 51 % of one the threshold is 90.2 - 1.9 * 19.6 = 52.96; with 2.05 deviations it is 50.02.
    rules.success_rate->deviations = percent == 50 ? 1.9 : 2.05;
    OutlierDetector detector(rules, 5);
    send(detector, at(3), 0, percent, 100 - percent);
    for (std::uint32_t r = 1; r < 5; ++r) send(detector, at(3), r, 100, 0);
    detector.advance(at(9));
    EXPECT_FALSE(detector.is_ejected(0));
    detector.advance(at(10));
    EXPECT_EQ(detector.is_ejected(0), percent == 50);
  }
}

TEST(OutlierDetector, NeedsEnoughReplicasWithEnoughRequests) {
  const auto ejects = [](std::uint32_t replicas, int requests) {
    OutlierRules rules = everybody();
    rules.consecutive_errors = 0;
    OutlierDetector detector(rules, replicas);
    send(detector, at(1), 0, requests / 2, requests - requests / 2);
    for (std::uint32_t r = 1; r < replicas; ++r) send(detector, at(1), r, requests, 0);
    detector.advance(at(10));
    return detector.is_ejected(0);
  };
  EXPECT_TRUE(ejects(5, 100));
  EXPECT_FALSE(ejects(4, 100));
  EXPECT_FALSE(ejects(5, 99));
}

TEST(OutlierDetector, JudgesFailureRatiosWhereAsked) {
  for (const bool asked : {false, true}) {
    OutlierRules rules = everybody();
    rules.consecutive_errors = 0;
    rules.success_rate.reset();
    if (asked) rules.failure_ratio = OutlierRules::FailureRatio{};
    OutlierDetector detector(rules, 5);
    send(detector, at(1), 0, 15, 85);
    send(detector, at(1), 1, 16, 84);
    for (std::uint32_t r = 2; r < 5; ++r) send(detector, at(1), r, 50, 0);
    detector.advance(at(10));
    EXPECT_EQ(detector.is_ejected(0), asked);
    EXPECT_FALSE(detector.is_ejected(1));
  }
}

void fail_in_a_row(OutlierDetector& detector, SimTime now, std::uint32_t replica) {
  detector.advance(now);
  for (int i = 0; i < 5; ++i) detector.record(now, replica, false);
}

// 30 s, then 60 s, and back at the end of an interval only; each interval of good conduct takes
// one off the multiplier.
TEST(OutlierDetector, TakesBackWhenTheTimeIsJustOver) {
  OutlierDetector detector(everybody(), 2);
  fail_in_a_row(detector, at(10), 0);
  detector.advance(at(39));
  EXPECT_TRUE(detector.is_ejected(0));
  detector.advance(at(40));
  EXPECT_FALSE(detector.is_ejected(0)) << "30 s are over where the interval ends";
}

TEST(OutlierDetector, EjectsForLongerEachTime) {
  OutlierDetector detector(everybody(), 2);
  fail_in_a_row(detector, at(5), 0);
  detector.advance(at(39));
  EXPECT_TRUE(detector.is_ejected(0)) << "30 s are over at 35 s, the interval at 40 s";
  detector.advance(at(40));
  EXPECT_FALSE(detector.is_ejected(0));
  fail_in_a_row(detector, at(41), 0);
  detector.advance(at(109));
  EXPECT_TRUE(detector.is_ejected(0));
  detector.advance(at(110));
  EXPECT_FALSE(detector.is_ejected(0));
  // At 120 s and 130 s the multiplier falls, from 2 to 0.
  fail_in_a_row(detector, at(135), 0);
  detector.advance(at(170));
  EXPECT_FALSE(detector.is_ejected(0)) << "30 s again";
  ASSERT_EQ(detector.log().size(), 3U);
  EXPECT_EQ(detector.log()[1].from, at(41));
  EXPECT_EQ(detector.log()[1].to, at(110));
}

TEST(OutlierDetector, NeverEjectsForLongerThanTheMaximum) {
  OutlierRules rules = everybody();
  rules.ejection = Duration::seconds(100);
  OutlierDetector detector(rules, 1);
  SimTime now = at(1);
  for (int i = 0; i < 8; ++i) {
    fail_in_a_row(detector, now, 0);
    ASSERT_TRUE(detector.is_ejected(0));
    while (detector.is_ejected(0)) detector.advance(now += Duration::seconds(1));
  }
  for (const OutlierDetector::Ejection& one : detector.log())
    EXPECT_LE(one.to - one.from, Duration::seconds(310));
  EXPECT_GE(detector.log().back().to - detector.log().back().from, Duration::seconds(300));
}

// 10 % of 19 replicas is one, of 20 two, of 9 none, unless one always may be.
TEST(OutlierDetector, LeavesMostReplicasAlone) {
  const auto ejected = [](std::uint32_t replicas, bool always_one) {
    OutlierRules rules;
    rules.always_one = always_one;
    OutlierDetector detector(rules, replicas);
    std::uint32_t count = 0;
    for (std::uint32_t r = 0; r < replicas; ++r) {
      fail_in_a_row(detector, at(1), r);
      count += detector.is_ejected(r) ? 1U : 0U;
    }
    return count;
  };
  EXPECT_EQ(ejected(9, false), 0U);
  EXPECT_EQ(ejected(9, true), 1U);
  EXPECT_EQ(ejected(10, false), 1U);
  EXPECT_EQ(ejected(19, false), 1U);
  EXPECT_EQ(ejected(20, false), 2U);
  EXPECT_EQ(ejected(20, true), 2U);
}

TEST(OutlierDetector, PanicsWhereTooFewAreLeft) {
  OutlierRules rules = everybody();
  rules.panic = 0.5;
  OutlierDetector detector(rules, 4);
  fail_in_a_row(detector, at(1), 0);
  fail_in_a_row(detector, at(1), 1);
  EXPECT_FALSE(detector.panics());
  fail_in_a_row(detector, at(1), 2);
  EXPECT_TRUE(detector.panics());
}

TEST(OutlierDetector, ForgetsReplicasThatStartAnew) {
  OutlierDetector detector(everybody(), 2);
  fail_in_a_row(detector, at(1), 0);
  detector.renew(at(7), 0);
  EXPECT_FALSE(detector.is_ejected(0));
  EXPECT_EQ(detector.log()[0].to, at(7));
  fail_in_a_row(detector, at(8), 0);
  detector.advance(at(40));
  EXPECT_FALSE(detector.is_ejected(0)) << "its first ejection";
}

// Errors that come in while it is ejected neither eject again nor count towards the next time.
TEST(OutlierDetector, IgnoresLateErrors) {
  OutlierDetector detector(everybody(), 2);
  fail_in_a_row(detector, at(1), 0);
  for (int i = 0; i < 12; ++i) detector.record(at(2), 0, false);
  EXPECT_EQ(detector.log().size(), 1U);
  detector.advance(at(40));
  for (int i = 0; i < 4; ++i) detector.record(at(41), 0, false);
  EXPECT_FALSE(detector.is_ejected(0));
}

}  // namespace
}  // namespace haldane::models
