#include "cli/simulate/arms_csv.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace haldane::cli {
namespace {

double expected_requests(const models::Scenario& scenario) {
  const models::ArrivalsSpec& arrivals = scenario.traffic.arrivals;
  const double sites = scenario.edge ? scenario.edge->sites : 1;
  const double seconds = scenario.duration.as_seconds();
  if (arrivals.process != models::ArrivalsSpec::Process::closed_loop) {
    return arrivals.rate_per_s * sites * seconds;
  }
  // A client asks at most once per thinking time; a millisecond stands for no thinking.
  return arrivals.clients * sites * seconds / std::max(1e-3, arrivals.think.value);
}

/// A whole number of ns as a decimal of a larger unit, exactly.
std::string seconds(std::int64_t ns) {
  return fmt::format("{}.{:09d}", ns / 1'000'000'000, ns % 1'000'000'000);
}
std::string milliseconds(std::int64_t ns) {
  return fmt::format("{}.{:06d}", ns / 1'000'000, ns % 1'000'000);
}

void append_bin(std::string& text, const sim::Measurements& run, models::Block arm,
                std::size_t bin) {
  using models::Counter;
  const auto counter = [&](Counter which) { return run.counters[models::index(which, arm)][bin]; };
  const Duration width = run.grid.bin_bounds[bin + 1] - run.grid.bin_bounds[bin];
  const double depth = static_cast<double>(counter(Counter::api_queue_time)) /
                       static_cast<double>(std::max<std::int64_t>(1, width.count_ns()));
  fmt::format_to(std::back_inserter(text), "{},,{},{},{},{}\n",
                 seconds(run.grid.bin_bounds[bin + 1].count_ns()), counter(Counter::requests),
                 counter(Counter::request_errors), counter(Counter::dead_letters), depth);
}

}  // namespace

double arms_sample_share(const models::Scenario& scenario, double rows) {
  const double expected = expected_requests(scenario);
  return expected > rows ? rows / expected : 1.0;
}

std::string arm_csv(const sim::Measurements& run, const std::vector<models::RequestSample>& samples,
                    models::Block arm, double from_s) {
  std::string text = "timestamp,latency_ms,requests,errors,dead_letters,queue_depth\n";
  auto sample = samples.begin();
  for (std::size_t bin = 0; bin < run.grid.bins(); ++bin) {
    const SimTime end = run.grid.bin_bounds[bin + 1];
    for (; sample != samples.end() && sample->asked < end; ++sample) {
      if (sample->canary != (arm == models::Block::canary) || sample->asked.as_seconds() < from_s)
        continue;
      fmt::format_to(std::back_inserter(text), "{},{},,,,\n", seconds(sample->asked.count_ns()),
                     milliseconds(sample->latency.count_ns()));
    }
    if (run.grid.bin_bounds[bin].as_seconds() >= from_s) append_bin(text, run, arm, bin);
  }
  return text;
}

}  // namespace haldane::cli
