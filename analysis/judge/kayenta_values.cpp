#include "analysis/judge/kayenta_values.h"

#include <cmath>

#include <fmt/format.h>

namespace haldane::analysis {
namespace {

struct ArmValues {
  std::vector<double> values;
  std::string obstacle;
};

ArmValues over_exposure(const ObservationColumn& events, const ObservationColumn& exposure) {
  if (events.values.size() != exposure.values.size()) {
    return {{},
            fmt::format("{} rows of it and {} of {} do not match", events.values.size(),
                        exposure.values.size(), exposure.name)};
  }
  ArmValues out;
  for (std::size_t i = 0; i < events.values.size(); ++i) {
    const double value = events.values[i] / exposure.values[i];
    if (exposure.values[i] > 0 && std::isfinite(value)) out.values.push_back(value);
  }
  if (out.values.empty()) out.obstacle = "no row has any " + exposure.name;
  return out;
}

ArmValues values_of(const MetricPolicy& metric, const ObservationTable& table) {
  const ObservationColumn* column = table.find(metric.name);
  if (column == nullptr) return {{}, "there is no such column"};
  if (column->quality != Quality::raw) return {{}, "the rule needs single values, not bins"};
  const bool is_rate = metric.kind == MetricKind::ratio || metric.kind == MetricKind::count;
  const ObservationColumn* exposure =
      is_rate && !metric.exposure.empty() ? table.find(metric.exposure) : nullptr;
  if (exposure != nullptr) return over_exposure(*column, *exposure);
  return {column->values, column->values.empty() ? "it has no values" : ""};
}

}  // namespace

KayentaValues kayenta_values(const MetricPolicy& metric, const ObservationTable& baseline,
                             const ObservationTable& canary) {
  ArmValues b = values_of(metric, baseline);
  ArmValues c = values_of(metric, canary);
  KayentaValues out{std::move(b.values), std::move(c.values), ""};
  if (!b.obstacle.empty()) out.obstacle = "baseline: " + b.obstacle;
  if (!c.obstacle.empty()) {
    out.obstacle += (out.obstacle.empty() ? "canary: " : "; canary: ") + c.obstacle;
  }
  return out;
}

}  // namespace haldane::analysis
