// The Kubernetes HPA: proposals to the last per cent, ramps sync by sync, windows and policies.
#include "models/scale/hpa.h"

#include <array>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace haldane::models {
namespace {

using testing::ElementsAre;

SimTime at(std::int64_t seconds) {
  return SimTime::zero() + Duration::seconds(seconds);
}

std::uint32_t ten_pods_at(std::int64_t usage_each) {
  return resource_proposal({usage_each * 10, 1'000, 10, 0, 0}, 50, 10).replicas;
}

TEST(HpaProposal, UtilisationIsATruncatedPercentage) {
  EXPECT_EQ(ten_pods_at(549), 10U);  // 54 % of a target of 50: ratio 1.08
  EXPECT_EQ(ten_pods_at(551), 10U);  // 55 %: exactly at the tolerance
  EXPECT_EQ(ten_pods_at(560), 12U);
  EXPECT_EQ(ten_pods_at(449), 9U);  // 44 %: ratio 0.88
  EXPECT_EQ(ten_pods_at(450), 10U);
  EXPECT_EQ(resource_proposal({300, 300, 3, 0, 0}, 50, 3).replicas, 2U);  // 33 %
}

TEST(HpaProposal, MissingPodsAreFullOnTheWayDownAndIdleOnTheWayUp) {
  // Two pods at 20 %: ratio 0.4; with the third at 100 %: 46 %, so 0.92 is within the tolerance.
  EXPECT_EQ(resource_proposal({400, 1'000, 2, 1, 0}, 50, 3).replicas, 3U);
  // Two pods at 90 %: ratio 1.8; with the third idle: 60 %, ratio 1.2, 4 pods.
  EXPECT_EQ(resource_proposal({1'800, 1'000, 2, 1, 0}, 50, 3).replicas, 4U);
  // A plain metric: the missing pod stands exactly at the target.
  EXPECT_EQ(pods_proposal({20'000, 0, 2, 1, 0}, 50'000, 3).replicas, 2U);  // 23.3 / 50 of 3
}

TEST(HpaProposal, UnreadyPodsAreIdleOnTheWayUpAndUnseenOnTheWayDown) {
  // Two pods at 90 % and two that start: 45 % of all, which turns the direction.
  EXPECT_EQ(resource_proposal({1'800, 1'000, 2, 0, 2}, 50, 4).replicas, 4U);
  EXPECT_EQ(resource_proposal({3'000, 1'000, 2, 0, 1}, 50, 3).replicas, 6U);  // 100 % of 3
  EXPECT_EQ(resource_proposal({400, 1'000, 2, 0, 2}, 50, 4).replicas, 1U);    // 0.4 of 2
}

// More pods than the set asks for, as while it shrinks: a proposal never goes against its ratio.
TEST(HpaProposal, NeverGoesAgainstItsRatio) {
  // 40 % of 4 pods, and 2 that count as full: 60 % of the target of 6 is 5 pods, not 3.
  const HpaProposal less = resource_proposal({1'600, 1'000, 4, 2, 0}, 100, 3);
  EXPECT_EQ(less.replicas, 3U);
  EXPECT_EQ(less.limit, ScaleLimit::tolerance);
  // 300 % of 2 pods, and 1 that counts as idle: twice the target of 3 is 6 pods, not 8.
  const HpaProposal more = resource_proposal({3'000, 1'000, 2, 1, 0}, 50, 8);
  EXPECT_EQ(more.replicas, 8U);
  EXPECT_EQ(more.limit, ScaleLimit::tolerance);
}

// The ready pods ask for more, all of them together for less: whoever is not ready may yet help.
TEST(HpaProposal, StaysWhereCountingAllPodsTurnsTheRatio) {
  const HpaProposal proposal = resource_proposal({1'200, 1'000, 2, 0, 4}, 50, 6);  // 60 %, 20 %
  EXPECT_EQ(proposal.replicas, 6U);
  EXPECT_EQ(proposal.limit, ScaleLimit::tolerance);
}

TEST(HpaProposal, NoPodNoOpinion) {
  const HpaProposal proposal = resource_proposal({0, 1'000, 0, 2, 1}, 50, 3);
  EXPECT_EQ(proposal.replicas, 3U);
  EXPECT_EQ(proposal.limit, ScaleLimit::no_signal);
}

TEST(HpaProposal, AValueScalesTheReadyPods) {
  EXPECT_EQ(value_proposal(150, 100, 4, 6).replicas, 6U);
  EXPECT_EQ(value_proposal(105, 100, 4, 6).replicas, 6U);  // tolerated
  EXPECT_EQ(value_proposal(250, 100, 0, 0).replicas, 3U);
}

TEST(HpaProposal, SeveralMetricsGiveTheLargestAndAnErrorNeverTakesAway) {
  const HpaProposal two{2, 0.5, ScaleLimit::none};
  const HpaProposal seven{7, 1.75, ScaleLimit::none};
  EXPECT_EQ(largest_proposal(std::vector<std::optional<HpaProposal>>{two, seven}, 4).replicas, 7U);
  EXPECT_EQ(largest_proposal(std::vector<std::optional<HpaProposal>>{two, {}}, 4).replicas, 4U);
  EXPECT_EQ(largest_proposal(std::vector<std::optional<HpaProposal>>{seven, {}}, 4).replicas, 7U);
}

TEST(HpaProposal, OfSeveralMetricsSaysWhichOneAsksOrIsMissing) {
  using Proposals = std::vector<std::optional<HpaProposal>>;
  const HpaProposal two{2, 0.5, ScaleLimit::none};
  const HpaProposal seven{7, 1.75, ScaleLimit::none};
  const HpaProposal silent{4, 1, ScaleLimit::no_signal};
  EXPECT_EQ(largest_proposal(Proposals{two, seven, seven}, 4).metric, 1U);
  const HpaProposal missing = largest_proposal(Proposals{two, silent}, 4);
  EXPECT_EQ(missing.limit, ScaleLimit::missing);
  EXPECT_EQ(missing.replicas, 4U);
  EXPECT_EQ(missing.metric, 1U);
  EXPECT_EQ(largest_proposal(Proposals{silent, seven}, 4).metric, 1U);
  EXPECT_EQ(largest_proposal(Proposals{silent, {}}, 4).limit, ScaleLimit::no_signal);
}

// computeReplicasForMetrics fails then, and the sync ends there: the window must not remember it.
TEST(Hpa, ALookWithAMissingMetricLeavesNoRecommendation) {
  HpaRules rules;
  rules.max = 20;
  rules.downscale_stabilization = Duration::seconds(60);
  HpaController hpa(rules);
  const auto now = [](int s) { return SimTime::zero() + Duration::seconds(s); };
  EXPECT_EQ(hpa.decide(now(0), 4, {4, 1, ScaleLimit::tolerance}).replicas, 4U);
  for (int s = 15; s <= 75; s += 15) {
    const ScaleDecision decision = hpa.decide(now(s), 4, {4, 1, ScaleLimit::missing, 1});
    EXPECT_EQ(decision.replicas, 4U);
    EXPECT_EQ(decision.metric, 1U);
  }
  EXPECT_EQ(hpa.decide(now(90), 4, {2, 0.5, ScaleLimit::none}).replicas, 2U);
}

/// The counts of successive syncs, 15 s apart, of a metric that always asks for `wanted`.
std::vector<std::uint32_t> ramp(const HpaRules& rules, std::uint32_t from, std::uint32_t wanted,
                                int syncs) {
  HpaController hpa(rules);
  std::vector<std::uint32_t> counts{from};
  for (int i = 0; i < syncs; ++i) {
    const HpaProposal proposal{wanted, 2, ScaleLimit::none};
    counts.push_back(hpa.decide(at(15 * i), counts.back(), proposal).replicas);
  }
  return counts;
}

TEST(Hpa, WithoutBehaviorTheCountDoublesASync) {
  HpaRules rules;
  rules.max = 1'000;
  EXPECT_THAT(ramp(rules, 1, 40, 5), ElementsAre(1, 4, 8, 16, 32, 40));
  EXPECT_THAT(ramp(rules, 4, 100, 5), ElementsAre(4, 8, 16, 32, 64, 100));
}

TEST(Hpa, BehaviorAddsFourOrDoublesASync) {
  HpaRules rules;
  rules.max = 1'000;
  rules.behavior.emplace();
  EXPECT_THAT(ramp(rules, 1, 40, 4), ElementsAre(1, 5, 10, 20, 40));
}

TEST(Hpa, TheCountAtFirstSightHoldsForTheWholeWindow) {
  for (const bool behavior : {false, true}) {
    HpaRules rules;
    rules.max = 100;
    if (behavior) rules.behavior.emplace();
    HpaController hpa(rules);
    const HpaProposal one{1, 0.1, ScaleLimit::none};
    EXPECT_EQ(hpa.decide(at(0), 10, one).limit, ScaleLimit::stabilization);
    EXPECT_EQ(hpa.decide(at(285), 10, one).replicas, 10U);
    // The one counts what is exactly 300 s old, the other does not.
    EXPECT_EQ(hpa.decide(at(300), 10, one).replicas, behavior ? 1U : 10U);
    EXPECT_EQ(hpa.decide(at(315), 10, one).replicas, 1U);
  }
}

TEST(Hpa, AnUpWindowTakesTheLeastOfItsRecommendations) {
  HpaRules rules;
  rules.max = 100;
  rules.behavior.emplace();
  rules.behavior->up.stabilization = Duration::seconds(60);
  rules.behavior->up.policies = {{HpaPolicy::Kind::percent, 1'000}};
  HpaController hpa(rules);
  EXPECT_EQ(hpa.decide(at(0), 2, {8, 4, ScaleLimit::none}).replicas, 2U);  // first sight: 2
  EXPECT_EQ(hpa.decide(at(30), 2, {6, 3, ScaleLimit::none}).replicas, 2U);
  EXPECT_EQ(hpa.decide(at(61), 2, {9, 4, ScaleLimit::none}).replicas, 6U);
}

HpaRules one_policy(HpaPolicy policy, PolicySelect select, bool up) {
  HpaRules rules;
  rules.max = 1'000;
  rules.behavior.emplace();
  rules.behavior->down.stabilization = {};
  HpaDirection& direction = up ? rules.behavior->up : rules.behavior->down;
  direction.policies = {policy};
  direction.select = select;
  return rules;
}

TEST(Hpa, ARateCountsFromTheBeginningOfItsPeriod) {
  const HpaRules rules =
      one_policy({HpaPolicy::Kind::pods, 4, Duration::seconds(60)}, PolicySelect::max, true);
  EXPECT_THAT(ramp(rules, 10, 100, 6), ElementsAre(10, 14, 14, 14, 14, 18, 18));
}

TEST(Hpa, PercentagesRoundUpOnTheWayUpAndDownOnTheWayDown) {
  const HpaPolicy tenth{HpaPolicy::Kind::percent, 10};
  EXPECT_THAT(ramp(one_policy(tenth, PolicySelect::max, true), 5, 100, 2), ElementsAre(5, 6, 7));
  EXPECT_THAT(ramp(one_policy(tenth, PolicySelect::max, false), 15, 1, 2), ElementsAre(15, 13, 11));
}

TEST(Hpa, DisabledMeansNeverAndMinTakesTheLeastChange) {
  HpaRules rules = one_policy({HpaPolicy::Kind::pods, 5}, PolicySelect::disabled, false);
  EXPECT_THAT(ramp(rules, 20, 1, 1), ElementsAre(20, 20));
  rules.behavior->down.select = PolicySelect::min;
  rules.behavior->down.policies.push_back({HpaPolicy::Kind::percent, 10});
  EXPECT_THAT(ramp(rules, 20, 1, 1), ElementsAre(20, 18));
  rules.behavior->down.select = PolicySelect::max;
  EXPECT_THAT(ramp(rules, 20, 1, 1), ElementsAre(20, 15));
}

TEST(Hpa, OlderReleasesOverlookChangesOfTheOtherDirection) {
  for (const bool older : {false, true}) {
    HpaRules rules =
        one_policy({HpaPolicy::Kind::pods, 4, Duration::seconds(60)}, PolicySelect::max, true);
    rules.behavior->own_direction_only = older;
    HpaController hpa(rules);
    EXPECT_EQ(hpa.decide(at(0), 10, {10, 1, ScaleLimit::tolerance}).replicas, 10U);
    EXPECT_EQ(hpa.decide(at(15), 10, {7, 0.7, ScaleLimit::none}).replicas, 7U);
    EXPECT_EQ(hpa.decide(at(30), 7, {30, 4, ScaleLimit::none}).replicas, older ? 11U : 14U);
  }
}

TEST(Hpa, BoundsComeBeforeEverything) {
  HpaRules rules;
  rules.min = 3;
  rules.max = 6;
  HpaController hpa(rules);
  EXPECT_EQ(hpa.decide(at(0), 1, {1, 1, ScaleLimit::tolerance}).limit, ScaleLimit::minimum);
  EXPECT_EQ(hpa.decide(at(15), 9, {9, 1, ScaleLimit::tolerance}).replicas, 6U);
  EXPECT_EQ(hpa.decide(at(30), 4, {50, 9, ScaleLimit::none}).limit, ScaleLimit::maximum);
}

}  // namespace
}  // namespace haldane::models
