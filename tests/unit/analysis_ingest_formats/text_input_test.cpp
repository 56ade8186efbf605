// Text in memory is read as a file with the same bytes is.
#include <string>

#include <gtest/gtest.h>

#include "tests/unit/analysis_ingest_formats/read_text.h"

namespace haldane::analysis {
namespace {

TEST(TextInput, IsReadAsAFileIs) {
  std::string long_csv = "timestamp,latency_ms\n";
  for (int i = 0; i < 100'000; ++i) long_csv += std::to_string(1'700'000'000 + i) + ",1.5\n";
  const std::string texts[] = {"latency_ms,errors\n1,0\n2,x\n3,1\n", long_csv,
                               "{\"a\": 1}\n{\"a\": 2, \"b\": true}\n", "a,b\n1,2", ""};
  for (const std::string& text : texts) {
    const auto file = read_text(text);
    const auto memory = read_observations_text(text, "memory");
    ASSERT_EQ(file.has_value(), memory.has_value()) << text.substr(0, 100);
    if (!file) continue;
    EXPECT_EQ(file->sha256, memory->sha256);
    EXPECT_EQ(file->rows, memory->rows);
    EXPECT_EQ(file->malformed_rows, memory->malformed_rows);
    ASSERT_EQ(file->columns.size(), memory->columns.size());
    for (std::size_t i = 0; i < file->columns.size(); ++i) {
      EXPECT_EQ(file->columns[i].values, memory->columns[i].values);
      EXPECT_EQ(file->columns[i].times_s, memory->columns[i].times_s);
    }
  }
}

TEST(TextInput, ProblemsCarryTheNameThatWasGiven) {
  const auto refused = read_observations_text("1,2\n3,4\n", "baseline");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().failure, IngestFailure::bad_content);
  EXPECT_EQ(refused.error().diagnostics.at(0).file, "baseline");
}

}  // namespace
}  // namespace haldane::analysis
