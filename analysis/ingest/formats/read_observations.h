// One door for the measurements of all tools: recognises the format and gives the table that the
// judge takes. What becomes which column is told in docs/input-formats.md.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "analysis/ingest/input_format.h"
#include "analysis/ingest/observation_table.h"
#include "analysis/ingest/read_csv.h"

namespace haldane::analysis {

struct ReadOptions {
  std::optional<InputFormat> format;  ///< empty = by content
  std::size_t block_bytes = std::size_t{1} << 18U;
  Arm arm = Arm::baseline;  ///< for documents that hold both
};

/// Reads one arm. **Domain** as `read_csv`. Formats of one record a line are streamed: memory is
/// that of the numbers, or of the bins. JSON documents are held whole, up to 64 MiB. **Errors** as
/// `read_csv`; a record that cannot be read is counted and named. **Determinism** the same bytes
/// give the same table.
[[nodiscard]] Expected<ObservationTable, IngestError> read_observations(
    const std::string& path, const ReadOptions& options = {});

/// The same from text; `path` is what messages and the verdict call it.
[[nodiscard]] Expected<ObservationTable, IngestError> read_observations_text(
    std::string text, const std::string& path, const ReadOptions& options = {});

}  // namespace haldane::analysis
