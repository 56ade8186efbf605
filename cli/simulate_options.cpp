#include "cli/simulate_options.h"

#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

namespace haldane::cli {

Expected<PrecisionTarget, std::string> parse_precision(const std::string& text) {
  const std::size_t equals = text.rfind('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
    return Unexpected{
        fmt::format("'{}' must be NAME=SHARE, such as requests.latency_ms.p99=1%", text)};
  }
  const std::string share = text.substr(equals + 1);
  char* end = nullptr;
  double relative = std::strtod(share.c_str(), &end);
  if (std::string_view(end) == "%") {
    relative /= 100;
    ++end;
  }
  // The negated form also refuses NaN.
  if (*end != '\0' || end == share.c_str() || !(relative > 0 && relative < 1)) {
    return Unexpected{
        fmt::format("'{}': the precision must be a share between 0 and 1, such as 1% "
                    "or 0.01, but was '{}'",
                    text, share)};
  }
  return PrecisionTarget{text.substr(0, equals), relative};
}

}  // namespace haldane::cli
