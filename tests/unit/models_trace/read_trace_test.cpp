// Traces of every format, whole and damaged, as bytes in memory.
#include "models/trace/read_trace.h"

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zstd.h>

#include "models/trace/trace_builder.h"

namespace haldane::models {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Expected<TraceReading, TraceError> read(std::string_view bytes, const std::string& name,
                                        const TraceOptions& options = {}) {
  auto source = bytes_of(bytes, name);
  if (!source) return Unexpected{source.error()};
  return read_trace(std::move(source).value(), options);
}

std::string problems(std::string_view bytes, const std::string& name,
                     const TraceOptions& options = {}) {
  const auto reading = read(bytes, name, options);
  return reading ? "" : to_string(reading.error().diagnostics);
}

std::vector<std::uint32_t> objects(std::string_view bytes, const std::string& name,
                                   const TraceOptions& options = {}) {
  const auto reading = read(bytes, name, options);
  EXPECT_TRUE(reading.has_value()) << problems(bytes, name, options);
  if (!reading) return {};
  const auto& ids = reading.value().trace.objects;
  return {ids.begin(), ids.end()};
}

std::string record(std::uint32_t time, std::uint64_t object, std::uint32_t size) {
  std::string bytes(24, '\0');
  std::memcpy(bytes.data(), &time, 4);
  std::memcpy(bytes.data() + 4, &object, 8);
  std::memcpy(bytes.data() + 12, &size, 4);
  return bytes;
}

std::string packed(std::string_view bytes) {
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), bytes.data(), bytes.size(), 3));
  return out;
}

std::string rows(std::size_t count) {
  std::string text = "time,id,size\n";
  for (std::size_t i = 0; i < count; ++i) {
    text += std::to_string(i) + "," + std::to_string(i * i % 1'009) + ",100\n";
  }
  return text;
}

TEST(ReadTrace, NumbersObjectsByFirstAppearance) {
  EXPECT_THAT(objects("7\n9\n7\nurl/a\n9\nurl/a\n", "t.txt"), ElementsAre(0, 1, 0, 2, 1, 2));
}

TEST(ReadTrace, TakesColumnsInAnyOrderAndByTheirUsualNames) {
  for (const char* header : {"time,object,size", "ts,obj_id,obj_size", "Timestamp,Object-ID,BYTES",
                             "clock_time,url,content_length", "\xef\xbb\xbftime,id,size"}) {
    const auto reading = read(std::string(header) + "\n1,5,10\n2,6,20\n3,5,10\n", "t.csv");
    ASSERT_TRUE(reading.has_value()) << header;
    EXPECT_THAT(reading.value().trace.objects, ElementsAre(0, 1, 0)) << header;
    EXPECT_THAT(reading.value().trace.sizes, ElementsAre(10, 20, 10)) << header;
    EXPECT_EQ(reading.value().trace.bytes_seen, 40U) << header;
  }
  const auto turned = read("size;op;key;time\n10;GET;a;1\n20;GET;b;2\n", "t.csv");
  ASSERT_TRUE(turned.has_value());
  EXPECT_THAT(turned.value().trace.sizes, ElementsAre(10, 20));
}

TEST(ReadTrace, TakesColumnsThatTheUserNames) {
  TraceOptions options;
  options.columns = {"", "what", "weight"};
  const auto reading = read("id,what,weight\n1,a,3\n2,a,3\n", "t.csv", options);
  ASSERT_TRUE(reading.has_value());
  EXPECT_THAT(reading.value().trace.objects, ElementsAre(0, 0));
  EXPECT_THAT(reading.value().trace.sizes, ElementsAre(3, 3));
  options.columns.object = "which";
  EXPECT_THAT(problems("id,what,weight\n1,a,3\n", "t.csv", options),
              HasSubstr("the header must have the column \"which\""));
}

TEST(ReadTrace, ReadsQuotedFieldsCrlfAndAMissingLastLineEnd) {
  const auto reading =
      read("id,size\r\n\"a,b\",1\r\n\"say \"\"x\"\"\",2\r\n\"a,b\",\"3\"", "t.csv");
  ASSERT_TRUE(reading.has_value());
  EXPECT_THAT(reading.value().trace.objects, ElementsAre(0, 1, 0));
  EXPECT_THAT(reading.value().trace.sizes, ElementsAre(1, 2, 3));
}

TEST(ReadTrace, TextCsvAndBinaryOfTheSameNumbersAgree) {
  const std::string binary = record(1, 41, 5) + record(2, 1'000'000'007, 6) + record(2, 41, 5);
  const auto from_binary = objects(binary, "t.bin");
  EXPECT_EQ(objects("41\n1000000007\n41\n", "t.txt"), from_binary);
  EXPECT_EQ(objects("id\n41\n1000000007\n41\n", "t.csv"), from_binary);
  // Their keys agree too: the same objects are sampled.
  TraceOptions half;
  half.sample = {0.5, 3};
  std::string text;
  std::string records;
  for (std::uint32_t i = 0; i < 1'000; ++i) {
    text += std::to_string(i % 211) + "\n";
    records += record(i, i % 211, 1);
  }
  EXPECT_EQ(objects(text, "t.txt", half), objects(records, "t.bin", half));
}

TEST(ReadTrace, UnpacksZstdHoweverManyFramesThereAre) {
  const std::string text = rows(100'000);
  const auto plain = objects(text, "t.csv");
  EXPECT_EQ(plain.size(), 100'000U);
  EXPECT_EQ(objects(packed(text), "t.csv.zst"), plain);
  EXPECT_EQ(objects(packed(text), "no name that helps"), plain);
  const std::size_t middle = text.size() / 2;
  EXPECT_EQ(objects(packed(text.substr(0, middle)) + packed(text.substr(middle)), "t.csv.zst"),
            plain);
}

TEST(ReadTrace, SaysWhatIsWrongWithZstd) {
  const std::string whole = packed(rows(100'000));
  EXPECT_THAT(problems(whole.substr(0, whole.size() / 2), "t.csv.zst"),
              HasSubstr("t.csv.zst TRC-104"));
  std::string damaged = whole;
  for (std::size_t i = damaged.size() / 2; i < damaged.size() / 2 + 64; ++i) damaged[i] ^= 0x5a;
  EXPECT_THAT(problems(damaged, "t.csv.zst"), HasSubstr("TRC-104"));
  EXPECT_THAT(problems("\x28\xb5\x2f\xfd", "t"), HasSubstr("TRC-104"));
}

TEST(ReadTrace, TellsFormatsByContentWhereTheNameDoesNot) {
  EXPECT_EQ(read("id,size\n1,2\n", "-").value().format, TraceFormat::csv);
  EXPECT_EQ(read("1\n2\n", "-").value().format, TraceFormat::text);
  EXPECT_EQ(read(record(0, 1, 1), "-").value().format, TraceFormat::oracle_general);
  EXPECT_EQ(read(record(0, 1, 1), "w.oracleGeneral").value().format, TraceFormat::oracle_general);
}

TEST(ReadTrace, CountsRowsThatItCannotReadAndNamesTheFirst) {
  std::string text = "time,id,size\n";
  for (int i = 0; i < 50; ++i) text += "1,2,3\n";
  text += "1,2\n1,,3\n1,2,-3\n1,2,4294967296\n1,2,3,4\n1,\"2,3\n1,2,nan\n";
  const auto reading = read(text, "t.csv");
  ASSERT_TRUE(reading.has_value());
  EXPECT_EQ(reading.value().malformed_rows, 7U);
  EXPECT_EQ(reading.value().trace.requests_seen, 50U);
  ASSERT_EQ(reading.value().problems.size(), 5U);
  const std::string named = to_string(reading.value().problems);
  EXPECT_THAT(named, HasSubstr("t.csv:52 TRC-201 must have 3 fields"));
  EXPECT_THAT(named, HasSubstr("t.csv:53 TRC-202 id must not be empty"));
  EXPECT_THAT(named, HasSubstr("TRC-203 size must be a whole number of bytes from 0 to "
                               "4294967295, but was \"-3\""));
}

TEST(ReadTrace, LinesLongerThanAnyIdAreMalformedAndReadingGoesOn) {
  const std::string text = "a\n" + std::string(3'000'000, 'x') + "\nb\n" + "a b\n" + "a\n";
  const auto reading = read(text, "t.txt");
  ASSERT_TRUE(reading.has_value());
  EXPECT_THAT(reading.value().trace.objects, ElementsAre(0, 1, 0));
  EXPECT_EQ(reading.value().malformed_rows, 2U);
  EXPECT_THAT(to_string(reading.value().problems), HasSubstr("t.txt:2 TRC-205"));
  EXPECT_THAT(to_string(reading.value().problems), HasSubstr("t.txt:4 TRC-206"));
}

TEST(ReadTrace, RefusesWhatIsNoTrace) {
  EXPECT_THAT(problems("", "t.csv"), HasSubstr("t.csv TRC-101"));
  EXPECT_THAT(problems("id,size\n", "t.csv"), HasSubstr("TRC-101"));
  EXPECT_THAT(problems("\n\n\n", "t.txt"), HasSubstr("TRC-101"));
  EXPECT_THAT(problems("1,2,3\n4,5,6\n", "t.csv"), HasSubstr("t.csv:1 TRC-103"));
  EXPECT_THAT(problems("id,size\n1,x\n2,y\n3,4\n", "t.csv"), HasSubstr("TRC-105"));
  EXPECT_THAT(problems("id\n", "t.bin"), HasSubstr("TRC-102"));
}

TEST(ReadTrace, RefusesABinaryTraceThatEndsInARecord) {
  const std::string text = problems(record(1, 2, 3) + record(1, 2, 3).substr(0, 10), "t.bin");
  EXPECT_THAT(text, HasSubstr("10 bytes after the last whole one, at offset 24"));
}

TEST(ReadTrace, RefusesBinaryBytesWhoseTimesAreNoise) {
  std::string bytes;
  for (std::uint32_t i = 0; i < 200; ++i) bytes += record(i * 2'654'435'761U, i, 1);
  EXPECT_THAT(problems(bytes, "t.bin"), HasSubstr("TRC-106"));
}

TEST(ReadTrace, ASampleKeepsAllRequestsOfTheObjectsItKeeps) {
  const std::string text = rows(50'000);
  TraceOptions options;
  options.sample = {0.1, 1};
  const auto reading = read(text, "t.csv", options);
  ASSERT_TRUE(reading.has_value());
  const AccessTrace& trace = reading.value().trace;
  EXPECT_EQ(trace.requests_seen, 50'000U);
  EXPECT_EQ(trace.bytes_seen, 5'000'000U);
  EXPECT_EQ(trace.objects.size(), trace.sizes.size());
  // There are 505 squares modulo 1009, and each is asked for 49 times or more.
  EXPECT_GT(trace.object_count, 25U);
  EXPECT_LT(trace.object_count, 85U);
  std::vector<std::uint32_t> times(trace.object_count);
  for (const std::uint32_t object : trace.objects) ++times[object];
  for (const std::uint32_t count : times) EXPECT_GE(count, 49U);
}

TEST(ReadTrace, OtherSeedsKeepOtherObjects) {
  const std::string text = rows(5'000);
  TraceOptions one;
  one.sample = {0.5, 1};
  TraceOptions two;
  two.sample = {0.5, 2};
  EXPECT_EQ(objects(text, "t.csv", one), objects(text, "t.csv", one));
  EXPECT_NE(objects(text, "t.csv", one), objects(text, "t.csv", two));
}

TEST(OpenBytes, NamesWhatIsMissing) {
  const auto missing = open_bytes("no/such/trace.csv");
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().failure, TraceFailure::not_found);
  const auto folder = open_bytes("/");
  ASSERT_FALSE(folder.has_value());
  EXPECT_EQ(folder.error().failure, TraceFailure::unreadable);
}

TEST(KeyOfText, IsTheValueOfAPlainNumberOnly) {
  const auto key = [](std::string_view text) { return key_of_text(text.data(), text.size()); };
  EXPECT_EQ(key("0"), 0U);
  EXPECT_EQ(key("9999999999999999999"), 9'999'999'999'999'999'999ULL);
  EXPECT_NE(key("007"), 7U);
  EXPECT_NE(key("99999999999999999999"), key("99999999999999999998"));
  EXPECT_NE(key("a"), key("b"));
  EXPECT_NE(key("/images/one.png?width=100"), key("/images/one.png?width=200"));
}

}  // namespace
}  // namespace haldane::models
