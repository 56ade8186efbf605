#include "models/workload/step_function.h"

#include <gtest/gtest.h>

namespace haldane::models {
namespace {

SimTime at(std::int64_t ns) {
  return SimTime::at_nanoseconds(ns);
}

TEST(StepFunction, WithoutStepsIsConstant) {
  const StepFunction f(7);
  EXPECT_TRUE(f.is_constant());
  EXPECT_EQ(f.at(at(123)), 7);
  EXPECT_EQ(f.next_change(at(0)), SimTime::never());
}

TEST(StepFunction, OverlappingFactorsMultiply) {
  StepFunction f(2);
  f.multiply(at(10), at(30), 3);
  f.multiply(at(20), SimTime::never(), 5);
  EXPECT_EQ(f.at(at(9)), 2);
  EXPECT_EQ(f.at(at(10)), 6);
  EXPECT_EQ(f.at(at(20)), 30);
  EXPECT_EQ(f.at(at(29)), 30);
  EXPECT_EQ(f.at(at(30)), 10);
  EXPECT_EQ(f.at(at(1'000'000)), 10);
  EXPECT_EQ(f.next_change(at(0)), at(10));
  EXPECT_EQ(f.next_change(at(10)), at(20));
  EXPECT_EQ(f.next_change(at(30)), SimTime::never());
}

TEST(StepFunction, AssigningReplacesWhatWasThere) {
  StepFunction f(1);
  f.multiply(at(10), at(30), 3);
  f.assign(at(20), at(40), 0.5);
  EXPECT_EQ(f.at(at(15)), 3);
  EXPECT_EQ(f.at(at(25)), 0.5);
  EXPECT_EQ(f.at(at(35)), 0.5);
  EXPECT_EQ(f.at(at(40)), 1);
}

}  // namespace
}  // namespace haldane::models
