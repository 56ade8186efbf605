// Two sets of benchmark runs side by side: which benchmarks became faster or slower, and which
// compute something else now.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace haldane::bench {

/// What repeated runs showed of one benchmark. **Units** nanoseconds an iteration.
struct Runs {
  std::vector<double> times;
  std::string hash;  ///< of the result; "differing" if the runs do not agree
};

/// By name of the benchmark.
using RunTable = std::map<std::string, Runs, std::less<>>;

/// Adds one JSON output of Google Benchmark: processor time, or wall time where the name ends in
/// real_time or manual_time. **Errors** false if it is not such an output.
[[nodiscard]] bool add_output(RunTable& table, std::string_view json);

/// A line a benchmark that both sides have: medians with least and greatest, the ratio of the
/// medians, and the two-sided p-value of the Mann-Whitney test; then warnings of hashes that
/// differ.
[[nodiscard]] std::string comparison(const RunTable& ours, const RunTable& theirs);

}  // namespace haldane::bench
