// Numbers with units as people write them: "250ms", "1h30m", "100k/s", "4MiB", "5%".
//
// Everything is parsed from decimal digits to its final unit in one step, so that "0.1ms" is
// exactly 100,000 ns and "6.25%" is the double nearest to 0.0625; going through a double of seconds
// first would not be.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/base/expected.h"
#include "sim/base/time.h"

namespace haldane::config {

/// Why a text is not the quantity that was asked for.
struct QuantityProblem {
  enum class Kind : std::uint8_t {
    malformed,   ///< no number, no unit, or a unit of another quantity
    non_finite,  ///< nan or infinity
    too_large,   ///< does not fit
    not_whole,   ///< a count with a fraction
  };
  Kind kind = Kind::malformed;
  std::string message;  ///< "must be a duration, but was ..."
  std::string hint;     ///< "write 250ms"
};

template <class T>
using Quantity = Expected<T, QuantityProblem>;

/// "250ms", "1h30m", "-5s", "0". **Units** of the text: ns, us, ms, s, m or min, h, d; several from
/// large to small may follow each other. **Returns** the nearest nanosecond. **Errors** also for a
/// value that is not zero but below half a nanosecond.
[[nodiscard]] Quantity<Duration> parse_duration(std::string_view text);

/// The same text as seconds. **Returns** the nearest double: laws have real parameters.
[[nodiscard]] Quantity<double> parse_seconds(std::string_view text);

/// "100k/s", "20/min", "3M/h", "0.5/s". **Returns** events per second.
[[nodiscard]] Quantity<double> parse_rate(std::string_view text);

/// "500k", "1M", "24", "1.5k": a whole number with an optional decimal factor k, M or G.
[[nodiscard]] Quantity<std::int64_t> parse_count(std::string_view text);

/// "4MiB", "20kB", "512B". **Returns** bytes.
[[nodiscard]] Quantity<std::int64_t> parse_size(std::string_view text);

/// The same text as a real number of bytes, for laws of sizes ("1.5B" is allowed).
[[nodiscard]] Quantity<double> parse_bytes(std::string_view text);

/// "5%" or "0.05". **Returns** the fraction.
[[nodiscard]] Quantity<double> parse_share(std::string_view text);

/// "1.5", "-2e3". No unit.
[[nodiscard]] Quantity<double> parse_number(std::string_view text);

/// 0 to 2^64 - 1, decimal digits only (seeds).
[[nodiscard]] Quantity<std::uint64_t> parse_unsigned(std::string_view text);

/// The shortest exact text that parse_duration reads back: "1m30s", "250ms".
[[nodiscard]] std::string format_duration(Duration duration);

}  // namespace haldane::config
