// Numbers with units, exactly.
#include "config/quantity.h"

#include <cstdint>
#include <limits>
#include <string>

#include <gtest/gtest.h>

namespace haldane::config {
namespace {

using Kind = QuantityProblem::Kind;

std::int64_t duration_ns(const std::string& text) {
  const auto parsed = parse_duration(text);
  return parsed ? parsed->count_ns() : std::numeric_limits<std::int64_t>::min();
}

template <class T>
std::string kind_of(const Quantity<T>& parsed) {
  if (parsed) return "good";
  switch (parsed.error().kind) {
    case Kind::malformed:
      return "malformed";
    case Kind::non_finite:
      return "non_finite";
    case Kind::too_large:
      return "too_large";
    case Kind::not_whole:
      return "not_whole";
  }
  return "?";
}

TEST(Duration, UnitsAreExact) {
  EXPECT_EQ(duration_ns("1ns"), 1);
  EXPECT_EQ(duration_ns("5us"), 5'000);
  EXPECT_EQ(duration_ns("5\xc2\xb5s"), 5'000);
  EXPECT_EQ(duration_ns("250ms"), 250'000'000);
  EXPECT_EQ(duration_ns("2s"), 2'000'000'000);
  EXPECT_EQ(duration_ns("1h30m"), 5'400'000'000'000);
  EXPECT_EQ(duration_ns("2min"), 120'000'000'000);
  EXPECT_EQ(duration_ns("1d"), 86'400'000'000'000);
  EXPECT_EQ(duration_ns("1m30s250ms"), 90'250'000'000);
  EXPECT_EQ(duration_ns("0"), 0);
  EXPECT_EQ(duration_ns("-5s"), -5'000'000'000);
  EXPECT_EQ(duration_ns("-1m30s"), -90'000'000'000);
}

TEST(Duration, FractionsHaveNoBinarySurprise) {
  EXPECT_EQ(duration_ns("0.1ms"), 100'000);
  EXPECT_EQ(duration_ns("0.3s"), 300'000'000);
  EXPECT_EQ(duration_ns(".5s"), 500'000'000);
  EXPECT_EQ(duration_ns("1e-3s"), 1'000'000);
  EXPECT_EQ(duration_ns("9007199.254740993s"), 9'007'199'254'740'993);  // beyond 2^53
  EXPECT_EQ(duration_ns("1.9999999999s"), 2'000'000'000);               // nearest nanosecond
  EXPECT_EQ(duration_ns("0.33333333333333333333333333333333s"), 333'333'333);
}

TEST(Duration, OverflowIsFoundAtTheEdge) {
  EXPECT_EQ(duration_ns("9223372036854775807ns"), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(kind_of(parse_duration("9223372036854775808ns")), "too_large");
  EXPECT_EQ(kind_of(parse_duration("106752d")), "too_large");
  EXPECT_EQ(kind_of(parse_duration("106751d23h48m")), "too_large");
  EXPECT_EQ(kind_of(parse_duration("1e999999s")), "too_large");
  EXPECT_EQ(kind_of(parse_duration("1e99999999999999999999s")), "too_large");
  EXPECT_EQ(kind_of(parse_duration(std::string(100'000, '9') + "s")), "too_large");
}

TEST(Duration, BelowANanosecondIsNotSilentlyZero) {
  EXPECT_EQ(kind_of(parse_duration("0.1ns")), "malformed");
  EXPECT_EQ(kind_of(parse_duration("1e-30s")), "malformed");
  EXPECT_EQ(duration_ns("0e5s"), 0);
}

TEST(Duration, OtherTextIsRefused) {
  for (const char* text : {"", "5", "ms", "5 ms", "5mss", "5ms ", "1m2h", "1s1s", "1h-30m", "5%",
                           "4MiB", "1,5s", "1_000s", "0x10s", "5e", "--5s", "5s5", "."}) {
    EXPECT_EQ(kind_of(parse_duration(text)), "malformed") << text;
  }
  EXPECT_EQ(kind_of(parse_duration("inf")), "non_finite");
  EXPECT_EQ(kind_of(parse_duration(".nan")), "non_finite");
}

TEST(Duration, FormattingIsReadBack) {
  for (const std::int64_t ns :
       {std::int64_t{0}, std::int64_t{1}, std::int64_t{90'250'000'000}, std::int64_t{-5'000'000},
        std::numeric_limits<std::int64_t>::max(), std::int64_t{86'400'000'000'001}}) {
    EXPECT_EQ(duration_ns(format_duration(Duration::nanoseconds(ns))), ns);
  }
  EXPECT_EQ(format_duration(Duration::milliseconds(90'250)), "1m30s250ms");
  EXPECT_EQ(format_duration(Duration::nanoseconds(std::numeric_limits<std::int64_t>::min())),
            "-106751d23h47m16s854ms775us808ns");
}

TEST(Seconds, AreTheNearestDouble) {
  EXPECT_EQ(*parse_seconds("12.345ms"), 12.345e-3);
  EXPECT_EQ(*parse_seconds("500us"), 500e-6);
  EXPECT_EQ(*parse_seconds("0.25ns"), 0.25e-9);
  EXPECT_EQ(*parse_seconds("1h30m"), 5'400.0);
}

TEST(Rate, IsPerSecond) {
  EXPECT_EQ(*parse_rate("100k/s"), 1e5);
  EXPECT_EQ(*parse_rate("0.8/s"), 0.8);
  EXPECT_EQ(*parse_rate("20/min"), 20.0 / 60);
  EXPECT_EQ(*parse_rate("3M/h"), 3e6 / 3600);
  EXPECT_EQ(*parse_rate("5/ms"), 5e3);
  EXPECT_EQ(*parse_rate("864/d"), 0.01);
  for (const char* text : {"100", "100k", "/s", "100/", "100/x", "100K/s", "100s", "100/s/s"}) {
    EXPECT_EQ(kind_of(parse_rate(text)), "malformed") << text;
  }
  EXPECT_EQ(kind_of(parse_rate("1e400/s")), "too_large");
}

TEST(Count, IsWhole) {
  EXPECT_EQ(*parse_count("24"), 24);
  EXPECT_EQ(*parse_count("500k"), 500'000);
  EXPECT_EQ(*parse_count("1.5M"), 1'500'000);
  EXPECT_EQ(*parse_count("1e6"), 1'000'000);
  EXPECT_EQ(*parse_count("4.0"), 4);
  EXPECT_EQ(kind_of(parse_count("1.5")), "not_whole");
  EXPECT_EQ(kind_of(parse_count("0.0001k")), "not_whole");
  EXPECT_EQ(kind_of(parse_count("9223372036854775808")), "too_large");
  EXPECT_EQ(kind_of(parse_count("five")), "malformed");
  EXPECT_EQ(kind_of(parse_count("5%")), "malformed");
}

TEST(Size, KnowsBothFamiliesOfUnits) {
  EXPECT_EQ(*parse_size("4MiB"), 4 << 20);
  EXPECT_EQ(*parse_size("20kB"), 20'000);
  EXPECT_EQ(*parse_size("1.5KiB"), 1'536);
  EXPECT_EQ(*parse_size("0"), 0);
  EXPECT_EQ(*parse_size("8388607TiB"), 8'388'607LL << 40);
  EXPECT_EQ(kind_of(parse_size("8388608TiB")), "too_large");
  EXPECT_EQ(kind_of(parse_size("0.5B")), "not_whole");
  EXPECT_EQ(kind_of(parse_size("20")), "malformed");
  EXPECT_EQ(kind_of(parse_size("20k")), "malformed");
  EXPECT_EQ(*parse_bytes("0.5B"), 0.5);
}

TEST(Share, IsAFraction) {
  EXPECT_EQ(*parse_share("5%"), 0.05);
  EXPECT_EQ(*parse_share("6.25%"), 0.0625);
  EXPECT_EQ(*parse_share("0.05"), 0.05);
  EXPECT_EQ(kind_of(parse_share("5 %")), "malformed");
  EXPECT_EQ(kind_of(parse_share("5%%")), "malformed");
}

TEST(Unsigned, CoversSeeds) {
  EXPECT_EQ(*parse_unsigned("18446744073709551615"), 18'446'744'073'709'551'615ULL);
  EXPECT_EQ(kind_of(parse_unsigned("18446744073709551616")), "too_large");
  EXPECT_EQ(kind_of(parse_unsigned("-1")), "malformed");
  EXPECT_EQ(kind_of(parse_unsigned("1k")), "malformed");
}

}  // namespace
}  // namespace haldane::config
