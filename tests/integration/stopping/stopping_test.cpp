// What a run that is stopped leaves behind, and how a set of replications goes on after it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/integration/support/sandbox.h"

namespace haldane::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view scenario = R"(schema: haldane.scenario/1
name: small
duration: 1000000s
warmup: 0s
traffic:
  arrivals: {process: poisson, rate: 1k/s}
  objects: {count: 1000, popularity: {zipf: 0.9}}
edge: none
api: {replicas: 4, concurrency: 4, balancer: central_queue, service: {exponential: {mean: 5ms}}}
workers: none
)";

class Stopping : public testing::Test {
 protected:
  Stopping() { sandbox_.write("s.yaml", scenario); }

  /// Starts `command`, and sends `signal` once `condition` holds (at most 20 s).
  [[nodiscard]] Outcome stop_when(const std::string& condition, const std::string& signal,
                                  const std::string& command) const {
    return sandbox_.run(command + " & for i in $(seq 200); do " + condition +
                        " && break; sleep 0.1; done; kill -" + signal + " $!; wait $!");
  }

  Sandbox sandbox_;
};

// A duration of which a moment's work covers several of its slices, and far from all: sanitizers
// make that another one.
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HALDANE_INSTRUMENTED
#endif
#endif
#ifdef HALDANE_INSTRUMENTED
constexpr int seconds = 4'000;
constexpr const char* moment = "sleep 3; true";
#else
constexpr int seconds = 40'000;
constexpr const char* moment = "sleep 0.7; true";
#endif
const std::string long_run =
    "haldane simulate s.yaml --set duration=" + std::to_string(seconds) + "s";

TEST_F(Stopping, OneLongReplicationReportsWhatItCovered) {
  const Outcome outcome = stop_when(moment, "INT", long_run + " --threads 1 --format json");
  ASSERT_EQ(outcome.exit_code, 130) << outcome.err;
  const json result = json::parse(outcome.out);
  EXPECT_EQ(result.at("partial"), true);
  EXPECT_EQ(result.at("asked").at("simulated_s"), seconds);
  EXPECT_GT(result.at("simulated_s"), 0);
  EXPECT_LT(result.at("simulated_s"), seconds);
  EXPECT_TRUE(result.at("digest").is_null());
  EXPECT_NEAR(result.at("metrics").at("requests.rate_per_s").at("value"), 1000, 20);
}

TEST_F(Stopping, SeveralReplicationsAreCutToWhatAllCover) {
  const Outcome outcome =
      stop_when(moment, "TERM", long_run + " --threads 2 --replications 2 --format csv");
  ASSERT_EQ(outcome.exit_code, 143) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("\npartial,1,,,1\npartial.simulated_s,"));
  EXPECT_THAT(outcome.out, HasSubstr("\npartial.replications,2,,,1\n"));
}

TEST_F(Stopping, BeforeTheWarmupIsOverNothingIsReported) {
  const Outcome outcome = stop_when("sleep 0.3; true", "INT",
                                    "haldane simulate s.yaml --set warmup=500000s --out r.txt");
  EXPECT_EQ(outcome.exit_code, 130);
  EXPECT_THAT(outcome.out, IsEmpty());
  EXPECT_THAT(outcome.err, HasSubstr("warm-up"));
  EXPECT_FALSE(sandbox_.exists("r.txt"));
}

constexpr const char* set = "haldane simulate s.yaml --set duration=100s --format csv";

TEST_F(Stopping, AKilledSetGoesOnFromItsCheckpointAndEndsAsIfNothingHadHappened) {
  const Outcome whole = sandbox_.run(std::string(set) + " --replications 12");
  ASSERT_EQ(whole.exit_code, 0) << whole.err;
  const Outcome killed = stop_when("[ $(stat -c %s c 2>/dev/null || echo 0) -gt 2000 ]", "KILL",
                                   std::string(set) + " --replications 1000 --checkpoint c");
  EXPECT_EQ(killed.exit_code, 137);
  const Outcome resumed = sandbox_.run(std::string(set) + " --replications 12 --checkpoint c");
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_EQ(resumed.out, whole.out);
}

TEST_F(Stopping, ASetGrowsAndServesAPrecisionGoal) {
  const std::string precise =
      std::string(set) + " --precision requests.latency_ms.mean=0.15% --max-replications 40";
  const Outcome whole = sandbox_.run(precise);
  const Outcome first = sandbox_.run(std::string(set) + " --replications 3 --checkpoint c");
  EXPECT_EQ(first.exit_code, 0) << first.err;
  const Outcome grown = sandbox_.run(precise + " --checkpoint c");
  EXPECT_EQ(grown.exit_code, 0) << grown.err;
  EXPECT_EQ(grown.out, whole.out);
  const Outcome again = sandbox_.run(std::string(set) + " --replications 3 --checkpoint c");
  EXPECT_EQ(again.out, first.out) << "a file with more replications serves fewer";
}

TEST_F(Stopping, ACheckpointOfAnotherRunIsRefusedByName) {
  ASSERT_EQ(sandbox_.run(std::string(set) + " --checkpoint c").exit_code, 0);
  const Outcome seed = sandbox_.run(std::string(set) + " --checkpoint c --seed 2");
  EXPECT_EQ(seed.exit_code, 65);
  EXPECT_THAT(seed.err, HasSubstr("seed (there 1, here 2)"));
  const Outcome cut = sandbox_.run("head -c 3000 c >d; " + std::string(set) + " --checkpoint d");
  EXPECT_EQ(cut.exit_code, 65);
  EXPECT_THAT(cut.err, HasSubstr("damaged or half written"));
}

TEST_F(Stopping, ThreadsChangeNoNumber) {
  for (const char* replications : {"1", "2", "5"}) {
    const std::string command =
        "haldane simulate gq-ztfutjv --set duration=6s --set warmup=1s"
        " --format csv --replications " +
        std::string(replications) + " --threads ";
    const Outcome one = sandbox_.run(command + "1");
    ASSERT_EQ(one.exit_code, 0) << one.err;
    for (const char* threads : {"2", "3", "8"})
      EXPECT_EQ(sandbox_.run(command + threads).out, one.out) << threads << " / " << replications;
  }
}

TEST_F(Stopping, StatisticsOfTheEngineStayOutOfTheResult) {
  const Outcome plain = sandbox_.run(set);
  const Outcome stats = sandbox_.run(std::string(set) + " --stats");
  EXPECT_EQ(stats.out, plain.out);
  EXPECT_THAT(stats.err, HasSubstr("requests a window"));
  const Outcome document =
      sandbox_.run("haldane simulate s.yaml --set duration=10s --format json --stats");
  EXPECT_THAT(document.err, IsEmpty());
  const json engine = json::parse(document.out).at("engine");
  EXPECT_GT(engine.at("windows"), 0);
  EXPECT_GT(engine.at("ns_per_request"), 0);
}

}  // namespace
}  // namespace haldane::test
