// Observations of one arm as columns of doubles: what every reader of measurements produces and the
// judge consumes.
//
// A cell that is empty is no observation, so columns may have different lengths; each value keeps
// its time. That costs 8 bytes a value, and lets gauges be paired by time and dependence be seen.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/diagnostics.h"

namespace haldane::analysis {

/// What a column keeps of its observations: each one; counts between bounds, which bound quantiles
/// but fix no value; percentiles alone, which can be shown but not judged; or a sketch of what was
/// single observations (column_sketch.h).
enum class Quality : std::uint8_t { raw, binned, summary, compacted };

/// `count` observations from `low` to `high`, both ends included.
struct ValueBin {
  double low = 0;
  double high = 0;
  double count = 0;
  bool operator==(const ValueBin&) const = default;
};

class ColumnSketch;
struct SketchStrata;

/// A percentile that somebody else computed.
struct SummaryPoint {
  double probability = 0;
  double value = 0;
};

/// One metric of one arm. NaN and infinity never enter `values`: they are counted.
struct ObservationColumn {
  std::string name;
  std::vector<double> values;
  std::vector<double> times_s;  ///< Unix seconds of each value; empty without a timestamp column
  std::int64_t nan_cells = 0;
  std::int64_t infinite_cells = 0;
  Quality quality = Quality::raw;
  std::vector<ValueBin> bins = {};         ///< binned: ascending in both bounds; `values` is empty
  std::vector<SummaryPoint> summary = {};  ///< summary: ascending; `values` is empty
  bool detail = false;                     ///< judged only where a policy names it
  std::shared_ptr<ColumnSketch> sketch = {};  ///< compacted: its observations; `values` is empty
  std::shared_ptr<SketchStrata> strata = {};  ///< compacted: the same by stretch of time, or null
};

/// Which of both arms an input is read for; matters only where one document holds both.
enum class Arm : std::uint8_t { baseline, canary };

/// All columns of one input, in the order of its header.
struct ObservationTable {
  std::string path;    ///< as the user named it
  std::string sha256;  ///< hex digest of the bytes as read
  std::string part;    ///< of an input that holds both arms, the one that this is
  bool has_timestamps = false;
  std::int64_t rows = 0;            ///< well-formed data rows
  std::int64_t malformed_rows = 0;  ///< skipped; the first few are in `problems`
  Diagnostics problems;
  std::vector<ObservationColumn> columns;
  std::vector<std::string> remarks;  ///< what the reader took for granted, in sentences
  /// From when a policy's steps and pre-period count, Unix seconds; empty = the first observation
  /// of either arm.
  std::optional<double> begins_s = {};
  std::string censored;  ///< why what is missing could hide a change; empty if nothing is known

  /// The column of that name, or null.
  [[nodiscard]] const ObservationColumn* find(std::string_view name) const;
  /// Seconds between the first and the last observation; empty without timestamps.
  [[nodiscard]] std::optional<double> span_s() const;
};

}  // namespace haldane::analysis
