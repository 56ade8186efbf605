#include "analysis/ingest/formats/read_observations.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "analysis/ingest/formats/record_feed.h"
#include "analysis/ingest/input_stream.h"

namespace haldane::analysis {
namespace {

IngestError bad_content(const ObservationTable& table, std::string message) {
  IngestError error{IngestFailure::bad_content, table.problems};
  Diagnostic d;
  d.id = "IN-001";
  d.file = table.path;
  d.message = std::move(message);
  error.diagnostics.push_back(std::move(d));
  return error;
}

Expected<ObservationTable, IngestError> read_records(InputStream& stream, const std::string& path,
                                                     InputFormat format,
                                                     const ReadOptions& options) {
  RecordFeed feed(path, format, options.arm);
  std::vector<char> block(std::max<std::size_t>(options.block_bytes, 1));
  for (bool last = false; !last;) {
    const auto size = stream.read(block.data(), block.size());
    if (!size) return Unexpected{size.error()};
    last = *size == 0;
    feed.add({block.data(), *size}, last);
  }
  auto [table, useless] = feed.finish();
  if (!useless.empty()) {
    return Unexpected{bad_content(table, fmt::format("as {}: {}", name_of(format), useless))};
  }
  if (table.rows == 0) {
    return Unexpected{bad_content(table, fmt::format("as {}: has no readable record ({} malformed)",
                                                     name_of(format), table.malformed_rows))};
  }
  table.sha256 = stream.finish_sha256();
  return std::move(table);
}

Expected<ObservationTable, IngestError> read(InputStream& stream, const std::string& path,
                                             const ReadOptions& options) {
  const auto head = stream.peek(recognised_bytes);
  if (!head) return Unexpected{head.error()};
  const InputFormat format = options.format ? *options.format : recognise_format(*head);
  if (format == InputFormat::csv) return read_csv(stream, path, {options.block_bytes, 5});
  return read_records(stream, path, format, options);
}

}  // namespace

Expected<ObservationTable, IngestError> read_observations(const std::string& path,
                                                          const ReadOptions& options) {
  auto opened = InputStream::open(path);
  if (!opened) return Unexpected{opened.error()};
  return read(**opened, path, options);
}

Expected<ObservationTable, IngestError> read_observations_text(std::string text,
                                                               const std::string& path,
                                                               const ReadOptions& options) {
  return read(*InputStream::of_text(std::move(text)), path, options);
}

}  // namespace haldane::analysis
