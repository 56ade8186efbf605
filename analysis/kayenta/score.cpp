#include "analysis/kayenta/score.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace haldane::analysis::kayenta {
namespace {

struct Tally {
  std::string name;
  int pass = 0;
  int counted = 0;
};

bool counts(Class label) {
  return label != Class::nodata && label != Class::error;
}

std::vector<Tally> tally(std::span<const ScoredMetric> metrics) {
  std::vector<Tally> tallies;
  std::map<std::string_view, std::size_t> place;
  for (const ScoredMetric& metric : metrics) {
    for (const std::string& group : metric.groups) {
      const auto [found, added] = place.emplace(group, tallies.size());
      if (added) tallies.push_back({group, 0, 0});
      Tally& of = tallies[found->second];
      of.counted += counts(metric.label) ? 1 : 0;
      of.pass += metric.label == Class::pass ? 1 : 0;
    }
  }
  return tallies;
}

std::vector<GroupScore> group_scores(std::span<const ScoredMetric> metrics) {
  std::vector<GroupScore> out;
  for (const Tally& t : tally(metrics)) {
    const bool none = t.counted == 0;
    const double share = none ? 0.0 : static_cast<double>(t.pass) / t.counted * 100;
    out.push_back({t.name, share, none});
  }
  return out;
}

double weighted_sum(const std::vector<GroupScore>& groups,
                    const std::map<std::string, double>& weights) {
  double given = 0;
  for (const auto& [name, weight] : weights) given += weight;
  const auto unweighted = std::count_if(
      groups.begin(), groups.end(), [&](const GroupScore& g) { return !weights.contains(g.name); });
  const double rest = unweighted > 0 ? (100 - given) / static_cast<double>(unweighted) : 0.0;
  double sum = 0;
  for (const GroupScore& group : groups) {
    const auto found = weights.find(group.name);
    const double weight = found == weights.end() ? rest : found->second;
    sum += (group.no_data ? 100.0 : group.score) * (weight / 100);
  }
  return round_half_up(sum);
}

void sum_up(std::span<const ScoredMetric> metrics, const std::map<std::string, double>& weights,
            Score& out) {
  const auto failure = std::find_if(metrics.begin(), metrics.end(), [](const ScoredMetric& m) {
    return m.critical && m.label != Class::pass;
  });
  if (failure != metrics.end()) {
    out.reason = "Canary Failed: " + failure->reason;
    return;
  }
  const auto missing = std::count_if(metrics.begin(), metrics.end(), [](const ScoredMetric& m) {
    return m.label == Class::nodata;
  });
  if (!metrics.empty() && 2 * static_cast<std::size_t>(missing) >= metrics.size()) {
    out.reason = "Canary Failed: 50% or more metrics returned NODATA";
    return;
  }
  out.score = weighted_sum(out.groups, weights);
}

ScoreLabel label_of(double score, const Thresholds& thresholds) {
  if (score >= thresholds.pass) return ScoreLabel::pass;
  return score >= thresholds.marginal ? ScoreLabel::marginal : ScoreLabel::fail;
}

}  // namespace

std::string_view score_name(ScoreLabel label) {
  switch (label) {
    case ScoreLabel::pass:
      return "Pass";
    case ScoreLabel::marginal:
      return "Marginal";
    case ScoreLabel::fail:
      break;
  }
  return "Fail";
}

// 33.335 is a little less in binary, but rounds up as it is written: the decimal text decides.
double round_half_up(double value) {
  if (!std::isfinite(value) || std::abs(value) >= 1e15) return value;
  std::string text = fmt::format("{:.17f}", value);
  const std::string shortest = fmt::format("{}", value);
  if (shortest.find('e') == std::string::npos) text = shortest;
  const std::size_t point = text.find('.');
  if (point == std::string::npos || text.size() <= point + 3) return value;
  const bool up = text[point + 3] >= '5';
  const std::string digits = text.substr(0, point) + text.substr(point + 1, 2);
  double cents = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), cents);
  const double away = value < 0 ? -1.0 : 1.0;
  return (cents + (up ? away : 0.0)) / 100;
}

Score score(std::span<const ScoredMetric> metrics,
            const std::map<std::string, double>& group_weights, const Thresholds& thresholds) {
  Score out;
  out.groups = group_scores(metrics);
  sum_up(metrics, group_weights, out);
  out.label = label_of(out.score, thresholds);
  return out;
}

}  // namespace haldane::analysis::kayenta
