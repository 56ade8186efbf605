// The table of `haldane cache` on terminals of any width.
#include "cli/cache/cache_report.h"

#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace haldane::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

CacheResult two_answers() {
  CacheResult result;
  result.trace = "access.csv";
  result.format = "csv";
  result.requests = 4'000'000;
  result.objects = 1'000'000;
  result.bytes = 5'000'000'000;
  result.working_set_bytes = 1'250'000'000;
  const models::ReplayCapacity room{100'000, models::CapacityUnit::objects};
  result.answers = {
      {models::ReplayPolicy::w_tinylfu, room, 1'500'000, 2'500'000, 0.625, 0.7},
      {models::ReplayPolicy::s3_fifo, room, 1'400'000, 2'600'000, 0.65, 0.71},
  };
  return result;
}

TEST(CacheText, KeepsPolicyCapacityAndMissesWhereItIsNarrow) {
  for (const int width : {40, 60, 80}) {
    const std::string text = cache_text(two_answers(), {width, false});
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
      EXPECT_LE(line.size(), static_cast<std::size_t>(width)) << line;
    for (const char* kept : {"w_tinylfu", "s3_fifo", "100,000", "62.500"})
      EXPECT_THAT(text, HasSubstr(kept)) << width;
  }
  EXPECT_THAT(cache_text(two_answers(), {80, false}), HasSubstr("byte miss %"));
  EXPECT_THAT(cache_text(two_answers(), {40, false}), Not(HasSubstr("byte miss %")));
}

}  // namespace
}  // namespace haldane::cli
