#include "cli/power/power_options.h"

#include <fmt/format.h>

#include "config/quantity.h"

namespace haldane::cli {

Expected<LookWish, std::string> parse_looks(const std::string& text) {
  LookWish wish;
  if (const auto count = config::parse_count(text)) {
    if (*count >= 1 && *count <= looks_max) {
      wish.count = static_cast<std::uint32_t>(*count);
      return wish;
    }
  } else if (const auto every = config::parse_seconds(text)) {
    if (*every >= 1) {
      wish.every_s = *every;
      return wish;
    }
  }
  return Unexpected{
      fmt::format("'{}' must be a number of looks from 1 to {} or a time between two of at least "
                  "1s, such as 1m",
                  text, looks_max)};
}

Expected<double, std::string> parse_open_share(const std::string& text) {
  const auto share = config::parse_share(text);
  if (share && *share > 0 && *share < 1) return *share;
  return Unexpected{fmt::format("'{}' must be a share above 0% and below 100%, such as 10%", text)};
}

Expected<double, std::string> parse_step(const std::string& text) {
  const auto step = config::parse_seconds(text);
  if (step && *step >= 1 && *step <= 86'400) return *step;
  return Unexpected{fmt::format("'{}' must be a time from 1s to 1d, such as 1m", text)};
}

}  // namespace haldane::cli
