// Several entries and one error budget.
#include "analysis/judge/closed_testing.h"

#include <algorithm>
#include <cmath>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace haldane::analysis {
namespace {

using testing::DoubleEq;
using testing::ElementsAre;
using testing::HasSubstr;

// R 4.2: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm").
TEST(Holm, AgreesWithR) {
  EXPECT_THAT(holm_p_values({0.01, 0.04, 0.03, 0.005}),
              ElementsAre(DoubleEq(0.03), DoubleEq(0.06), DoubleEq(0.06), DoubleEq(0.02)));
  EXPECT_THAT(holm_p_values({0.5, 0.6}), ElementsAre(1, 1));
  EXPECT_TRUE(holm_p_values({}).empty());
}

// R 4.2: p.adjust(c(0.01, 0.04, 0.03, 0.005, 0.9), "BH").
TEST(BenjaminiHochberg, AgreesWithR) {
  EXPECT_THAT(
      benjamini_hochberg_p_values({0.01, 0.04, 0.03, 0.005, 0.9}),
      ElementsAre(DoubleEq(0.025), DoubleEq(0.05), DoubleEq(0.05), DoubleEq(0.025), DoubleEq(0.9)));
  EXPECT_TRUE(benjamini_hochberg_p_values({}).empty());
}

TEST(ClosedEValues, WorkedExample) {
  // Alone 250; with the least other (250 + 0.5) / 2; with both (250 + 0.5 + 250) / 3.
  const std::vector<double> closed = closed_e_values({250, 250, 0.5});
  EXPECT_DOUBLE_EQ(closed[0], 125.25);
  EXPECT_DOUBLE_EQ(closed[1], 125.25);
  EXPECT_DOUBLE_EQ(closed[2], 0.5);
}

// All 2^n sets, as the closure principle is written down.
template <class Local>
std::vector<double> by_all_sets(const std::vector<double>& values, bool largest,
                                const Local& local) {
  std::vector<double> closed(values.size(), largest ? 0.0 : 1e300);
  for (unsigned set = 1; set < (1U << values.size()); ++set) {
    std::vector<double> members;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if ((set >> i & 1U) != 0) members.push_back(values[i]);
    }
    const double test = local(members);
    for (std::size_t i = 0; i < values.size(); ++i) {
      if ((set >> i & 1U) == 0) continue;
      closed[i] = largest ? std::max(closed[i], test) : std::min(closed[i], test);
    }
  }
  return closed;
}

TEST(ClosedTesting, ShortcutsAreTheClosureOnRandomInputs) {
  std::mt19937_64 random(20'261'121);
  std::lognormal_distribution<double> e_law(1, 3);
  std::uniform_real_distribution<double> p_law(0, 0.3);
  const auto mean = [](const std::vector<double>& e) {
    double sum = 0;
    for (const double value : e) sum += value;
    return sum / static_cast<double>(e.size());
  };
  const auto bonferroni = [](const std::vector<double>& p) {
    return std::min(1.0, *std::min_element(p.begin(), p.end()) * static_cast<double>(p.size()));
  };
  for (int trial = 0; trial < 300; ++trial) {
    std::vector<double> e(1 + static_cast<std::size_t>(trial) % 8);
    std::vector<double> p(e.size());
    for (double& value : e) value = trial % 3 == 0 ? std::floor(e_law(random)) : e_law(random);
    for (double& value : p) value = p_law(random);
    const std::vector<double> closed = closed_e_values(e);
    const std::vector<double> closure = by_all_sets(e, false, mean);
    const std::vector<double> holm = holm_p_values(p);
    const std::vector<double> holm_closure = by_all_sets(p, true, bonferroni);
    for (std::size_t i = 0; i < e.size(); ++i) {
      EXPECT_NEAR(closed[i], closure[i], 1e-9 * closure[i] + 1e-300);
      EXPECT_NEAR(holm[i], holm_closure[i], 1e-12);
      // Never less than Bonferroni's part.
      EXPECT_GE(closed[i] * (1 + 1e-12), e[i] / static_cast<double>(e.size()));
    }
  }
}

Assessment undecided(double e_value, Role role, double share) {
  Assessment assessment;
  assessment.evidence.role = role;
  assessment.evidence.e_value = e_value;
  assessment.evidence.reason = "x: not yet clear of the margin of 5 %";
  assessment.share.rollback = share;
  return assessment;
}

TEST(ClosedTesting, TwoThatAgreeCondemnWhereNoneDoesAlone) {
  const double share = 0.01 / 3;
  std::vector<Assessment> entries = {
      undecided(250, Role::critical, share), undecided(250, Role::guardrail, share),
      undecided(0.5, Role::guardrail, share), undecided(1e9, Role::informational, 0.01)};
  entries[3].evidence.outcome = Evidence::Outcome::reported;
  close_tests(0.01, Multiplicity::holm, entries);
  EXPECT_EQ(entries[0].evidence.outcome, Evidence::Outcome::beyond_margin);
  EXPECT_THAT(entries[0].evidence.reason, HasSubstr("closed testing, e = 125"));
  EXPECT_EQ(entries[2].evidence.outcome, Evidence::Outcome::undecided);
  EXPECT_EQ(entries[3].evidence.outcome, Evidence::Outcome::reported);
}

TEST(ClosedTesting, ReachingTheThresholdIsEnough) {
  const double alpha = 1.0 / 64;
  for (const double e_value : {64.0, std::nextafter(64.0, 0)}) {
    std::vector<Assessment> entries = {undecided(e_value, Role::critical, alpha / 2),
                                       undecided(e_value, Role::guardrail, alpha / 2)};
    close_tests(alpha, Multiplicity::holm, entries);
    EXPECT_EQ(entries[0].evidence.outcome == Evidence::Outcome::beyond_margin, e_value == 64);
  }
}

TEST(ClosedTesting, HalfOfTheEvidenceCountsWhereTwoMarginsWereTested) {
  std::vector<Assessment> entries = {undecided(250, Role::critical, 0.005 / 3),
                                     undecided(250, Role::guardrail, 0.01 / 3),
                                     undecided(0.5, Role::guardrail, 0.01 / 3)};
  close_tests(0.01, Multiplicity::holm, entries);
  EXPECT_EQ(entries[0].evidence.outcome, Evidence::Outcome::undecided);
  EXPECT_EQ(entries[1].evidence.outcome, Evidence::Outcome::beyond_margin);
}

TEST(ClosedTesting, HolmNamesMoreThanBonferroniInFixedMode) {
  std::vector<Assessment> entries;
  for (const double p : {0.004, 0.008}) {
    entries.push_back(undecided(0, Role::critical, 0.005));
    entries.back().evidence.e_value.reset();
    entries.back().evidence.p_value = p;
  }
  entries[0].evidence.outcome = Evidence::Outcome::beyond_margin;
  close_tests(0.01, Multiplicity::holm, entries);
  EXPECT_EQ(entries[1].evidence.outcome, Evidence::Outcome::beyond_margin);
  EXPECT_THAT(entries[1].evidence.reason, HasSubstr("Holm, adjusted p = 0.008"));
}

TEST(ClosedTesting, BenjaminiHochbergNamesMoreThanHolm) {
  for (const Multiplicity rule : {Multiplicity::holm, Multiplicity::benjamini_hochberg}) {
    std::vector<Assessment> entries;
    for (const double p : {0.006, 0.008, 0.009}) {
      entries.push_back(undecided(0, Role::critical, 0.01 / 3));
      entries.back().evidence.e_value.reset();
      entries.back().evidence.p_value = p;
    }
    close_tests(0.01, rule, entries);
    for (const Assessment& entry : entries) {
      EXPECT_EQ(entry.evidence.outcome == Evidence::Outcome::beyond_margin,
                rule == Multiplicity::benjamini_hochberg);
    }
  }
}

}  // namespace
}  // namespace haldane::analysis
