// What a state file gives back is what it was given, and a file with one wrong bit is refused.
#include "cli/judge/follow_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace haldane::cli {
namespace {

using ::testing::HasSubstr;

FollowState example() {
  FollowState state;
  state.policy = R"({"schema":"haldane.policy/1","metrics":[{"name":"a\n\"b\""}]})";
  state.inferred = true;
  state.assumptions = {"one", "two\nlines"};
  state.started_s = 1763730000.123456;
  state.looks = 7;
  state.baseline = {"b.csv", "csv", 12345678901234567ULL, "00ff"};
  state.canary = {"c.ndjson", "ndjson", 0, ""};
  state.verdict = "promote";
  state.last_line = "look 7\n";
  state.last_json = "{}\n";
  return state;
}

TEST(FollowState, GivesBackWhatItWasGiven) {
  const auto decoded = decode_follow_state(encode(example()));
  ASSERT_TRUE(decoded.has_value()) << decoded.error();
  EXPECT_EQ(*decoded, example());
  EXPECT_TRUE(decoded->decided());
}

TEST(FollowState, RefusesEveryWrongBitAndEveryCut) {
  const std::string whole = encode(example());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string bytes = whole;
    bytes[i] = static_cast<char>(bytes[i] ^ (1 << (i % 8)));
    EXPECT_FALSE(decode_follow_state(bytes).has_value()) << i;
    EXPECT_FALSE(decode_follow_state(whole.substr(0, i)).has_value()) << i;
  }
  EXPECT_FALSE(decode_follow_state(whole + "x").has_value());
}

TEST(FollowState, TellsDamageFromAnotherFile) {
  EXPECT_THAT(decode_follow_state("").error(), HasSubstr("is no state"));
  EXPECT_THAT(decode_follow_state("latency_ms\n1\n").error(), HasSubstr("is no state"));
  EXPECT_THAT(decode_follow_state(R"({"schema":"haldane.fol)").error(), HasSubstr("damaged"));
}

TEST(FollowState, RefusesAnotherFormatWithAGoodChecksum) {
  Sha256 hash;
  const std::string body = "{\"schema\":\"haldane.follow/1\",\"policy\":7}\n";
  hash.add(body);
  const auto decoded = decode_follow_state(body + "sha256 " + hexadecimal(hash.value()) + "\n");
  ASSERT_FALSE(decoded.has_value());
  EXPECT_THAT(decoded.error(), HasSubstr("another format"));
}

}  // namespace
}  // namespace haldane::cli
