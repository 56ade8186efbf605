#include <fmt/format.h>

#include "analysis/report/verdict_report.h"

namespace haldane::analysis {

std::string decision_name(Decision decision) {
  switch (decision) {
    case Decision::promote:
      return "promote";
    case Decision::rollback:
      return "rollback";
    case Decision::inconclusive:
      break;
  }
  return "inconclusive";
}

std::string outcome_name(Evidence::Outcome outcome) {
  switch (outcome) {
    case Evidence::Outcome::beyond_margin:
      return "beyond_margin";
    case Evidence::Outcome::within_margin:
      return "within_margin";
    case Evidence::Outcome::undecided:
      return "undecided";
    case Evidence::Outcome::reported:
      break;
  }
  return "reported";
}

std::string role_name(Role role) {
  switch (role) {
    case Role::critical:
      return "critical";
    case Role::guardrail:
      return "guardrail";
    case Role::informational:
      break;
  }
  return "informational";
}

std::string kind_name(MetricKind kind) {
  switch (kind) {
    case MetricKind::samples:
      return "samples";
    case MetricKind::ratio:
      return "ratio";
    case MetricKind::count:
      return "count";
    case MetricKind::gauge:
      break;
  }
  return "gauge";
}

std::string quantile_name(double quantile) {
  return fmt::format("p{:.10g}", quantile * 100);
}

std::string evidence_name(const Evidence& evidence) {
  return evidence.quantile ? evidence.name + " " + quantile_name(*evidence.quantile)
                           : evidence.name;
}

std::vector<std::string> difference_lines(const Verdict& verdict) {
  std::vector<std::string> lines;
  for (const Difference& difference : verdict.differences) {
    lines.push_back(difference.metric.empty()
                        ? fmt::format("the release: our own judge says {}: {}",
                                      decision_name(difference.own), difference.why)
                        : difference.metric + ": " + difference.why);
  }
  return lines;
}

}  // namespace haldane::analysis
