// What a simulation says, for people (text), for programs (JSON: contract haldane.run/1) and for
// spreadsheets (CSV).
#pragma once

#include <string>

#include "analysis/estimate/run_result.h"
#include "analysis/report/text_table.h"

namespace haldane::analysis {

/// A table grouped by tier, with objectives and notes. **Returns** lines of at most style.width
/// columns.
[[nodiscard]] std::string run_text(const RunResult& result, const TextStyle& style);

/// Contract haldane.run/1. Numbers have the shortest digits that read back exactly; what is empty
/// is null. What stands beyond the contract is described in schema/run.schema.json. Bytes of names
/// that are no UTF-8 are replaced.
[[nodiscard]] std::string run_json(const RunResult& result);

/// metric,value,ci_low,ci_high,unit: one line a metric, empty fields for null. A partial result
/// begins with lines that say so: partial, partial.simulated_s, partial.replications.
[[nodiscard]] std::string run_csv(const RunResult& result);

/// What became of an error budget, in a sentence.
[[nodiscard]] std::string budget_words(const SloResult& slo);

/// What a partial result is, in a sentence. **Domain** result.partial has a value.
[[nodiscard]] std::string partial_words(const RunResult& result);

/// "api.latency_ms.p99" as a person says it: tier "api", name "latency p99".
struct MetricWords {
  std::string tier;
  std::string name;
};
[[nodiscard]] MetricWords metric_words(const std::string& metric);

}  // namespace haldane::analysis
