#include "analysis/ingest/cells.h"

#include <cmath>
#include <cstdlib>
#include <random>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace haldane::analysis {
namespace {

TEST(ParseCell, AgreesWithTheLibraryToTheBit) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> magnitude(-12, 18);
  for (int i = 0; i < 20'000; ++i) {
    const double number = std::pow(10, magnitude(random));
    const std::string text = i % 3 == 0   ? fmt::format("{:.17g}", number)
                             : i % 3 == 1 ? fmt::format("{:.6f}", number)
                                          : fmt::format("{:.4e}", number);
    const auto value = parse_cell(text);
    ASSERT_TRUE(value.has_value()) << text;
    EXPECT_EQ(*value, std::strtod(text.c_str(), nullptr)) << text;
  }
}

TEST(ParseCell, RefusesWhatIsNoDecimalNumber) {
  for (const char* text : {"", "-", "+", "--1", "+-1", "1.2.3", "1,5", "0x10", "1e", "12ms", ".",
                           "1 2", "e5", "infinit"}) {
    EXPECT_FALSE(parse_cell(text).has_value()) << text;
  }
}

TEST(ParseCell, AcceptsSignsBlanksAndBarePoints) {
  EXPECT_EQ(parse_cell(" +5\t"), 5.0);
  EXPECT_EQ(parse_cell("-.5"), -0.5);
  EXPECT_EQ(parse_cell("7."), 7.0);
  EXPECT_EQ(parse_cell("1e-999"), 0.0);
  EXPECT_EQ(parse_cell("-1e999"), -HUGE_VAL);
  EXPECT_TRUE(std::isnan(parse_cell("NaN").value()));
}

TEST(ParseTimestamp, ReadsRfc3339WithZonesAndFractions) {
  EXPECT_EQ(parse_timestamp("2014-03-07T03:41:00Z"), 1394163660.0);
  EXPECT_EQ(parse_timestamp("2014-03-07 03:41:00"), 1394163660.0);
  EXPECT_EQ(parse_timestamp("2014-03-07T05:11:00+01:30"), 1394163660.0);
  EXPECT_EQ(parse_timestamp("2014-03-07t03:41:00.5z"), 1394163660.5);
  EXPECT_EQ(parse_timestamp("1394163660.25"), 1394163660.25);
  EXPECT_EQ(parse_timestamp("1970-01-01T00:00:00Z"), 0.0);
}

TEST(ParseTimestamp, RefusesImpossibleTimes) {
  for (const char* text :
       {"", "now", "2014-02-30T00:00:00Z", "2014-13-01T00:00:00Z", "2014-03-07T24:00:00Z",
        "2014-03-07", "2014-03-07T03:41:00X", "2014-03-07T03:41:00.Z", "nan", "inf"}) {
    EXPECT_FALSE(parse_timestamp(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace haldane::analysis
