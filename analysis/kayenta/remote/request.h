// The body that Kayenta sends to a remote judge, as a value: the rule of each metric, the group
// weights, the thresholds, and both arms' values.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "analysis/kayenta/classify.h"
#include "analysis/kayenta/score.h"
#include "sim/base/diagnostics.h"

namespace haldane::analysis::kayenta {

struct MetricConfig {
  std::string name;
  std::vector<std::string> groups;
  MetricRule rule;
  /// The effect sizes that the configuration names itself; the rule holds Kayenta's defaults.
  std::optional<double> allowed_increase;
  std::optional<double> allowed_decrease;
};

/// Values of one arm, one a step; NaN where a step has none.
struct ArmSeries {
  std::vector<double> values;
  std::optional<double> start_s;  ///< Unix seconds
  std::optional<double> step_s;
};

struct MetricPair {
  std::string name;
  nlohmann::ordered_json id;    ///< null when absent; handed back as it came
  nlohmann::ordered_json tags;  ///< likewise
  ArmSeries control;
  ArmSeries experiment;
  std::size_t config = 0;  ///< index into `metrics`
};

struct JudgeRequest {
  std::vector<MetricConfig> metrics;
  std::map<std::string, double> group_weights;
  Thresholds thresholds;
  std::vector<MetricPair> pairs;
};

/// Reads `{canaryConfig, scoreThresholds, metricSetPairList}`. Unknown members are passed over and
/// null counts as absent. **Errors** KAY-001 no JSON, KAY-002 nested too deeply,
/// KAY-003 objects of too many members, KAY-101 missing, KAY-102 another type,
/// KAY-103 no finite number where one is needed, KAY-201 metric named twice, KAY-202 a pair without
/// its configuration, KAY-203 outlier factor not above 0, KAY-900 more problems than are listed.
/// **Cost** holds the document and its values at once.
[[nodiscard]] Parsed<JudgeRequest> read_judge_request(std::string_view text,
                                                      const std::string& file);

}  // namespace haldane::analysis::kayenta
