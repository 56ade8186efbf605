// Names of the published metrics, as stated in the contract haldane.run/1. Objectives and
// precision goals name them; here is where such names are checked.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace haldane::models {

/// The part of the system without which a metric has no value.
enum class MetricTier : std::uint8_t { none, edge, api, workers, queue, priorities, dependency };

/// Every metric name of the contract, in its order.
[[nodiscard]] const std::vector<std::string>& metric_names();

/// **Domain** a name out of metric_names().
[[nodiscard]] MetricTier tier_of_metric(std::string_view name);

/// Objectives on it may be written with "%". **Domain** a name out of metric_names().
[[nodiscard]] bool metric_is_ratio(std::string_view name);

}  // namespace haldane::models
