#include "analysis/kayenta/remote/judge_request.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

namespace haldane::analysis::kayenta {
namespace {

// What a class amounts to for a release.
Decision decision_of(Class label) {
  if (label == Class::pass) return Decision::promote;
  if (label == Class::nodata || label == Class::error) return Decision::inconclusive;
  return Decision::rollback;
}

std::string passed_because(const Classified& c) {
  if (!c.shift) return "Kayenta passes this without a test (identical arms, or no data to compare)";
  return fmt::format(
      "Kayenta passes what it cannot show to differ: its 98% interval of the shift is [{:.6g}, "
      "{:.6g}], and one side had to clear {:.6g}",
      c.shift->low, c.shift->high, 0.25 * std::abs(c.shift->estimate));
}

std::string kayenta_because(const Classified& c) {
  switch (c.label) {
    case Class::pass:
      return passed_because(c);
    case Class::high:
    case Class::low:
      return fmt::format(
          "Kayenta looks once and asks for a shift beyond 25% of itself: its 98% interval is "
          "[{:.6g}, {:.6g}]",
          c.shift->low, c.shift->high);
    case Class::nodata_fail_metric:
      return "Kayenta counts missing data as a failure of this metric";
    case Class::nodata:
    case Class::error:
      break;
  }
  return "Kayenta leaves this metric out of its score";
}

void explain(const Classified& classified, OwnDecision& own) {
  own.differs = decision_of(classified.label) != own.decision;
  if (own.differs) own.why = kayenta_because(classified) + "; haldane: " + own.why;
}

void note_weights(const JudgeRequest& request, JudgeAnswer& answer) {
  std::set<std::string> present;
  for (const GroupScore& group : answer.score.groups) present.insert(group.name);
  double total = 0;
  for (const auto& [name, weight] : request.group_weights) {
    total += weight;
    if (!present.contains(name)) {
      answer.remarks.push_back(fmt::format(
          "group {} has weight {:g} but no metric, so a perfect canary scores less", name, weight));
    }
  }
  if (total > 100) {
    answer.remarks.push_back(fmt::format("group weights add up to {:g}, above 100", total));
  }
}

void note_request(const JudgeRequest& request, JudgeAnswer& answer) {
  const Thresholds& t = request.thresholds;
  if (t.pass < t.marginal) {
    answer.remarks.push_back(fmt::format(
        "the pass threshold {:g} is below the marginal one {:g}, so nothing can be Marginal",
        t.pass, t.marginal));
  }
  note_weights(request, answer);
  const auto errors =
      std::count_if(answer.metrics.begin(), answer.metrics.end(),
                    [](const auto& m) { return m.classified.label == Class::error; });
  if (errors > 0) {
    answer.remarks.push_back(fmt::format(
        "{} metrics could not be compared (Error); Kayenta counts them as healthy", errors));
  }
}

ScoredMetric scored(const MetricConfig& config, const Classified& classified) {
  return {classified.label, classified.critical, config.groups, classified.reason.value_or("")};
}

}  // namespace

JudgeAnswer judge_request(const JudgeRequest& request) {
  JudgeAnswer answer;
  std::vector<ScoredMetric> counted;
  for (const MetricPair& pair : request.pairs) {
    const MetricConfig& config = request.metrics[pair.config];
    MetricAnswer metric;
    metric.classified =
        classify(pair.name, config.rule, pair.control.values, pair.experiment.values);
    metric.own = own_decision(config, pair);
    explain(metric.classified, metric.own);
    if (!config.rule.muted) counted.push_back(scored(config, metric.classified));
    answer.metrics.push_back(std::move(metric));
  }
  answer.score = score(counted, request.group_weights, request.thresholds);
  note_request(request, answer);
  return answer;
}

}  // namespace haldane::analysis::kayenta
