#include "analysis/ingest/plain_rows.h"

#include <array>
#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>

#include "analysis/ingest/cells.h"

namespace haldane::analysis {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t no_field = std::numeric_limits<std::size_t>::max();
constexpr std::array<double, 23> powers_of_ten = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
constexpr std::array<std::uint64_t, 9> whole_powers = {
    1, 10, 100, 1'000, 10'000, 100'000, 1'000'000, 10'000'000, 100'000'000};

constexpr std::uint64_t exact_max = std::uint64_t{1} << 53U;

static_assert(std::endian::native == std::endian::little, "digits are taken from the low end");

// Bit 7 of the first of eight characters that is no digit, and rubbish above it: carries and
// borrows only leave bytes that are no digits themselves. 0 when all are.
std::uint64_t not_digits(std::uint64_t chunk) {
  return ((chunk + 0x4646464646464646U) | (chunk - 0x3030303030303030U)) & 0x8080808080808080U;
}

// Eight digits at once: pairs, then fours, then all (Lemire 2021, sec. "parsing eight digits").
std::uint64_t value_of_eight(std::uint64_t chunk) {
  chunk = chunk * 10 + (chunk >> 8U);
  constexpr std::uint64_t mask = 0x000000FF000000FFU;
  return ((chunk & mask) * 0x000F424000000064U + ((chunk >> 16U) & mask) * 0x0000271000000001U) >>
         32U;
}

// A run of digits that continues `mantissa`; wraps around after 19, which the caller does not use.
struct Digits {
  std::uint64_t mantissa;
  const char* end;
};

Digits take_digits_one_by_one(const char* p, std::uint64_t mantissa) {
  for (; *p >= '0' && *p <= '9'; ++p) mantissa = mantissa * 10 + static_cast<unsigned>(*p - '0');
  return {mantissa, p};
}

// Inlined by force: the compiler calls it otherwise, which halves the speed of reading.
[[gnu::always_inline]] inline Digits take_digits(const char* p, const char* end,
                                                 std::uint64_t mantissa) {
  for (;;) {
    if (end - p < 8) [[unlikely]]
      return take_digits_one_by_one(p, mantissa);
    std::uint64_t chunk = 0;
    std::memcpy(&chunk, p, 8);
    const std::uint64_t flags = not_digits(chunk);
    if (flags != 0) [[likely]] {
      // The flag is bit 7 of its byte: that many bits below it are digits, less seven.
      const unsigned bits = static_cast<unsigned>(std::countr_zero(flags)) - 7;
      const std::uint64_t aligned = (chunk << (56 - bits) << 8U) & 0x0F0F0F0F0F0F0F0FU;
      return {mantissa * whole_powers[bits / 8] + value_of_eight(aligned), p + bits / 8};
    }
    mantissa = mantissa * whole_powers[8] + value_of_eight(chunk & 0x0F0F0F0F0F0F0F0FU);
    p += 8;
  }
}

// Many digits or an exponent: the library's business, which is exact too.
const char* take_any_number(const char* p, const char* end, double& value) {
  const auto [stop, error] = std::from_chars(p, end, value);
  return error == std::errc{} ? stop : nullptr;
}

// An unsigned or negative decimal. Digits up to 2^53 and powers up to 10^22 are exact doubles, so
// one division rounds correctly (Clinger 1990). **Returns** its end, or null.
const char* take_number(const char* p, const char* end, double& value) {
  const bool negative = *p == '-';
  if (negative) ++p;
  const char* const begin = p;
  Digits run = take_digits(p, end, 0);
  auto digits = run.end - begin;
  std::size_t decimals = 0;
  if (*run.end == '.') {
    const char* const fraction = run.end + 1;
    run = take_digits(fraction, end, run.mantissa);
    decimals = static_cast<std::size_t>(run.end - fraction);
    digits += run.end - fraction;
  }
  if (digits == 0) return nullptr;
  p = run.end;
  if (digits <= 19 && run.mantissa <= exact_max && *p != 'e' && *p != 'E') [[likely]] {
    value = static_cast<double>(run.mantissa) / powers_of_ten[decimals];
  } else {
    p = take_any_number(begin, end, value);
  }
  if (negative) value = -value;
  return p;
}

bool ends_a_field(char c) {
  return c == ',' || c == '\n' || c == '\r';
}

}  // namespace

PlainRows::PlainRows(std::size_t fields, std::optional<std::size_t> timestamp_field)
    : fields_(fields),
      timestamp_field_(timestamp_field.value_or(no_field)),
      cells_(fields - (timestamp_field ? 1 : 0)) {}

// Rows come in order of time, so most share their minute with the row before.
const char* PlainRows::take_same_minute(const char* p, const char* end) {
  if (!minute_known_ || end - p < 21 || std::memcmp(p, minute_.data(), minute_.size()) != 0)
    return nullptr;
  const auto tens = static_cast<unsigned>(p[17] - '0');
  const auto ones = static_cast<unsigned>(p[18] - '0');
  if (tens > 5 || ones > 9 || p[19] != 'Z' || !ends_a_field(p[20])) return nullptr;
  time_s_ = minute_s_ + 10 * tens + ones;
  return p + 20;
}

// Unix time, or RFC 3339 up to the next comma or line end.
const char* PlainRows::take_time(const char* p, const char* end) {
  const char* stop = take_same_minute(p, end);
  if (stop != nullptr) return stop;
  stop = take_number(p, end, time_s_);
  if (stop != nullptr && ends_a_field(*stop)) {
    time_s_ = unix_seconds(time_s_);
    return stop;
  }
  stop = p;
  while (!ends_a_field(*stop) && *stop != '"') ++stop;
  const auto time = parse_timestamp({p, static_cast<std::size_t>(stop - p)});
  if (!time) return nullptr;
  time_s_ = *time;
  remember_minute({p, static_cast<std::size_t>(stop - p)});
  return stop;
}

void PlainRows::remember_minute(std::string_view text) {
  if (text.size() < minute_.size()) return;
  const std::string_view minute = text.substr(0, minute_.size());
  const auto start = parse_timestamp(std::string(minute) + "00Z");
  if (!start) return;
  minute.copy(minute_.data(), minute_.size());
  minute_s_ = *start;
  minute_known_ = true;
}

std::size_t PlainRows::take(std::string_view text) {
  const char* p = text.data();
  const char* const end = p + text.size();
  double* cell = cells_.data();
  for (std::size_t field = 0;;) {
    if (field == timestamp_field_) {
      p = take_time(p, end);
    } else if (ends_a_field(*p)) {
      *cell++ = nothing;
    } else {
      p = take_number(p, end, *cell++);
    }
    if (p == nullptr) return 0;
    if (++field == fields_) break;
    if (*p++ != ',') return 0;
  }
  if (*p == '\r') ++p;
  // A lone empty field is a blank line, which is no row.
  if (p == end || *p != '\n' || (fields_ == 1 && cells_[0] != cells_[0])) return 0;
  return static_cast<std::size_t>(p + 1 - text.data());
}

}  // namespace haldane::analysis
