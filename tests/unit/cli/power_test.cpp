// The parts of `haldane power` that need no simulation: effects, canaries, looks, and the search on
// a world whose power is known.
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/power/power_effects.h"
#include "cli/power/power_options.h"
#include "cli/power/power_search.h"
#include "tests/support/trial.h"

namespace haldane::cli {
namespace {

using analysis::Decision;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view plain = R"(
schema: haldane.scenario/1
name: plain
duration: 70s
warmup: 10s
traffic:
  arrivals: {process: poisson, rate: 100/s}
  objects: {count: 10}
edge: none
api: {replicas: 10, concurrency: 4, service: {exponential: {mean: 5ms}}, failure_probability: 1%}
workers: none
)";

CanaryEffect effect(const std::string& text) {
  return parse_effect(text).value();
}

models::CanarySpec::Api changed_api(const std::string& text) {
  const auto unchanged = unchanged_canary(test::scenario(plain), 0.5).value();
  return change_canary(unchanged, unchanged, effect(text)).value().scenario.canary->api;
}

TEST(PowerEffects, AreChangesOfTheCanary) {
  EXPECT_DOUBLE_EQ(*changed_api("latency=20%").service_factor, 1.2);
  EXPECT_DOUBLE_EQ(*changed_api("errors=1%").failure_probability, 0.02);
  EXPECT_DOUBLE_EQ(changed_api("tail=3%x5").slow->share, 0.03);
  EXPECT_DOUBLE_EQ(changed_api("tail=3%x5").slow->factor, 5);
  EXPECT_EQ(changed_api("queue=40%").replicas, 3U);
  // Five replicas cannot be cut by a quarter, four slots can.
  EXPECT_EQ(changed_api("queue=25%").concurrency, 3U);
  const auto modes = changed_api("bimodal=50%");
  EXPECT_DOUBLE_EQ(*modes.service_factor, 0.5);
  EXPECT_DOUBLE_EQ(*modes.service_factor * modes.slow->factor, 1.5);
}

TEST(PowerEffects, SayWhatIsWrong) {
  for (const char* text : {"", "latency", "latency=", "latency=0%", "latency=-5%", "latency=nan",
                           "tail=3%", "tail=3%x", "tail=3%x1", "tail=101%x2", "errors=101%",
                           "queue=100%", "bimodal=100%", "latency=1e999%"}) {
    const auto parsed = parse_effect(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_THAT(parsed.error(), HasSubstr("'" + std::string(text) + "'"));
  }
  EXPECT_THAT(parse_effect("latensy=5%").error(), HasSubstr("latency"));
  const auto unchanged = unchanged_canary(test::scenario(plain), 0.5).value();
  EXPECT_THAT(change_canary(unchanged, unchanged, effect("queue=5%")).error(),
              HasSubstr("5 replicas of 4 slots"));
  EXPECT_THAT(change_canary(unchanged, unchanged, effect("scenario")).error(),
              HasSubstr("changes nothing"));
}

TEST(UnchangedCanary, DividesTheReplicasByTheShare) {
  const auto divided = [](double share) {
    const auto scenario = unchanged_canary(test::scenario(plain), share).value();
    return std::pair(scenario.api->replicas, *scenario.canary->api.replicas);
  };
  EXPECT_EQ(divided(0.5), std::pair(5U, 5U));
  EXPECT_EQ(divided(0.2), std::pair(8U, 2U));
  EXPECT_EQ(divided(0.001), std::pair(9U, 1U));
  EXPECT_EQ(divided(0.999), std::pair(1U, 9U));
}

TEST(UnchangedCanary, KeepsThePoolsOfTheScenarioAndDropsItsChanges) {
  const auto scenario = test::scenario(
      plain,
      {"canary={share: 20%, api: {replicas: 3, service_factor: 2, failure_probability: 9%}}"});
  EXPECT_TRUE(canary_differs(scenario));
  const auto unchanged = unchanged_canary(scenario, 0.2).value();
  EXPECT_FALSE(canary_differs(unchanged));
  EXPECT_EQ(unchanged.api->replicas, 10U);
  EXPECT_EQ(unchanged.canary->api.replicas, 3U);
  const auto as_written = change_canary(unchanged, scenario, effect("scenario")).value();
  EXPECT_EQ(as_written.scenario.canary->api.service_factor, 2);
  EXPECT_EQ(unchanged_canary(scenario, 0.5)->canary->api.replicas, 7U);
}

TEST(UnchangedCanary, NeedsAnApi) {
  EXPECT_FALSE(unchanged_canary(models::Scenario{}, 0.5));
}

TEST(LookTimes, AreEvenOrByTime) {
  EXPECT_THAT(look_times({4, std::nullopt}, 10, 60), ElementsAre(25, 40, 55, 70));
  EXPECT_THAT(look_times({8, 25.0}, 10, 60), ElementsAre(35, 60, 70));
  EXPECT_THAT(look_times({8, 60.0}, 10, 60), ElementsAre(70));
  EXPECT_EQ(look_times({8, 1.0}, 0, 1e6).size(), looks_max);
}

TEST(LookTimes, SayWhatIsWrong) {
  EXPECT_EQ(parse_looks("8")->count, 8U);
  EXPECT_EQ(parse_looks("1m")->every_s, 60);
  for (const char* text : {"0", "-1", "1001", "0.5s", "often", ""}) {
    EXPECT_FALSE(parse_looks(text)) << text;
  }
}

/// A world in which a share of s and a window of w decide min(1, 2 s w / 60) of 100 runs rightly.
StudyAnswer known_power(const PlannedStudy& study) {
  const analysis::LookSchedule& schedule = study.settings.schedule;
  const double window_s = schedule.looks_s.back() - schedule.begin_s;
  const double share = study.cases.front().plan.scenario.canary->share;
  const double power = std::min(1.0, 2 * share * window_s / 60);
  StudyAnswer answer;
  answer.complete = true;
  for (std::size_t which = 0; which < study.cases.size(); ++which) {
    std::vector<analysis::JudgedRun> runs(100);
    for (std::size_t i = 0; i < runs.size(); ++i) {
      analysis::EntryReading reading;
      reading.estimate = which == 0 ? 0 : 1;
      runs[i].entries = {reading};
      if (static_cast<double>(i) >= 100 * power) continue;
      runs[i].decisions[0] = {which == 0 ? Decision::promote : Decision::rollback, 0};
    }
    answer.summaries.push_back(analysis::summarize(
        runs, {{"errors", std::nullopt, analysis::Role::critical, analysis::Worse::higher}},
        schedule));
  }
  return answer;
}

PowerAdvice advice_for(double asked_share, double power, const StudyRunner& world = known_power) {
  PowerQuestion question;
  question.scenario = test::scenario(plain);
  question.effects = {{CanaryEffect::Kind::none, 0, 1, "none"}, effect("latency=50%")};
  question.settings.runs = 100;
  const auto study = plan_study(question, asked_share, 60, question.effects).value();
  PowerResult asked;
  asked.share = asked_share;
  asked.schedule = study.settings.schedule;
  asked.cases = power_cases(study, world(study));
  return search_power(question, asked, power, world);
}

TEST(PowerSearch, FindsTheSmallestShareOfTheLadder) {
  const PowerAdvice advice = advice_for(0.5, 0.35);
  ASSERT_TRUE(advice.chosen);
  EXPECT_EQ(advice.trials[*advice.chosen].share, 0.2);
  EXPECT_LE(advice.trials.size(), 5U);
}

TEST(PowerSearch, LooksAboveAShareThatIsNotEnough) {
  const PowerAdvice advice = advice_for(0.1, 0.5);
  ASSERT_TRUE(advice.chosen);
  EXPECT_EQ(advice.trials[*advice.chosen].share, 0.3);
}

// Half of the traffic decides half of the releases in a world twice as hard.
StudyAnswer hard_world(const PlannedStudy& study) {
  PlannedStudy easier = study;
  for (StudyCase& one : easier.cases) one.plan.scenario.canary->share /= 2;
  return known_power(easier);
}

TEST(PowerSearch, LengthensTheWindowWhereNoShareIsEnough) {
  const PowerAdvice advice = advice_for(0.05, 0.9, hard_world);
  ASSERT_TRUE(advice.chosen);
  EXPECT_EQ(advice.trials[*advice.chosen].share, 0.5);
  EXPECT_EQ(advice.trials[*advice.chosen].window_s, 120);
}

TEST(PowerSearch, FalseAlarmsBeyondAlphaAreNeverEnough) {
  PowerTrial trial;
  std::vector<analysis::JudgedRun> runs(100);
  for (std::size_t i = 0; i < 100; ++i) {
    runs[i].decisions[0] = {i < 10 ? Decision::rollback : Decision::promote, 0};
  }
  const analysis::LookSchedule schedule{0, {60}, 60};
  trial.cases.push_back({"none", "nothing", analysis::summarize(runs, {}, schedule)});
  weigh(trial, schedule, 0.8, 0.01);
  EXPECT_FALSE(trial.enough);
  weigh(trial, schedule, 0.8, 0.2);
  EXPECT_TRUE(trial.enough);
}

}  // namespace
}  // namespace haldane::cli
