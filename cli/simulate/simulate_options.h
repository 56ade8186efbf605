// What the user asked `haldane simulate` to do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/estimate/precision.h"
#include "sim/base/expected.h"

namespace haldane::cli {

/// Reads "NAME=1%" or "NAME=0.01". **Errors** one sentence naming the rule.
[[nodiscard]] Expected<analysis::PrecisionGoal, std::string> parse_precision(
    const std::string& text);

struct SimulateOptions {
  std::string scenario;           ///< a path, or the name of a folder under scenarios/
  std::vector<std::string> sets;  ///< "path=value"
  std::optional<std::uint64_t> seed;
  std::optional<std::uint32_t> replications;
  std::vector<analysis::PrecisionGoal> precision;
  std::uint32_t max_replications = 1'000;      ///< where --precision gives up
  std::uint32_t threads = 0;                   ///< 0 = as many as the machine has
  std::string arms_directory;                  ///< empty = not asked for
  std::string format = "text";                 ///< text, json or csv
  std::string out;                             ///< empty = standard output
  std::string html;                            ///< empty = no page
  std::string checkpoint;                      ///< empty = none
  std::string explain;                         ///< a metric; empty = not asked for
  std::string trace;                           ///< empty = no spans
  std::uint32_t trace_requests = 1'000;        ///< about how many are traced
  std::optional<std::uint64_t> trace_request;  ///< the only one
  std::string nodes;                           ///< empty = no table of replicas and workers
  bool stats = false;                          ///< how the engine worked
};

}  // namespace haldane::cli
