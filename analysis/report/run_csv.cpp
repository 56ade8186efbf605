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
  if (result.partial) {
    text += "partial,1,,,1\n";
    text += fmt::format("partial.simulated_s,{},,,s\n", result.simulated_s);
    text += fmt::format("partial.replications,{},,,1\n", result.replications);
  }
  for (const MetricEstimate& metric : result.metrics) {
    text += fmt::format("{},{},{},{},{}\n", metric.name, number(metric.value),
                        number(metric.ci_low), number(metric.ci_high), metric.unit);
  }
  return text;
}

}  // namespace haldane::analysis
