// Files packed by gzip are read as what they hold; their digest is that of the packed bytes.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "tests/unit/analysis_ingest_formats/read_text.h"

namespace haldane::analysis {
namespace {

using testing::HasSubstr;

std::string packed(std::string text, int level = 6) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, level, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(text.data());
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string long_csv() {
  std::string text = "timestamp,latency_ms\n";
  for (int i = 0; i < 100'000; ++i)
    text += std::to_string(1'700'000'000 + i) + "," + std::to_string(i % 977) + ".5\n";
  return text;
}

TEST(Gzip, HoldsTheTableOfWhatWasPacked) {
  const std::string texts[] = {"a,b\n1,2", long_csv(), "{\"a\": 1}\n{\"a\": 2, \"b\": true}\n",
                               R"({"DurationHistogram":{"Count":2,"Data":[
                                  {"Start":0.001,"End":0.002,"Percent":100,"Count":2}]},
                                  "RetCodes":{"200":2}})"};
  for (const std::string& text : texts) {
    for (const int level : {0, 6, 9}) {
      const ObservationTable plain = table_of(text);
      const ObservationTable unpacked = table_of(packed(text, level));
      EXPECT_EQ(unpacked.rows, plain.rows);
      ASSERT_EQ(unpacked.columns.size(), plain.columns.size());
      for (std::size_t i = 0; i < plain.columns.size(); ++i) {
        EXPECT_EQ(unpacked.columns[i].values, plain.columns[i].values);
        EXPECT_EQ(unpacked.columns[i].times_s, plain.columns[i].times_s);
      }
    }
  }
}

TEST(Gzip, BlocksOfAnySizeGiveTheSame) {
  const std::string file = packed("{\"a\": 1}\n{\"a\": 2}\n");
  for (const std::size_t block_bytes : {1U, 7U, 1U << 20U}) {
    ReadOptions options;
    options.block_bytes = block_bytes;
    EXPECT_EQ(column_of(table_of(file, options), "a").values, (std::vector<double>{1, 2}));
  }
}

TEST(Gzip, MembersThatFollowOneAnotherAreOneFile) {
  const std::string file = packed("a\n1\n") + packed("") + packed("2\n3\n");
  EXPECT_EQ(column_of(table_of(file), "a").values, (std::vector<double>{1, 2, 3}));
}

// Of these bytes sha256sum says so.
TEST(Gzip, TheDigestIsOfTheFile) {
  const std::string file(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x4b\xe4\x32\xe4\x02\x00"
      "\x00\x24\xc1\x89\x04\x00\x00\x00",
      24);
  EXPECT_EQ(table_of(file).sha256,
            "d8c597d9ba5dff2752ef4a538fc8b072161cb9647714f3717e11a3cb7c5a087f");
}

TEST(Gzip, WhatIsCutOffOrDamagedIsRefusedRatherThanJudgedInPart) {
  const std::string file = packed(long_csv());
  EXPECT_THAT(refusal_of(file.substr(0, file.size() / 2)), HasSubstr("it ends within them"));
  EXPECT_THAT(refusal_of(file.substr(0, file.size() - 1)), HasSubstr("it ends within them"));
  EXPECT_THAT(refusal_of(file.substr(0, 2)), HasSubstr("it ends within them"));
  std::string damaged = file;
  damaged[file.size() / 2] = static_cast<char>(damaged[file.size() / 2] ^ 1);
  EXPECT_THAT(refusal_of(damaged), HasSubstr("IN-002"));
  EXPECT_THAT(refusal_of(file + "latency_ms\n1\n"), HasSubstr("incorrect header check"));
  EXPECT_THAT(refusal_of(packed("")), HasSubstr("is empty"));
}

TEST(Gzip, FilesOfOneByteOrNoneAreNotTakenForIt) {
  EXPECT_THAT(refusal_of("\x1f"), HasSubstr("CSV-"));
  EXPECT_THAT(refusal_of(""), HasSubstr("is empty"));
}

}  // namespace
}  // namespace haldane::analysis
