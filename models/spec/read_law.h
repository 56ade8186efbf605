// Laws of durations and sizes as a scenario writes them: `{lognormal: {median: 5ms, sigma: 0.6}}`.
#pragma once

#include <string_view>
#include <vector>

#include "config/file.h"
#include "config/value.h"
#include "models/spec/scenario.h"

namespace haldane::models {

/// What the parameters of a law measure.
enum class LawUnit : std::uint8_t { seconds, bytes };

/// Names of all laws, in the order of the documentation.
[[nodiscard]] const std::vector<std::string_view>& law_names();

/// Reads a law into `out`. **Returns** true when it is good. **Errors** SCN-201 to SCN-206 and
/// those of config::Value. A law must have a finite mean of at most 100 days or 1 TiB: queues,
/// sizes and costs are sums, and a sum without a mean has no estimate.
bool read_law(const config::Value& value, LawUnit unit, const config::FileReader& files,
              LawSpec& out);

/// The mean of a law, in its unit; infinite where it has none.
[[nodiscard]] double law_mean(const LawSpec& law);

}  // namespace haldane::models
