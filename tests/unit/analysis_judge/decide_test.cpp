// The rules of a verdict, on evidence that is given.
#include "analysis/judge/decide.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace haldane::analysis {
namespace {

using Outcome = Evidence::Outcome;

Assessment entry(Role role, Outcome outcome) {
  Assessment assessment;
  assessment.evidence.role = role;
  assessment.evidence.outcome = outcome;
  return assessment;
}

Verdict verdict_of(const std::vector<Assessment>& entries, bool same = false,
                   const std::vector<std::string>& doubts = {}) {
  const ObservationTable table;
  Verdict verdict;
  decide(entries, same, {table, table}, doubts, verdict);
  return verdict;
}

const Assessment critical_inside = entry(Role::critical, Outcome::within_margin);
const Assessment critical_undecided = entry(Role::critical, Outcome::undecided);
const Assessment critical_beyond = entry(Role::critical, Outcome::beyond_margin);
const Assessment guardrail_inside = entry(Role::guardrail, Outcome::within_margin);
const Assessment guardrail_undecided = entry(Role::guardrail, Outcome::undecided);
const Assessment guardrail_beyond = entry(Role::guardrail, Outcome::beyond_margin);
const Assessment informational_beyond = entry(Role::informational, Outcome::beyond_margin);

TEST(Decide, PromotesWhenAllThatIsCriticalIsInside) {
  EXPECT_EQ(verdict_of({critical_inside}).decision, Decision::promote);
  EXPECT_EQ(verdict_of({critical_inside, guardrail_undecided}).decision, Decision::promote);
  EXPECT_EQ(verdict_of({critical_inside, informational_beyond}).decision, Decision::promote);
  EXPECT_EQ(verdict_of({critical_inside, critical_undecided}).decision, Decision::inconclusive);
  EXPECT_EQ(verdict_of({guardrail_inside}).decision, Decision::inconclusive);
  EXPECT_EQ(verdict_of({}).decision, Decision::inconclusive);
}

TEST(Decide, RollsBackForOneThatIsBeyond) {
  EXPECT_EQ(verdict_of({critical_inside, guardrail_beyond}).decision, Decision::rollback);
  EXPECT_EQ(verdict_of({critical_undecided, critical_beyond}).decision, Decision::rollback);
  EXPECT_EQ(verdict_of({informational_beyond}).decision, Decision::inconclusive);
}

TEST(Decide, ScoresHalfForWhatIsUndecided) {
  EXPECT_EQ(verdict_of({critical_inside}).score, 100);
  EXPECT_EQ(verdict_of({critical_inside, guardrail_undecided}).score, 75);
  EXPECT_EQ(verdict_of({critical_undecided, guardrail_undecided}).score, 50);
  EXPECT_EQ(verdict_of({critical_inside, critical_inside, guardrail_beyond}).score, 0);
  EXPECT_EQ(verdict_of({informational_beyond}).score, 50);
}

TEST(Decide, ADoubtKeepsFromPromotingAndFromNothingElse) {
  const Verdict held = verdict_of({critical_inside}, false, {"the baseline is ill"});
  EXPECT_EQ(held.decision, Decision::inconclusive);
  EXPECT_THAT(held.reasons, testing::Contains("the baseline is ill"));
  EXPECT_EQ(verdict_of({critical_beyond}, false, {"the baseline is ill"}).decision,
            Decision::rollback);
}

TEST(Decide, ArmsThatAreTheSameSayNothing) {
  for (const Assessment& only : {critical_inside, critical_beyond}) {
    const Verdict verdict = verdict_of({only}, true);
    EXPECT_EQ(verdict.decision, Decision::inconclusive);
    EXPECT_EQ(verdict.score, 50);
  }
}

}  // namespace
}  // namespace haldane::analysis
