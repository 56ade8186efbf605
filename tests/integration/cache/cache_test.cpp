// `haldane cache` as its users meet it: exact numbers, formats, pipes, and clear words for what is
// wrong.
#include <cstdint>
#include <cstring>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/integration/support/sandbox.h"

namespace haldane::test {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using testing::IsEmpty;

// LRU of two: a b miss, a hits, c evicts b, b misses and evicts a, a misses, a hits.
constexpr std::string_view small_csv =
    "time,object,size\n1,a,10\n2,b,20\n3,a,10\n4,c,30\n5,b,20\n6,a,10\n7,a,10\n";

// Objects i^2 mod 997 of sizes that the object decides, as CSV.
std::string squares(std::size_t count) {
  std::string text = "ts,key,bytes\n";
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t object = i * i % 997 % (1 + i % 300);
    text += std::to_string(i) + "," + std::to_string(object) + "," +
            std::to_string(object % 90 + 10) + "\n";
  }
  return text;
}

std::string record(std::uint32_t time, std::uint64_t object, std::uint32_t size) {
  std::string bytes(24, '\0');
  std::memcpy(bytes.data(), &time, 4);
  std::memcpy(bytes.data() + 4, &object, 8);
  std::memcpy(bytes.data() + 12, &size, 4);
  return bytes;
}

json replay(const Sandbox& sandbox, const std::string& arguments) {
  const Outcome outcome = sandbox.run("haldane cache " + arguments + " --format json");
  EXPECT_EQ(outcome.exit_code, 0) << arguments << "\n" << outcome.err;
  return json::parse(outcome.out, nullptr, false);
}

TEST(Cache, CountsHitsMissesAndBytes) {
  const Sandbox sandbox;
  sandbox.write("t.csv", small_csv);
  const json result = replay(sandbox, "t.csv --policy lru --capacity 2");
  EXPECT_EQ(result["schema"], "haldane.cache/1");
  EXPECT_EQ(result["trace"], "t.csv");
  EXPECT_EQ(result["requests"], 7);
  EXPECT_EQ(result["objects"], 3);
  EXPECT_EQ(result["bytes"], 110);
  EXPECT_EQ(result["working_set_bytes"], 60);
  ASSERT_EQ(result["results"].size(), 1U);
  const json& answer = result["results"][0];
  EXPECT_EQ(answer["policy"], "lru");
  EXPECT_EQ(answer["capacity"], 2);
  EXPECT_EQ(answer["unit"], "objects");
  EXPECT_EQ(answer["hits"], 2);
  EXPECT_EQ(answer["misses"], 5);
  EXPECT_DOUBLE_EQ(answer["miss_ratio"].get<double>(), 5.0 / 7);
  EXPECT_DOUBLE_EQ(answer["byte_miss_ratio"].get<double>(), 90.0 / 110);
}

TEST(Cache, KnowsBytesAndShares) {
  const Sandbox sandbox;
  sandbox.write("t.csv", small_csv);
  const json result = replay(sandbox, "t.csv --policy lru,fifo --capacity 1kB,34%,100%");
  ASSERT_EQ(result["results"].size(), 6U);
  EXPECT_EQ(result["results"][0]["unit"], "bytes");
  EXPECT_EQ(result["results"][0]["capacity"], 1'000);
  EXPECT_EQ(result["results"][0]["misses"], 3);
  EXPECT_EQ(result["results"][1]["capacity"], 1);
  EXPECT_EQ(result["results"][1]["misses"], 6);
  EXPECT_EQ(result["results"][2]["capacity"], 3);
  EXPECT_EQ(result["results"][5]["policy"], "fifo");
}

TEST(Cache, SaysTheSameOfEveryFormatFromFileOrPipe) {
  const Sandbox sandbox;
  std::string csv = "id,size,time\n";
  std::string text;
  std::string binary;
  for (std::uint32_t i = 0; i < 5'000; ++i) {
    const std::uint64_t object = std::uint64_t{i} * i % 1'013;
    csv += std::to_string(object) + ",7," + std::to_string(i) + "\n";
    text += std::to_string(object) + "\n";
    binary += record(i, object, 7);
  }
  sandbox.write("t.csv", csv);
  sandbox.write("t.txt", text);
  sandbox.write("t.oracleGeneral", binary);
  const std::string question = " --policy all --capacity 10,100,300 --format csv | cut -d, -f1-6";
  const std::string expected = sandbox.run("haldane cache t.csv" + question).out;
  EXPECT_THAT(expected, HasSubstr("policy,capacity,unit,hits,misses,miss_ratio\nlru,10,objects,"));
  for (const char* words :
       {"haldane cache t.txt", "haldane cache t.oracleGeneral", "cat t.csv | haldane cache -",
        "haldane cache - <t.txt", "cat t.oracleGeneral | haldane cache -",
        "haldane cache t.csv --threads 1"}) {
    EXPECT_EQ(sandbox.run(words + question).out, expected) << words;
  }
}

TEST(Cache, DrawsACurveWhenNoCapacityIsGiven) {
  const Sandbox sandbox;
  sandbox.write("t.csv", squares(20'000));
  const json result = replay(sandbox, "t.csv --policy lru,clock --html page.html");
  const auto& answers = result["results"];
  ASSERT_GE(answers.size(), 8U);
  double before = 1;
  for (const json& answer : answers) {
    if (answer["policy"] != "lru") break;
    EXPECT_LE(answer["miss_ratio"].get<double>(), before);
    before = answer["miss_ratio"];
  }
  EXPECT_EQ(answers.back()["misses"], result["objects"]);
  const std::string page = sandbox.read("page.html");
  EXPECT_THAT(page, HasSubstr("<svg"));
  EXPECT_THAT(page, HasSubstr("Miss ratio"));
  EXPECT_THAT(page, HasSubstr("clock"));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
}

TEST(Cache, EstimatesFromASample) {
  const Sandbox sandbox;
  sandbox.write("t.csv", squares(200'000));
  const json exact = replay(sandbox, "t.csv --capacity 100");
  const json sampled = replay(sandbox, "t.csv --capacity 100 --sample 50% --seed 7");
  EXPECT_EQ(sampled["requests"], exact["requests"]);
  EXPECT_EQ(sampled["sample"]["rate"], 0.5);
  EXPECT_EQ(sampled["sample"]["seed"], 7);
  EXPECT_EQ(exact["sample"], nullptr);
  const json& answer = sampled["results"][0];
  EXPECT_EQ(answer["hits"].get<int>() + answer["misses"].get<int>(), 200'000);
  EXPECT_NEAR(answer["miss_ratio"].get<double>(), exact["results"][0]["miss_ratio"].get<double>(),
              0.08);
}

TEST(Cache, SpeaksToPeopleToo) {
  const Sandbox sandbox;
  sandbox.write("t.csv", small_csv);
  const Outcome outcome = sandbox.run("haldane cache t.csv --capacity 2");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_THAT(outcome.out, HasSubstr("7 requests for 3 objects"));
  EXPECT_THAT(outcome.out, HasSubstr("71.429"));
  EXPECT_THAT(outcome.err, IsEmpty());
}

TEST(Cache, LeavesBadRowsOutAndSaysSo) {
  const Sandbox sandbox;
  sandbox.write("t.csv", std::string(small_csv) + "8,a\n9,a,many\n");
  const Outcome outcome = sandbox.run("haldane cache t.csv --capacity 2 --format json");
  EXPECT_EQ(outcome.exit_code, 0);
  EXPECT_EQ(json::parse(outcome.out)["malformed_rows"], 2);
  EXPECT_THAT(outcome.err, HasSubstr("2 of 9 rows could not be read"));
  EXPECT_THAT(outcome.err, HasSubstr("t.csv:9 TRC-201"));
  EXPECT_THAT(outcome.err, HasSubstr("t.csv:10 TRC-203 size"));
}

TEST(Cache, RefusesBadTracesWith65) {
  const Sandbox sandbox;
  sandbox.write("empty.csv", "");
  sandbox.write("header.csv", "id,size\n");
  sandbox.write("nameless.csv", "1,2\n3,4\n");
  sandbox.write("cut.bin", record(1, 2, 3) + "half");
  sandbox.write("words.csv", "id,size\na,b\nc,d\n");
  sandbox.write("cut.zst", std::string_view("\x28\xb5\x2f\xfd\x04", 5));
  for (const char* name :
       {"empty.csv", "header.csv", "nameless.csv", "cut.bin", "words.csv", "cut.zst"}) {
    const Outcome outcome = sandbox.run(std::string("haldane cache ") + name);
    EXPECT_EQ(outcome.exit_code, 65) << name;
    EXPECT_THAT(outcome.out, IsEmpty()) << name;
    EXPECT_THAT(outcome.err, HasSubstr(name));
  }
  sandbox.write("t.txt", "a\nb\n");
  const Outcome sizeless = sandbox.run("haldane cache t.txt --capacity 1kB");
  EXPECT_EQ(sizeless.exit_code, 65);
  EXPECT_THAT(sizeless.err, HasSubstr("t.txt TRC-108 has no sizes"));
  EXPECT_EQ(sandbox.run("haldane cache missing.csv").exit_code, 66);
  EXPECT_EQ(sandbox.run("haldane cache .").exit_code, 66);
}

TEST(Cache, CountsRoomInBytesForEveryPolicy) {
  const Sandbox sandbox;
  sandbox.write("t.csv", small_csv);
  const json result = replay(sandbox,
                             "t.csv --capacity 1kB "
                             "--policy lru,fifo,clock,sieve,s3_fifo,arc,lfu,w_tinylfu,gdsf");
  ASSERT_EQ(result["results"].size(), 9U);
  for (const json& answer : result["results"]) {
    EXPECT_EQ(answer["unit"], "bytes");
    EXPECT_EQ(answer["misses"], 3);  // everything fits in
  }
}

TEST(Cache, NamesAllWrongWordsOfAnOption) {
  const Sandbox sandbox;
  sandbox.write("t.csv", small_csv);
  const Outcome policies = sandbox.run("haldane cache t.csv --policy lur,lru,arcc");
  EXPECT_EQ(policies.exit_code, 64);
  EXPECT_THAT(policies.err, AllOf(HasSubstr("'lur'"), HasSubstr("'arcc'")));
  const Outcome capacities = sandbox.run("haldane cache t.csv --capacity 5q,7,200%");
  EXPECT_EQ(capacities.exit_code, 64);
  EXPECT_THAT(capacities.err, AllOf(HasSubstr("'5q'"), HasSubstr("'200%'")));
}

TEST(Cache, RefusesWrongWordsWith64) {
  const Sandbox sandbox;
  sandbox.write("t.csv", small_csv);
  for (const char* words :
       {"", "t.csv --policy lur", "t.csv --capacity 0", "t.csv --capacity -1",
        "t.csv --capacity nan", "t.csv --capacity 0%", "t.csv --capacity 200%",
        "t.csv --capacity 99999999999999999999", "t.csv --sample 0", "t.csv --sample 2",
        "t.csv --column what=id", "t.csv --trace-format xml", "t.csv --policy arc --capacity 1xB",
        "t.csv --out x --html x", "t.csv --threads 0", "t.csv --seed -1",
        "t.csv --seed 99999999999999999999"}) {
    const Outcome outcome = sandbox.run(std::string("haldane cache ") + words);
    EXPECT_EQ(outcome.exit_code, 64) << words << "\n" << outcome.out << outcome.err;
    EXPECT_THAT(outcome.out, IsEmpty()) << words;
  }
  EXPECT_THAT(sandbox.run("haldane cache t.csv --policy lur").err, HasSubstr("lru"));
}

TEST(Cache, WritesWholeFilesOrNone) {
  const Sandbox sandbox;
  sandbox.write("t.csv", small_csv);
  EXPECT_EQ(sandbox.run("haldane cache t.csv --out r.json --format json").exit_code, 0);
  EXPECT_TRUE(json::parse(sandbox.read("r.json"), nullptr, false).is_object());
  EXPECT_EQ(sandbox.run("haldane cache t.csv --out no/such/folder/r.json").exit_code, 74);
  EXPECT_EQ(sandbox.run("haldane cache t.csv >/dev/full").exit_code, 74);
  EXPECT_EQ(sandbox.run("haldane cache none.csv --out kept.json").exit_code, 66);
  EXPECT_FALSE(sandbox.exists("kept.json"));
}

}  // namespace
}  // namespace haldane::test
