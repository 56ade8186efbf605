#include <fmt/format.h>

#include "analysis/report/run_report.h"

namespace haldane::analysis {
namespace {

std::string number(std::optional<double> value) {
  return value ? fmt::format("{}", *value) : std::string();
}

}  // namespace

std::string run_csv(const RunResult& result) {
  std::string text = "metric,value,ci_low,ci_high,unit\n";
  for (const MetricEstimate& metric : result.metrics) {
    text += fmt::format("{},{},{},{},{}\n", metric.name, number(metric.value),
                        number(metric.ci_low), number(metric.ci_high), metric.unit);
  }
  return text;
}

}  // namespace haldane::analysis
