// What a checkpoint gives back is what it was given, and a file with one wrong bit is refused.
#include "cli/simulate/checkpoint.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/simulate/checkpoint_record.h"
#include "models/spec/read_scenario.h"

namespace haldane::cli {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

constexpr const char* text = R"(schema: haldane.scenario/1
name: small
duration: 2s
warmup: 0s
traffic:
  arrivals: {process: poisson, rate: 100/s}
  objects: {count: 100, popularity: {zipf: 0.9}}
edge: none
api: {replicas: 2, concurrency: 1, balancer: central_queue, service: {exponential: {mean: 5ms}}}
workers: none
)";

class CheckpointTest : public ::testing::Test {
 protected:
  CheckpointTest() : plan_(models::compile_plan(models::read_scenario(text, "small").value())) {
    std::string pattern = (fs::temp_directory_path() / "haldane_checkpoint_XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) ADD_FAILURE() << "no temporary folder";
    folder_ = pattern;
    path_ = (folder_ / "c").string();
    identity_ = identity_of(plan_.scenario, 0);
  }
  ~CheckpointTest() override { fs::remove_all(folder_); }

  models::ReplicationResult simulated(std::uint32_t replication, double share = 0) const {
    return models::run_replication(plan_, {plan_.scenario.seed, replication, share});
  }
  std::string refusal(const CheckpointIdentity& run) const {
    Checkpoint checkpoint;
    const auto problem = checkpoint.open(path_, run, plan_);
    return problem ? problem->text : "";
  }
  void write_two() const {
    Checkpoint checkpoint;
    ASSERT_FALSE(checkpoint.open(path_, identity_, plan_));
    checkpoint.add(0, simulated(0));
    checkpoint.add(1, simulated(1));
    ASSERT_FALSE(checkpoint.save());
  }
  std::string file() const {
    std::ifstream stream(path_, std::ios::binary);
    std::ostringstream bytes;
    bytes << stream.rdbuf();
    return bytes.str();
  }
  void overwrite(const std::string& bytes) const {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << bytes;
  }

  models::Plan plan_;
  CheckpointIdentity identity_;
  fs::path folder_;
  std::string path_;
};

TEST_F(CheckpointTest, RecordsReadBackWhatWasWritten) {
  const models::ReplicationResult result = simulated(0, 0.5);
  ASSERT_FALSE(result.samples.empty());
  const std::string bytes = encode_replication(result);
  const auto back = decode_replication(bytes, plan_);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(back->measurements.counters, result.measurements.counters);
  EXPECT_EQ(back->measurements.maxima, result.measurements.maxima);
  EXPECT_EQ(back->measurements.digest, result.measurements.digest);
  EXPECT_EQ(back->measurements.grid.bin_bounds, result.measurements.grid.bin_bounds);
  EXPECT_EQ(back->windows, result.windows);
  EXPECT_EQ(back->samples.size(), result.samples.size());
  // Whatever the fields are, the bytes of the second writing agree only if all of them do.
  EXPECT_EQ(encode_replication(*back), bytes);
}

TEST_F(CheckpointTest, RecordsThatAreCutOrLongerAreNoRecords) {
  const std::string bytes = encode_replication(simulated(0));
  for (std::size_t size = 0; size < bytes.size(); size += 1 + size / 16) {
    EXPECT_FALSE(decode_replication(bytes.substr(0, size), plan_)) << size;
  }
  EXPECT_FALSE(decode_replication(bytes + '\0', plan_));
}

TEST_F(CheckpointTest, NoBytesMakeTheReaderFail) {
  std::string bytes = encode_replication(simulated(0));
  std::size_t accepted = 0;
  for (std::size_t i = 0; i < bytes.size(); i += 1 + i / 64) {
    const char kept = std::exchange(bytes[i], static_cast<char>(0xff));
    accepted += decode_replication(bytes, plan_) ? 1U : 0U;
    bytes[i] = kept;
  }
  EXPECT_TRUE(decode_replication(bytes, plan_));
  EXPECT_LT(accepted, bytes.size());
}

TEST_F(CheckpointTest, HoldsWhatWasSavedWhenItIsOpenedAgain) {
  write_two();
  Checkpoint again;
  ASSERT_FALSE(again.open(path_, identity_, plan_));
  EXPECT_TRUE(again.holds(0));
  EXPECT_TRUE(again.holds(1));
  EXPECT_FALSE(again.holds(2));
  EXPECT_EQ(again.load(1).measurements.digest, simulated(1).measurements.digest);
  again.add(2, simulated(2));
  ASSERT_FALSE(again.save());
  Checkpoint third;
  ASSERT_FALSE(third.open(path_, identity_, plan_));
  EXPECT_EQ(third.load(0).measurements.digest, simulated(0).measurements.digest);
  EXPECT_EQ(third.load(2).measurements.digest, simulated(2).measurements.digest);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1) << "no temporary file stays";
}

TEST_F(CheckpointTest, EveryTruncationIsRefused) {
  write_two();
  const std::string whole = file();
  for (std::size_t size = 0; size < whole.size(); size += 1 + size / 16) {
    overwrite(whole.substr(0, size));
    EXPECT_NE(refusal(identity_), "") << size;
  }
  overwrite(whole);
  EXPECT_EQ(refusal(identity_), "");
}

TEST_F(CheckpointTest, EveryFlippedBitIsRefused) {
  write_two();
  const std::string whole = file();
  for (std::size_t i = 0; i < whole.size(); i += 1 + i / 64) {
    std::string bytes = whole;
    bytes[i] = static_cast<char>(bytes[i] ^ (1 << (i % 8)));
    overwrite(bytes);
    EXPECT_NE(refusal(identity_), "") << i;
  }
  std::string last = whole;
  last.back() = static_cast<char>(last.back() ^ 1);
  overwrite(last);
  EXPECT_THAT(refusal(identity_), HasSubstr("damaged"));
}

TEST_F(CheckpointTest, SaysWhatDiffers) {
  write_two();
  CheckpointIdentity other = identity_;
  other.seed = 9;
  EXPECT_THAT(refusal(other), HasSubstr("seed (there 1, here 9)"));
  other = identity_;
  other.scenario = "big";
  EXPECT_THAT(refusal(other), HasSubstr("scenario (there 'small', here 'big')"));
  other = identity_;
  other.parameters ^= 1;
  EXPECT_THAT(refusal(other), HasSubstr("parameters"));
  other = identity_;
  other.version = "9.9";
  EXPECT_THAT(refusal(other), HasSubstr("version (there"));
  other = identity_;
  other.engine = "another";
  EXPECT_THAT(refusal(other), HasSubstr("engine another"));
  other = identity_;
  other.sample_share = 0.5;
  EXPECT_THAT(refusal(other), HasSubstr("--arms"));
}

TEST_F(CheckpointTest, RefusesWhatIsNoFile) {
  Checkpoint folder;
  EXPECT_EQ(folder.open(folder_.string(), identity_, plan_)->code, ExitCode::bad_input);
  Checkpoint nowhere;
  EXPECT_EQ(nowhere.open((folder_ / "no" / "c").string(), identity_, plan_)->code,
            ExitCode::output_failed);
  overwrite("");
  EXPECT_THAT(refusal(identity_), HasSubstr("no checkpoint"));
  overwrite("metric,value\n");
  EXPECT_THAT(refusal(identity_), HasSubstr("no checkpoint"));
}

TEST(CheckpointIdentityOf, SeparatesSeedFromParameters) {
  models::Scenario scenario = models::read_scenario(text, "small").value();
  const CheckpointIdentity one = identity_of(scenario, 0);
  scenario.seed = 77;
  EXPECT_EQ(identity_of(scenario, 0).parameters, one.parameters);
  EXPECT_EQ(identity_of(scenario, 0).seed, 77U);
  scenario.duration = Duration::seconds(3);
  EXPECT_NE(identity_of(scenario, 0).parameters, one.parameters);
}

TEST(CheckpointHeader, ReadsBackItsOwnLineAndNothingElse) {
  const CheckpointIdentity identity{"1.2", "abc", "a \"b\"\n", 1, ~std::uint64_t{0}, 0.1};
  const auto back = parse_header(header_line(identity));
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(difference(*back, identity), "");
  for (const char* other :
       {"", "{}", "[]", "{", "{\"schema\":1}", "{\"schema\":\"haldane.checkpoint/1\"}"}) {
    EXPECT_FALSE(parse_header(other)) << other;
  }
}

}  // namespace
}  // namespace haldane::cli
