// The same bits for any number of threads, for any order of replications, and for the same scenario
// tomorrow.
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <gtest/gtest.h>

#include "sim/parallel/parallel_for.h"
#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::Trial;

// The first `duration` of one of the repository's scenarios, all of it measured.
Scenario beginning_of(const std::string& name, Duration duration) {
  auto parsed = load_scenario(std::string(HALDANE_SOURCE_DIR) + "/scenarios/" + name);
  if (!parsed) ADD_FAILURE() << to_string(parsed.error());
  Scenario scenario = parsed.value();
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

TEST(Determinism, ReplicationsAreTheSameForAnyNumberOfThreads) {
  for (const std::string name : {"reference/scenario.yaml", "madbwpu-r/what-if/retry-storm.yaml"}) {
    const Plan plan = compile_plan(beginning_of(name, Duration::seconds(1)));
    const std::vector<std::uint64_t> one = digests(plan, 4, 1);
    EXPECT_EQ(digests(plan, 4, 2), one) << name;
    EXPECT_EQ(digests(plan, 4, 3), one) << name;
    EXPECT_EQ(digests(plan, 4, 8), one) << name;
  }
}

// Digests of the repository's own scenarios, cut to a few simulated seconds, as gcc and clang,
// release and sanitizer builds must all find them. Re-pin only in a commit whose purpose is to
// change what is simulated or drawn, and say there why each moved; a change of structure or speed
// must leave them alone. The failing test prints the new table.
TEST(Determinism, GoldenDigestsStay) {
  const std::filesystem::path file =
      std::string(HALDANE_SOURCE_DIR) + "/tests/golden/run_digests.txt";
  std::ifstream stored(file);
  std::map<std::string, std::string> golden;
  for (std::string name, digest; stored >> name >> digest;) golden[name] = digest;
  ASSERT_GE(golden.size(), 7U);
  std::ostringstream found;
  bool same = true;
  for (const auto& [name, digest] : golden) {
    const Plan plan = compile_plan(beginning_of(name, Duration::seconds(2)));
    std::ostringstream text;
    text << std::hex << run_replication(plan, {1, 0, 0}).measurements.digest;
    found << name << " " << text.str() << "\n";
    same = same && text.str() == digest;
  }
  EXPECT_TRUE(same) << "found:\n" << found.str();
}

}  // namespace
}  // namespace haldane::models
