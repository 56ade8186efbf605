// The same bits for any number of threads, for any order of replications, and for the same scenario
// tomorrow.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <sstream>

#include <gtest/gtest.h>
#include <source_folder.h>

#include "sim/parallel/parallel_for.h"
#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::Trial;

// One of the repository's scenarios in fast motion, all of it measured: its timeline happens within
// `duration`, at the scenario's own rates.
Scenario fast_motion_of(const std::string& name, Duration duration) {
  auto parsed = load_scenario(std::string(HALDANE_SOURCE_DIR) + "/scenarios/" + name);
  if (!parsed) ADD_FAILURE() << to_string(parsed.error());
  Scenario scenario = parsed.value();
  const double shrunk = duration.as_seconds() / scenario.duration.as_seconds();
  const auto shrink = [shrunk](std::int64_t ns) {
    return Duration::nanoseconds(static_cast<std::int64_t>(static_cast<double>(ns) * shrunk));
  };
  for (TimelineEvent& event : scenario.timeline) {
    event.at = SimTime::zero() + shrink(event.at.count_ns());
    event.lasting = shrink(event.lasting.count_ns());
  }
  scenario.duration = duration;
  scenario.warmup = Duration{};
  return scenario;
}

std::vector<std::uint64_t> digests(const Plan& plan, std::size_t replications, unsigned threads) {
  std::vector<std::uint64_t> result(replications);
  sim::parallel_for(replications, threads, [&](std::size_t r) {
    result[r] = run_replication(plan, {plan.scenario.seed, r, 0}).measurements.digest;
  });
  return result;
}

// Every scenario of the repository, what-if timelines included, sorted.
std::vector<std::string> all_scenarios() {
  const auto root = std::filesystem::path(HALDANE_SOURCE_DIR) / "scenarios";
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    const std::filesystem::path name = std::filesystem::relative(entry.path(), root);
    const bool what_if = name.parent_path().filename() == "what-if";
    const bool reference = *name.begin() == "reference";
    if (name.extension() != ".yaml") continue;
    if (what_if || reference || name.filename() == "scenario.yaml") names.push_back(name.string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

TEST(Determinism, ReplicationsAreTheSameForAnyNumberOfThreads) {
  for (const std::string name : {"reference/scenario.yaml", "madbwpu-r/what-if/retry-storm.yaml"}) {
    const Plan plan = compile_plan(fast_motion_of(name, Duration::seconds(1)));
    const std::vector<std::uint64_t> one = digests(plan, 4, 1);
    EXPECT_EQ(digests(plan, 4, 2), one) << name;
    EXPECT_EQ(digests(plan, 4, 3), one) << name;
    EXPECT_EQ(digests(plan, 4, 8), one) << name;
  }
}

// Digests of the repository's own scenarios, shrunk to two simulated seconds, as gcc and clang,
// release, debug, portable and sanitizer builds must all find them. When they may be re-pinned:
// docs/determinism.md. The failing test prints the new table.
TEST(Determinism, GoldenDigestsStay) {
  const std::filesystem::path file =
      std::string(HALDANE_SOURCE_DIR) + "/tests/golden/run_digests.txt";
  std::ifstream stored(file);
  std::ostringstream golden;
  golden << stored.rdbuf();
  std::ostringstream found;
  for (const std::string& name : all_scenarios()) {
    const Plan plan = compile_plan(fast_motion_of(name, Duration::seconds(2)));
    found << name << " " << std::hex << std::setw(16) << std::setfill('0')
          << run_replication(plan, {1, 0, 0}).measurements.digest << std::dec << "\n";
  }
  EXPECT_EQ(golden.str(), found.str()) << "found:\n" << found.str();
}

}  // namespace
}  // namespace haldane::models
