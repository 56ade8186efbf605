#include "analysis/study/margin_advice.h"

#include <algorithm>
#include <cmath>

namespace haldane::analysis {
namespace {

/// Every second value from `first`.
std::vector<double> half_of(const std::vector<double>& values, std::size_t first) {
  std::vector<double> half;
  for (std::size_t i = first; i < values.size(); i += 2) half.push_back(values[i]);
  return half;
}

/// The smallest value that `share` of the values do not exceed; unknown ones exceed everything.
std::optional<double> covering(std::vector<double> values, double share) {
  const double needed = std::ceil(share * static_cast<double>(values.size()) - 1e-9);
  std::erase_if(values, [](double value) { return std::isnan(value); });
  const auto rank = static_cast<std::size_t>(std::max(needed, 1.0));
  if (rank > values.size()) return std::nullopt;
  std::sort(values.begin(), values.end());
  return values[rank - 1];
}

/// The largest value that `share` of the values reach; unknown ones reach nothing.
std::optional<double> reached(std::vector<double> values, double share) {
  for (double& value : values) value = -value;
  const std::optional<double> turned = covering(std::move(values), share);
  return turned ? std::optional(-*turned) : std::nullopt;
}

bool is_critical(const EntrySummary& entry) {
  return entry.info.role == Role::critical;
}

// A margin is never negative: an interval wholly on the good side needs none.
std::optional<double> at_least(const EntrySummary& entry, double share) {
  const auto margin = covering(half_of(entry.inside, 0), share);
  return margin ? std::optional(std::max(*margin, 0.0)) : std::nullopt;
}

CountedShare check(const CaseSummary& unchanged, const std::vector<EntryMargin>& margins) {
  CountedShare checked;
  for (const EntryMargin& margin : margins) {
    if (margin.info.role == Role::critical && !margin.at_least) return checked;
  }
  for (std::int64_t run = 1; run < unchanged.runs; run += 2) {
    bool inside = true;
    std::size_t next = 0;
    for (const EntrySummary& entry : unchanged.entries) {
      if (entry.info.role == Role::informational) continue;
      const EntryMargin& margin = margins[next++];
      if (!is_critical(entry)) continue;
      const double needed = entry.inside[static_cast<std::size_t>(run)];
      inside = inside && needed <= *margin.at_least;
    }
    ++checked.runs;
    if (inside) ++checked.count;
  }
  return checked;
}

std::vector<CatchLimit> limits_of(const EntrySummary& unchanged, std::size_t index,
                                  const std::vector<NamedCase>& changed, double power) {
  std::vector<CatchLimit> limits;
  for (const NamedCase& one : changed) {
    const EntrySummary& entry = one.summary->entries[index];
    if (entry.scale != unchanged.scale) continue;
    const auto limit = reached(entry.beyond_of, power);
    // Nothing is beyond a margin of zero: that effect cannot be caught by this entry.
    if (limit && *limit > 0) limits.push_back({one.name, limit});
  }
  return limits;
}

}  // namespace

MarginAdvice advise_margins(const CaseSummary& unchanged, const std::vector<NamedCase>& changed,
                            double power) {
  const auto critical =
      std::count_if(unchanged.entries.begin(), unchanged.entries.end(), is_critical);
  const double each = 1 - (1 - power) / static_cast<double>(std::max<std::ptrdiff_t>(critical, 1));
  MarginAdvice advice;
  for (std::size_t i = 0; i < unchanged.entries.size(); ++i) {
    const EntrySummary& entry = unchanged.entries[i];
    if (entry.info.role == Role::informational) continue;
    EntryMargin margin;
    margin.info = entry.info;
    margin.scale = entry.scale;
    margin.margin = entry.margin;
    if (is_critical(entry)) margin.at_least = at_least(entry, each);
    margin.limits = limits_of(entry, i, changed, power);
    advice.entries.push_back(std::move(margin));
  }
  if (critical > 0) advice.checked = check(unchanged, advice.entries);
  return advice;
}

}  // namespace haldane::analysis
