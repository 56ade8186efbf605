// What the user asked `haldane cache` to do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/replay/replay_study.h"
#include "models/trace/csv_header.h"
#include "models/trace/trace_format.h"
#include "sim/base/expected.h"

namespace haldane::cli {

/// A capacity as it was written: an amount, or a share of the objects of a trace not read yet.
struct CapacityWish {
  models::ReplayCapacity capacity;
  std::optional<double> share;
};

struct CacheOptions {
  std::string trace;  ///< "-" = standard input
  std::vector<models::ReplayPolicy> policies;
  std::vector<CapacityWish> capacities;  ///< empty = those of a curve
  double sample_rate = 1;
  std::uint64_t seed = 0;
  std::uint32_t threads = 0;                        ///< 0 = as many as the machine has
  std::optional<models::TraceFormat> trace_format;  ///< empty = told by name or content
  models::ColumnNames columns;
  std::string format = "text";  ///< text, json or csv
  std::string out;              ///< empty = standard output
  std::string html;             ///< empty = no page
};

/// "100k" objects, "1GiB", or "10%" of the objects. **Errors** one sentence naming the rule.
[[nodiscard]] Expected<CapacityWish, std::string> parse_capacity(const std::string& text);

/// "lru", or "all" for every policy. **Errors** one sentence with the nearest name.
[[nodiscard]] Expected<std::vector<models::ReplayPolicy>, std::string> parse_policies(
    const std::string& text);

/// "object=NAME", "size=NAME" or "time=NAME" into `columns`. **Returns** what is wrong with it, or
/// nothing.
[[nodiscard]] std::optional<std::string> parse_column(const std::string& text,
                                                      models::ColumnNames& columns);

/// A share of 0.01% to 100%, as a number. **Errors** one sentence naming the rule.
[[nodiscard]] Expected<double, std::string> parse_sample_rate(const std::string& text);

}  // namespace haldane::cli
