// The two line formats: a CSV row a request, and an id a line.
#pragma once

#include <optional>

#include "models/trace/byte_source.h"
#include "models/trace/csv_header.h"
#include "models/trace/row_problems.h"
#include "models/trace/trace_builder.h"

namespace haldane::models {

/// Reads the rows below `header`, which is the first line of `source`. Fields may be quoted,
/// without line ends in them; lines may end in CRLF; empty lines are passed over. Columns that name
/// neither object nor size are not looked at. **Domain** header.object has a value; `builder` wants
/// sizes where header.size has one. **Errors** of the source.
[[nodiscard]] std::optional<TraceError> read_csv_rows(ByteSource& source, const CsvHeader& header,
                                                      TraceBuilder& builder, RowProblems& problems);

/// Reads one id a line: any bytes without blanks and control characters. Empty lines are passed
/// over. **Errors** of the source.
[[nodiscard]] std::optional<TraceError> read_text_lines(ByteSource& source, TraceBuilder& builder,
                                                        RowProblems& problems);

}  // namespace haldane::models
