#include "cli/cache/cache_options.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "config/nearest.h"
#include "config/quantity.h"

namespace haldane::cli {
namespace {

using models::CapacityUnit;

Unexpected<std::string> not_a_capacity(const std::string& text, std::string_view rule) {
  return Unexpected{fmt::format("'{}' {}", text, rule)};
}

}  // namespace

Expected<CapacityWish, std::string> parse_capacity(const std::string& text) {
  CapacityWish wish;
  if (text.ends_with('%')) {
    const auto share = config::parse_share(text);
    if (!share || *share <= 0 || *share > 1) {
      return not_a_capacity(text, "must be a share of the objects above 0% and up to 100%");
    }
    wish.share = *share;
    return wish;
  }
  const bool bytes = text.ends_with('B');
  const auto amount = bytes ? config::parse_size(text) : config::parse_count(text);
  if (!amount || *amount < 1) {
    return not_a_capacity(text,
                          "must be a number of objects such as 100k, a size such as 1GiB, or a "
                          "share of the objects such as 10%");
  }
  wish.capacity = {static_cast<std::uint64_t>(*amount),
                   bytes ? CapacityUnit::bytes : CapacityUnit::objects};
  return wish;
}

Expected<std::vector<models::ReplayPolicy>, std::string> parse_policies(const std::string& text) {
  std::vector<models::ReplayPolicy> policies;
  std::vector<std::string_view> names;
  for (const models::NamedPolicy& named : models::all_policies) {
    policies.push_back(named.policy);
    names.push_back(named.name);
  }
  if (text == "all") return policies;
  const auto policy = models::policy_of(text);
  if (policy) return std::vector<models::ReplayPolicy>{*policy};
  return Unexpected{
      fmt::format("'{}' is no eviction policy; {}", text, config::suggest(text, names))};
}

std::optional<std::string> parse_column(const std::string& text, models::ColumnNames& columns) {
  const std::size_t equals = text.find('=');
  const std::string role = text.substr(0, equals);
  if (equals != std::string::npos && equals + 1 < text.size()) {
    const std::string name = text.substr(equals + 1);
    if (role == "object") return columns.object = name, std::nullopt;
    if (role == "size") return columns.size = name, std::nullopt;
    if (role == "time") return columns.time = name, std::nullopt;
  }
  return fmt::format("'{}' must be object=NAME, size=NAME or time=NAME", text);
}

Expected<double, std::string> parse_sample_rate(const std::string& text) {
  const auto share = config::parse_share(text);
  if (share && *share >= 1e-6 && *share <= 1) return *share;
  return Unexpected{
      fmt::format("'{}' must be a share from 0.0001% to 100%, such as 1% or 0.01", text)};
}

}  // namespace haldane::cli
