#include "analysis/judge/traffic_split.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "analysis/ingest/column_sketch.h"
#include "analysis/judge/arms.h"
#include "analysis/sequential/bernoulli_evidence.h"

namespace haldane::analysis {
namespace {

constexpr double tolerance = 0.01;  // of the smaller share: balancers do not count
constexpr double e_value_min = 1000;
constexpr double concentration = 10;

struct Split {
  double baseline = 0;
  double canary = 0;
};

double total_of(const ObservationColumn& column) {
  if (column.sketch) return column.sketch->sum();
  return std::accumulate(column.values.begin(), column.values.end(), 0.0);
}

std::optional<Split> requests_of(const JudgePolicy& policy, const TablePair& tables) {
  for (const bool by_exposure : {true, false}) {
    for (const MetricPolicy& metric : policy.metrics) {
      const std::string& name = by_exposure ? metric.exposure : metric.name;
      if (name.empty() || (!by_exposure && metric.kind != MetricKind::samples)) continue;
      const ObservationColumn* b = tables.baseline.find(name);
      const ObservationColumn* c = tables.canary.find(name);
      if (b == nullptr || c == nullptr) continue;
      return by_exposure ? Split{total_of(*b), total_of(*c)}
                         : Split{observations_in(*b), observations_in(*c)};
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> split_mismatch(const JudgePolicy& policy, const TablePair& tables) {
  if (!policy.share_stated) return std::nullopt;
  const std::optional<Split> split = requests_of(policy, tables);
  if (!split || !(split->baseline >= 0) || !(split->canary >= 0)) return std::nullopt;
  const double share = policy.canary_share;
  const double slack = tolerance * std::min(share, 1 - share);
  const double total = split->baseline + split->canary;
  if (!(total > 0) || !std::isfinite(total)) return std::nullopt;
  const double log_e =
      std::max(BernoulliEvidence(share + slack, concentration).log_e_greater(split->canary, total),
               BernoulliEvidence(share - slack, concentration).log_e_less(split->canary, total)) -
      std::log(2.0);
  if (log_e < std::log(e_value_min)) return std::nullopt;
  const double seen = split->canary / total;
  std::string text = fmt::format(
      "the canary has {:.3g} % of {:.0f} requests where the policy says {:g} %: requests of an arm "
      "may be missing",
      100 * seen, total, 100 * share);
  if (std::abs(seen - (1 - share)) < std::abs(seen - share) / 4) text += ", or the arms be swapped";
  return text;
}

}  // namespace haldane::analysis
