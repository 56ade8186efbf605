#include "cli/simulate/simulate_options.h"

#include <fmt/format.h>

#include "config/quantity.h"

namespace haldane::cli {

Expected<analysis::PrecisionGoal, std::string> parse_precision(const std::string& text) {
  const std::size_t equals = text.rfind('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
    return Unexpected{
        fmt::format("'{}' must be NAME=SHARE, such as requests.latency_ms.p99=1%", text)};
  }
  const auto relative = config::parse_share(text.substr(equals + 1));
  if (!relative || *relative <= 0 || *relative >= 1) {
    return Unexpected{fmt::format(
        "'{}': the precision must be a share between 0 and 1, such as 1% or 0.01", text)};
  }
  return analysis::PrecisionGoal{text.substr(0, equals), *relative};
}

}  // namespace haldane::cli
