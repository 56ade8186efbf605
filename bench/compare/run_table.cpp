#include "bench/compare/run_table.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "analysis/compare/mann_whitney.h"

namespace haldane::bench {
namespace {

bool is_wall_time(std::string_view name) {
  return name.ends_with("/real_time") || name.ends_with("/manual_time");
}

double nanoseconds_per(std::string_view unit) {
  if (unit == "us") return 1e3;
  if (unit == "ms") return 1e6;
  return unit == "s" ? 1e9 : 1;
}

double median(const std::vector<double>& sorted) {
  const std::size_t half = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

std::string time_text(double ns) {
  if (ns >= 1e6) return fmt::format("{:.4g} ms", ns / 1e6);
  if (ns >= 1e3) return fmt::format("{:.4g} us", ns / 1e3);
  return fmt::format("{:.4g} ns", ns);
}

std::string spread_text(const std::vector<double>& sorted) {
  return fmt::format("{} ({} to {})", time_text(median(sorted)), time_text(sorted.front()),
                     time_text(sorted.back()));
}

std::string line(std::string_view name, std::vector<double> ours, std::vector<double> theirs) {
  std::sort(ours.begin(), ours.end());
  std::sort(theirs.begin(), theirs.end());
  const analysis::MannWhitney test =
      analysis::mann_whitney(ours, theirs, analysis::Alternative::two_sided);
  return fmt::format(
      "{}\n  this  {}\n  other {}\n  this / other {:.3f}, p = {:.2g}, {} and {} runs\n", name,
      spread_text(ours), spread_text(theirs), median(ours) / median(theirs), test.p_value,
      ours.size(), theirs.size());
}

}  // namespace

bool add_output(RunTable& table, std::string_view json) {
  const nlohmann::json document = nlohmann::json::parse(json, nullptr, false);
  if (document.is_discarded() || !document.contains("benchmarks")) return false;
  for (const nlohmann::json& run : document["benchmarks"]) {
    if (run.value("run_type", "") != "iteration" || run.value("error_occurred", false)) continue;
    const std::string name = run.value("name", "");
    Runs& runs = table[name];
    runs.times.push_back(run.value(is_wall_time(name) ? "real_time" : "cpu_time", 0.0) *
                         nanoseconds_per(run.value("time_unit", "ns")));
    const std::string hash = run.value("label", "");
    runs.hash = runs.times.size() == 1 || runs.hash == hash ? hash : "differing";
  }
  return true;
}

std::string comparison(const RunTable& ours, const RunTable& theirs) {
  std::string text;
  std::string warnings;
  for (const auto& [name, runs] : ours) {
    const auto other = theirs.find(name);
    if (other == theirs.end()) continue;
    text += line(name, runs.times, other->second.times);
    if (runs.hash != other->second.hash) {
      warnings += fmt::format("warning: {} computes something else: {} here, {} there\n", name,
                              runs.hash, other->second.hash);
    }
  }
  return text + warnings;
}

}  // namespace haldane::bench
