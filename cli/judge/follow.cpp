#include "cli/judge/follow.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>
#include <time.h>

#include "analysis/judge/judge.h"
#include "analysis/judge/read_policy.h"
#include "analysis/report/html_report.h"
#include "analysis/report/verdict_report.h"
#include "cli/command.h"
#include "cli/judge/follow_arm.h"
#include "cli/judge/follow_cuts.h"
#include "cli/judge/follow_report.h"
#include "cli/judge/follow_state.h"
#include "cli/judge/prometheus.h"
#include "cli/output.h"
#include "cli/signals.h"
#include "config/quantity.h"
#include "sim/parallel/parallel_for.h"

namespace haldane::cli {
namespace {

using analysis::Decision;
using analysis::JudgePolicy;
using analysis::ObservationTable;
using analysis::Verdict;

// A policy is guessed once, from so many rows of each arm: a guess that moved with the data would
// be chosen by them.
constexpr std::int64_t rows_to_infer = 100;

/// The policy as it will judge, margins that it leaves open included.
std::string text_of(const JudgePolicy& policy) {
  return policy_text(analysis::judge(policy, ObservationTable{}, ObservationTable{}));
}

class Watch {
 public:
  Watch(const JudgeOptions& options, const FollowWorld& world)
      : options_(options),
        world_(world),
        baseline_(arm(options.baseline)),
        canary_(arm(options.canary)) {}

  ExitCode run() {
    if (const auto ended = prepare()) return *ended;
    world_.message(fmt::format("haldane: following {} and {} every {}{}\n", options_.baseline,
                               options_.canary, config::format_duration(options_.follow.interval),
                               until()));
    for (;;) {
      if (const auto ended = step()) return *ended;
      world_.wait(std::min(options_.follow.interval.as_seconds(), seconds_left()));
      if (const auto signal = world_.stopped()) return stop(*signal);
    }
  }

 private:
  using Ended = std::optional<ExitCode>;

  [[nodiscard]] FollowArm arm(const std::string& input) {
    if (options_.prometheus.server.empty())
      return {input, analysis::format_named(options_.input_format)};
    const double step_s = options_.prometheus.step.as_seconds();
    const auto ask = [this, input, step_s](double start_s, double end_s) {
      return query_range({options_.prometheus.server, input, start_s, end_s, step_s});
    };
    return {FollowRange(input, step_s, ask), [this] { return whole_steps(); }};
  }

  // From the beginning of the watch to the last step that is whole.
  [[nodiscard]] std::pair<double, double> whole_steps() const {
    const double step_s = options_.prometheus.step.as_seconds();
    return {std::floor(state_.started_s / step_s) * step_s,
            std::floor(world_.now_s() / step_s) * step_s};
  }

  ExitCode fail(const FollowProblem& problem) const {
    world_.message(fmt::format("haldane: {}\n", problem.text));
    return problem.code;
  }
  ExitCode bad_input(std::string text) const {
    return fail(FollowProblem{ExitCode::bad_input, std::move(text)});
  }

  [[nodiscard]] std::string until() const {
    if (!options_.follow.deadline) return "";
    return fmt::format(", for {:.0f} s at most", std::max(0.0, seconds_left()));
  }

  [[nodiscard]] double seconds_left() const {
    if (!options_.follow.deadline) return std::numeric_limits<double>::infinity();
    return state_.started_s + options_.follow.deadline->as_seconds() - world_.now_s();
  }

  Ended prepare() {
    for (const std::string* path : {&options_.baseline, &options_.canary}) {
      if (*path != "-") continue;
      return fail({ExitCode::usage, "--follow needs files, not standard input"});
    }
    const ExitCode read = load_policy(options_.policy, policy_);
    if (read != ExitCode::success) return read;
    if (policy_ && policy_->mode != analysis::Mode::sequential) {
      return bad_input(fmt::format(
          "{}: --follow looks often, and only mode sequential keeps its error rates then",
          options_.policy));
    }
    if (policy_ && cuts_by_time(*policy_)) {
      for (FollowArm* arm : {&baseline_, &canary_}) arm->keep_every_row();
    }
    const ExitCode opened = files_.open(options_.out, options_.html);
    if (opened != ExitCode::success) return opened;
    state_.started_s = world_.now_s();
    if (policy_) state_.policy = text_of(*policy_);
    if (options_.follow.state.empty()) return std::nullopt;
    return prepare_state();
  }

  Ended prepare_state() {
    auto loaded = load_follow_state(options_.follow.state);
    if (!loaded) return fail(loaded.error());
    if (*loaded) return go_on_from(std::move(**loaded));
    // At once, because the deadline counts from here.
    return save();
  }

  Ended go_on_from(FollowState state) {
    const std::string& file = options_.follow.state;
    const bool was_given = !state.inferred && !state.policy.empty();
    if (policy_ ? state.inferred || state.policy != state_.policy : was_given) {
      return bad_input(fmt::format(
          "{}: is of a watch by another policy. A policy chosen after looking has no error rates: "
          "give the one that it began with, or delete the file to start anew",
          file));
    }
    state_ = std::move(state);
    if (policy_ && state_.begins_s) cut_arms(*policy_, *state_.begins_s, baseline_, canary_);
    if (state_.inferred) {
      if (const Ended failed = take_policy(state_.policy)) return failed;
    }
    for (const auto& [arm, judged] :
         {std::pair(&baseline_, state_.baseline), std::pair(&canary_, state_.canary)}) {
      const auto problem = arm->restore(judged);
      if (!problem) continue;
      return state_.decided() ? repeat_decision(*problem) : fail(*problem);
    }
    if (state_.looks == 0) return std::nullopt;
    judge_now();
    if (!state_.decided()) return std::nullopt;
    if (analysis::decision_name(verdict_->decision) != state_.verdict) {
      return repeat_decision({ExitCode::bad_input, "this program judges the same data otherwise"});
    }
    return conclude("decision", exit_code_of(verdict_->decision, options_));
  }

  // The data may be gone or judged by another version, a decision stays what it was.
  ExitCode repeat_decision(const FollowProblem& problem) const {
    world_.message(
        fmt::format("haldane: warning: {}\nhaldane: {}: only what was decided then is "
                    "repeated\n",
                    problem.text, options_.follow.state));
    const ExitCode printed =
        world_.print(options_.format == "json" ? state_.last_json : state_.last_line);
    if (printed != ExitCode::success) return printed;
    return exit_code_of(state_.verdict == "promote" ? Decision::promote : Decision::rollback,
                        options_);
  }

  Ended take_policy(const std::string& text) {
    auto parsed = analysis::read_policy(text, "inferred policy");
    if (!parsed) return bad_input(to_string(parsed.error()));
    policy_ = std::move(parsed).value();
    policy_->inferred = true;
    policy_->share_stated = false;  // written down as the default that it is
    return std::nullopt;
  }

  Ended save() {
    if (options_.follow.state.empty()) return std::nullopt;
    state_.baseline = baseline_.state();
    state_.canary = canary_.state();
    const auto problem = save_follow_state(options_.follow.state, state_);
    return problem ? Ended(fail(*problem)) : std::nullopt;
  }

  Expected<std::uint64_t, FollowProblem> read_new() {
    std::uint64_t fresh = 0;
    const bool files = options_.prometheus.server.empty();
    if (files && policy_ && cuts_by_time(*policy_) && !state_.begins_s) {
      const auto bytes = read_until_cut(*policy_, baseline_, canary_, state_.begins_s);
      if (!bytes) return bytes;
      fresh += *bytes;
    }
    for (FollowArm* arm : {&baseline_, &canary_}) {
      const auto bytes = arm->read_new();
      if (!bytes) return bytes;
      fresh += *bytes;
    }
    return fresh;
  }

  // One turn: reads, looks where there is something new, and ends at a decision or the deadline.
  Ended step() {
    const bool due = seconds_left() <= 0;
    const auto fresh = read_new();
    if (!fresh) return fail(fresh.error());
    if (due) {
      if (const Ended missing = refuse_missing()) return missing;
    }
    if (*fresh > 0 || (due && !verdict_)) {
      if (const Ended ended = look(due)) return ended;
    }
    if (due) return conclude("deadline", exit_code_of(verdict_->decision, options_));
    say_what_is_missing();
    return std::nullopt;
  }

  Ended refuse_missing() const {
    for (const FollowArm* arm : {&baseline_, &canary_}) {
      if (arm->found()) continue;
      if (arm->away() != nullptr) return fail(*arm->away());
      return fail({ExitCode::input_not_found,
                   fmt::format("{}: was not found before the deadline", arm->path())});
    }
    return std::nullopt;
  }

  void say_what_is_missing() {
    std::string missing;
    for (const FollowArm* arm : {&baseline_, &canary_}) {
      if (arm->away() != nullptr) {
        missing += fmt::format("haldane: {}; asking again\n", arm->away()->text);
      } else if (!arm->found()) {
        missing += fmt::format("haldane: waiting for {}\n", arm->path());
      }
    }
    if (missing.empty() && !policy_) {
      missing = fmt::format(
          "haldane: no policy was given: waiting for {} rows an arm to guess one\n", rows_to_infer);
    }
    if (missing != said_) world_.message(missing);
    said_ = missing;
  }

  Ended look(bool due) {
    if (!policy_) {
      if (const Ended failed = infer(due)) return failed;
      if (!policy_ && !due) return std::nullopt;
    }
    judge_now();
    const bool decides = verdict_->decision != Decision::inconclusive;
    for (const FollowArm* arm : {&baseline_, &canary_}) {
      const auto problem = decides ? arm->verify() : std::nullopt;
      if (problem) return fail(*problem);
    }
    ++state_.looks;
    if (decides) return conclude("decision", exit_code_of(verdict_->decision, options_));
    return due ? std::nullopt : show("");
  }

  // Leaves the policy open where the arms share nothing that could be judged.
  Ended infer(bool due) {
    const ObservationTable& b = baseline_.table();
    const ObservationTable& c = canary_.table();
    if (!due && std::min(b.rows, c.rows) < rows_to_infer) return std::nullopt;
    const analysis::InferredPolicy inferred = analysis::infer_policy(b, c);
    if (inferred.policy.metrics.empty()) return std::nullopt;
    state_.policy = text_of(inferred.policy);
    state_.inferred = true;
    state_.assumptions = inferred.assumptions;
    return take_policy(state_.policy);
  }

  void judge_now() {
    const ObservationTable& b = baseline_.table();
    const ObservationTable& c = canary_.table();
    const unsigned threads = sim::available_threads();
    verdict_ = policy_ ? analysis::judge(*policy_, b, c, threads)
                       : analysis::judge_without_policy(b, c, threads);
    verdict_->assumptions.insert(verdict_->assumptions.begin(), state_.assumptions.begin(),
                                 state_.assumptions.end());
    rows_ = {b.rows, c.rows};
    for (const ObservationTable* table : {&b, &c}) warn_of_bad_rows(*table);
  }

  void warn_of_bad_rows(const ObservationTable& table) {
    bool& warned = warned_[table.path == options_.baseline ? 0 : 1];
    if (warned || table.malformed_rows == 0) return;
    warned = true;
    world_.message(
        fmt::format("haldane: warning: {}: {} of {} rows could not be read and are "
                    "left out; the verdict counts those to come\n{}",
                    table.path, table.malformed_rows, table.rows + table.malformed_rows,
                    to_string(table.problems)));
  }

  // The state first: what was seen must not be forgotten.
  Ended show(std::string ended_by) {
    const double now_s = world_.now_s();
    const Look look{state_.looks,
                    now_s,
                    std::max(0.0, now_s - state_.started_s),
                    baseline_.looked(rows_.first),
                    canary_.looked(rows_.second),
                    std::move(ended_by)};
    state_.verdict = analysis::decision_name(verdict_->decision);
    state_.last_line = look_line(look, *verdict_);
    state_.last_json = look_json(look, *verdict_);
    if (const Ended failed = save()) return failed;
    if (options_.format == "json") return printed(state_.last_json);
    if (options_.format == "text") return printed(state_.last_line);
    world_.message(state_.last_line);  // standard output is for the document
    return std::nullopt;
  }

  Ended printed(const std::string& text) const {
    const ExitCode code = world_.print(text);
    return code == ExitCode::success ? std::nullopt : Ended(code);
  }

  // The last look once more as the final one, and the documents that were asked for.
  ExitCode conclude(const char* ended_by, ExitCode code) {
    if (const Ended failed = show(ended_by)) return *failed;
    add_over_time(baseline_.table(), canary_.table(), options_, *verdict_);
    ExitCode written = ExitCode::success;
    if (options_.format == "json" && options_.out.empty()) {
      if (options_.html.empty()) return code;
      written = files_.write("", analysis::html_report(nullptr, &*verdict_));
    } else {
      written = write_verdict(*verdict_, options_, files_);
    }
    return written == ExitCode::success ? code : written;
  }

  ExitCode stop(ExitCode signal) {
    if (verdict_) return conclude("signal", signal);
    world_.message("haldane: stopped before the first look\n");
    return signal;
  }

  const JudgeOptions& options_;
  const FollowWorld& world_;
  FollowArm baseline_;
  FollowArm canary_;
  ResultFiles files_;
  FollowState state_;
  std::optional<JudgePolicy> policy_;
  std::optional<Verdict> verdict_;              // of the last look
  std::pair<std::int64_t, std::int64_t> rows_;  // that it judged
  bool warned_[2] = {false, false};
  std::string said_;
};

// In slices, because a signal between the question and the sleep would be slept over.
void wait_for(double seconds) {
  constexpr double slice_s = 0.2;
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (!stop_requested()) {
    const std::chrono::duration<double> left = end - std::chrono::steady_clock::now();
    if (left.count() <= 0) return;
    const double nap_s = std::min(left.count(), slice_s);
    const timespec nap{0, static_cast<long>(nap_s * 1e9)};
    ::nanosleep(&nap, nullptr);
  }
}

}  // namespace

ExitCode follow(const JudgeOptions& options, const FollowWorld& world) {
  return Watch(options, world).run();
}

ExitCode follow(const JudgeOptions& options) {
  const DeferredStop deferred;
  // The date from the system clock once, then only forward.
  const std::chrono::duration<double> began = std::chrono::system_clock::now().time_since_epoch();
  const auto start = std::chrono::steady_clock::now();
  const auto now_s = [=] {
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
    return began.count() + passed.count();
  };
  return follow(options, {now_s, wait_for, stop_requested, print, write_message});
}

}  // namespace haldane::cli
