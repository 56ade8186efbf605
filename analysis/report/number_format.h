// Numbers as people read them: no more digits than the interval supports, thousands separated.
#pragma once

#include <optional>
#include <string>

#include "analysis/estimate/run_result.h"

namespace haldane::analysis {

/// "1,234.50" with so many decimals. **Domain** decimals in 0..12. **Returns** "nan" and "inf" as
/// such.
[[nodiscard]] std::string format_fixed(double value, int decimals);

/// Four significant digits, or all digits of a whole number: "12.35", "0.0001235", "3,600".
[[nodiscard]] std::string format_plain(double value);

/// Decimals that show two digits of the interval's half-width, but at most seven digits of the
/// value. **Domain** half_width >= 0; 0 means that the value is exact.
[[nodiscard]] int decimals_for(double value, double half_width);

/// A metric in the words of a table: all three numbers with the same decimals, shares as percent.
struct FormattedEstimate {
  std::string value;     ///< "-" where there is none
  std::string unit;      ///< "%" for ratios, "" for counts
  std::string low;       ///< empty where there is none
  std::string high;      ///< empty where there is none
  std::string relative;  ///< "0.6 %": half the interval over the value; empty where meaningless
};
[[nodiscard]] FormattedEstimate format_estimate(const MetricEstimate& estimate);

/// Seconds as "850 ms", "12.5 s", "3 min 20 s", "2 h 5 min".
[[nodiscard]] std::string format_seconds(double seconds);

/// A count with a suffix: "950", "12.3 k", "60 M".
[[nodiscard]] std::string format_short(double value);

}  // namespace haldane::analysis
