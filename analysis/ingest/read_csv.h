// Streaming CSV reader: a header, an optional `timestamp` column, every other column a metric.
//
// The text is read in blocks and never held: a file of any size costs its numbers (8 or 16 bytes a
// cell), not its bytes. A row that cannot be read is counted and named, and never stops the
// reading, because production exports end in half a line more often than not.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

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

/// A CSV file that is still being written: bytes are pushed as they come, and the table so far can
/// be looked at in between.
class CsvFeed {
 public:
  explicit CsvFeed(const std::string& path, const CsvOptions& options = {});
  ~CsvFeed();
  CsvFeed(const CsvFeed&) = delete;
  CsvFeed& operator=(const CsvFeed&) = delete;

  /// **Domain** whole lines. **Returns** why the input is of no use (its header is wrong), or
  /// nothing; do not go on after that. **Determinism** as `read_csv`; rows behind a quote that is
  /// not closed wait for its end.
  [[nodiscard]] std::optional<IngestError> add(std::string_view lines);
  /// What was read so far, without a digest. No columns before the header came.
  [[nodiscard]] ObservationTable& table();

 private:
  class Reader;
  std::unique_ptr<Reader> reader_;
};

}  // namespace haldane::analysis
