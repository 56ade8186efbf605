// From classes to a score: Kayenta's weighted sum over groups, and the label that two thresholds
// put on it.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analysis/kayenta/classify.h"

namespace haldane::analysis::kayenta {

enum class ScoreLabel : std::uint8_t { pass, marginal, fail };

/// One metric as the score sees it. Muted ones are left out by the caller.
struct ScoredMetric {
  Class label = Class::pass;
  bool critical = false;
  std::vector<std::string> groups;  ///< counts in each
  std::string reason;
};

struct Thresholds {
  double pass = 0;
  double marginal = 0;
};

struct GroupScore {
  std::string name;
  double score = 0;
  bool no_data = false;  ///< nothing that counts: enters the sum as 100, is shown as 0
};

struct Score {
  double score = 0;  ///< 0..100, two decimals; beyond where weights add up to more
  ScoreLabel label = ScoreLabel::fail;
  std::string reason;              ///< why the canary failed outright; mostly empty
  std::vector<GroupScore> groups;  ///< by first appearance
};

/// "Pass", "Marginal" or "Fail".
[[nodiscard]] std::string_view score_name(ScoreLabel label);

/// The decimal that the number prints as, rounded to two places with halves away from zero.
[[nodiscard]] double round_half_up(double value);

/// **Returns** 0 when a critical metric is not Pass or half of the metrics or more are Nodata; else
/// the groups' scores by weight, where groups without a weight share what is left to 100 equally.
/// Weights of groups that hold no metric are lost. **Source** WeightedSumScorer.scala at a69573be.
[[nodiscard]] Score score(std::span<const ScoredMetric> metrics,
                          const std::map<std::string, double>& group_weights,
                          const Thresholds& thresholds);

}  // namespace haldane::analysis::kayenta
