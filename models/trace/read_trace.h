// A trace file of any known format to an AccessTrace.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "models/trace/access_trace.h"
#include "models/trace/byte_source.h"
#include "models/trace/csv_header.h"
#include "models/trace/trace_format.h"

namespace haldane::models {

struct TraceOptions {
  std::optional<TraceFormat> format;  ///< empty = tell_format()
  ColumnNames columns;                ///< of CSV
  SampleOptions sample;
  std::size_t problems_shown = 5;  ///< malformed rows that are named; all are counted
};

struct TraceReading {
  AccessTrace trace;
  TraceFormat format = TraceFormat::text;
  CsvHeader header;                  ///< of CSV
  std::uint64_t malformed_rows = 0;  ///< left out
  Diagnostics problems;              ///< the first of them
};

/// Reads all of `source`. **Returns** a trace of at least one request (of a sampled trace: seen,
/// not necessarily kept). **Errors** of the source; nothing to read; a CSV header without an object
/// column; more malformed rows than good ones; a binary trace that is none or ends in a record.
/// **Cost** one pass, about 30 ns a request for a million objects, plus 20 to 30 for text.
/// **Determinism** the same bytes give the same trace.
[[nodiscard]] Expected<TraceReading, TraceError> read_trace(std::unique_ptr<ByteSource> source,
                                                            const TraceOptions& options);

}  // namespace haldane::models
