#include "models/trace/digits.h"

#include <cstdint>
#include <string>

#include <gtest/gtest.h>

namespace haldane::models {
namespace {

// Digits behind the end, which must not be taken for more of the number.
std::string with_room(const std::string& text) {
  return text + std::string(readable_behind, '9');
}

TEST(PlainNumber, IsReadWhateverItsLength) {
  std::string digits;
  for (int length = 1; length <= 18; ++length) {
    digits += static_cast<char>('0' + length % 10);
    for (const char* behind : {"", ",", "\r", "x", "/", ":", "\xff\x80"}) {
      const std::string text = with_room(digits + behind);
      const char* end = text.data() + digits.size() + std::string(behind).size();
      std::uint64_t value = 0;
      ASSERT_EQ(plain_number(text.data(), end, value), text.data() + digits.size()) << digits;
      ASSERT_EQ(value, std::stoull(digits));
    }
  }
}

TEST(PlainNumber, RefusesWhatIsNotPlain) {
  for (const char* text :
       {"", ",", "-1", "+1", " 1", "00", "01", "0000000000000", "a", "1234567890123456789"}) {
    const std::string bytes = with_room(text);
    std::uint64_t value = 0;
    EXPECT_EQ(plain_number(bytes.data(), bytes.data() + std::string(text).size(), value),
              bytes.data())
        << text;
  }
  const std::string zero = with_room("0");
  std::uint64_t value = 1;
  EXPECT_EQ(plain_number(zero.data(), zero.data() + 1, value), zero.data() + 1);
  EXPECT_EQ(value, 0U);
}

TEST(FindCharacter, FindsTheFirstBeforeTheEndOrTheEnd) {
  for (std::size_t length = 0; length < 40; ++length) {
    for (std::size_t at = 0; at <= length; ++at) {
      std::string text(length, 'x');
      if (at < length) text[at] = ',';
      if (at + 1 < length) text[at + 1] = '-';  // differs from a comma by a borrow only
      const std::string bytes = text + std::string(readable_behind, ',');
      ASSERT_EQ(find_character(bytes.data(), bytes.data() + length, ','), bytes.data() + at)
          << length << " " << at;
    }
  }
}

}  // namespace
}  // namespace haldane::models
