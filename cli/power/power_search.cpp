#include "cli/power/power_search.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "cli/simulate/arms_csv.h"

namespace haldane::cli {
namespace {

using analysis::CaseSummary;
using analysis::Decision;
using analysis::StudiedJudge;

constexpr std::array<double, 7> shares = {0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5};
constexpr std::array<double, 2> longer_windows = {2, 4};

bool has_alarms_beyond(const CaseSummary& unchanged, double alpha) {
  return analysis::share_interval(unchanged.of(StudiedJudge::own).rollback).low > alpha;
}

/// Bisection on the ladder of shares, then longer windows.
class Search {
 public:
  Search(const PowerQuestion& question, const PowerResult& asked, double power,
         const StudyRunner& run)
      : question_(question), asked_(asked), run_(run) {
    advice_.power = power;
    advice_.alpha = question.policy.alpha;
    window_s_ = asked.schedule.looks_s.back() - asked.schedule.begin_s;
  }

  PowerAdvice search() {
    judge_asked();
    if (advice_.trials.front().enough) {
      look_below(asked_.share, 0);
    } else if (const auto best = try_share(shares.back()); best && best->enough) {
      look_below(shares.back(), best->index);
    } else {
      look_longer();
    }
    return std::move(advice_);
  }

 private:
  struct Tried {
    bool enough = false;
    std::size_t index = 0;
  };

  void judge_asked() {
    PowerTrial trial;
    trial.share = asked_.share;
    trial.window_s = window_s_;
    for (std::size_t i = 0; i < asked_.cases.size(); ++i) {
      const PowerCase& one = asked_.cases[i];
      if (i > 0 && one.summary.expected != Decision::rollback) {
        advice_.harmless.push_back(one.effect);
        continue;
      }
      trial.cases.push_back(one);
      wanted_.push_back(question_.effects[i]);
    }
    weigh(trial, asked_.schedule, advice_.power, advice_.alpha);
    if (trial.enough) advice_.chosen = 0;
    advice_.trials.push_back(std::move(trial));
  }

  // Invariant of the bisection: `enough_at` is enough, everything below `from` was found wanting
  // (or is below the ladder).
  void look_below(double enough_at, std::size_t chosen) {
    advice_.chosen = chosen;
    const auto end = std::lower_bound(shares.begin(), shares.end(), enough_at);
    auto from = shares.begin();
    // Shares at or below the one that was asked about and failed cannot be enough.
    if (!advice_.trials.front().enough)
      from = std::upper_bound(shares.begin(), shares.end(), asked_.share);
    auto to = end;
    while (from < to && !advice_.partial) {
      const auto middle = from + (to - from) / 2;
      const auto tried = try_share(*middle);
      if (tried && tried->enough) {
        advice_.chosen = tried->index;
        to = middle;
      } else {
        from = middle + 1;
      }
    }
  }

  void look_longer() {
    const double share = std::max(asked_.share, shares.back());
    for (const double times : longer_windows) {
      if (advice_.partial) return;
      const Tried tried = try_one(share, window_s_ * times);
      if (!tried.enough) continue;
      advice_.chosen = tried.index;
      return;
    }
  }

  std::optional<Tried> try_share(double share) {
    if (share == asked_.share) return Tried{advice_.trials.front().enough, 0};
    if (!advice_.trials.front().enough && share < asked_.share) return std::nullopt;
    return try_one(share, window_s_);
  }

  Tried try_one(double share, double window_s) {
    PowerTrial trial;
    trial.share = share;
    trial.window_s = window_s;
    auto planned = plan_study(question_, share, window_s, wanted_);
    if (!planned) {
      trial.impossible = planned.error();
    } else {
      StudyAnswer answer = run_(*planned);
      advice_.partial = !answer.complete;
      trial.cases = power_cases(*planned, std::move(answer));
      weigh(trial, planned->settings.schedule, advice_.power, advice_.alpha);
      if (advice_.partial) trial.enough = false;
    }
    advice_.trials.push_back(std::move(trial));
    return {advice_.trials.back().enough, advice_.trials.size() - 1};
  }

  const PowerQuestion& question_;
  const PowerResult& asked_;
  const StudyRunner& run_;
  double window_s_ = 0;
  std::vector<CanaryEffect> wanted_;
  PowerAdvice advice_;
};

}  // namespace

std::vector<double> look_times(const LookWish& wish, double begin_s, double window_s) {
  std::vector<double> looks;
  if (!wish.every_s) {
    for (std::uint32_t i = 1; i <= wish.count; ++i) {
      const bool last = i == wish.count;
      looks.push_back(begin_s + (last ? window_s : window_s * i / wish.count));
    }
    return looks;
  }
  const double every = std::max(*wish.every_s, window_s / looks_max);
  for (std::uint32_t i = 1; every * i < window_s * (1 - 1e-9); ++i) {
    looks.push_back(begin_s + every * i);
  }
  looks.push_back(begin_s + window_s);
  return looks;
}

Expected<PlannedStudy, std::string> plan_study(const PowerQuestion& question, double share,
                                               double window_s,
                                               const std::vector<CanaryEffect>& effects) {
  models::Scenario scenario = question.scenario;
  const double begin_s = scenario.warmup->as_seconds();
  scenario.duration = Duration::from_seconds(begin_s + window_s);
  const auto unchanged = unchanged_canary(scenario, share);
  if (!unchanged) return Unexpected{unchanged.error()};
  PlannedStudy study;
  study.settings = question.settings;
  study.settings.sample_share = arms_sample_share(scenario, question.latencies);
  study.settings.schedule = {begin_s, look_times(question.looks, begin_s, window_s),
                             question.kayenta_step_s};
  for (const CanaryEffect& effect : effects) {
    auto changed = change_canary(*unchanged, scenario, effect);
    if (!changed) return Unexpected{changed.error()};
    study.cases.push_back({effect, changed->change, models::compile_plan(changed->scenario)});
  }
  return study;
}

std::vector<PowerCase> power_cases(const PlannedStudy& study, StudyAnswer answer) {
  std::vector<PowerCase> cases;
  for (std::size_t i = 0; i < study.cases.size(); ++i) {
    const StudyCase& one = study.cases[i];
    cases.push_back({one.effect.text, one.change, std::move(answer.summaries[i])});
  }
  return cases;
}

void weigh(PowerTrial& trial, const analysis::LookSchedule& schedule, double power, double alpha) {
  trial.enough = !trial.cases.empty() && !has_alarms_beyond(trial.cases.front().summary, alpha);
  std::size_t last_look = 0;
  for (std::size_t i = 0; i < trial.cases.size(); ++i) {
    const Decision right = i == 0 ? Decision::promote : Decision::rollback;
    const auto look =
        analysis::first_look_with(trial.cases[i].summary.of(StudiedJudge::own), right, power);
    if (!look) trial.enough = false;
    if (look) last_look = std::max(last_look, *look);
  }
  trial.decided_s.reset();
  if (trial.enough) trial.decided_s = schedule.looks_s[last_look] - schedule.begin_s;
}

PowerAdvice search_power(const PowerQuestion& question, const PowerResult& asked, double power,
                         const StudyRunner& run) {
  return Search(question, asked, power, run).search();
}

}  // namespace haldane::cli
