// Streaming CSV reader: a header, an optional `timestamp` column, every other column a metric.
//
// The text is read in blocks and never held: a file of any size costs its numbers (8 or 16 bytes a
// cell), not its bytes. A row that cannot be read is counted and named, and never stops the
// reading, because production exports end in half a line more often than not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "analysis/ingest/observation_table.h"
#include "sim/base/diagnostics.h"

namespace haldane::analysis {

/// Why there is no table; the command line maps the first two to exit 66, the last to 65.
enum class IngestFailure : std::uint8_t { not_found, unreadable, bad_content };

struct IngestError {
  IngestFailure failure = IngestFailure::bad_content;
  Diagnostics diagnostics;
};

class InputStream;

struct CsvOptions {
  std::size_t block_bytes = std::size_t{1} << 18;
  std::size_t problems_shown = 5;  ///< malformed rows that are named; all are counted
};

/// Reads one arm. **Domain** `path` names a regular file or pipe, or is "-" for standard input.
/// Fields may be quoted, lines may end in CRLF, a UTF-8 byte-order mark is skipped. Times are
/// RFC 3339 (a missing zone is UTC, a blank may stand for the T) or Unix seconds. **Errors** a
/// missing or unreadable file; no usable header; no readable row at all. **Cost** one pass.
/// **Determinism** the same bytes give the same table, however they are split into blocks.
[[nodiscard]] Expected<ObservationTable, IngestError> read_csv(const std::string& path,
                                                               const CsvOptions& options = {});

/// The same from an open stream; `path` is what messages call it.
[[nodiscard]] Expected<ObservationTable, IngestError> read_csv(InputStream& stream,
                                                               const std::string& path,
                                                               const CsvOptions& options = {});

}  // namespace haldane::analysis
