#include "analysis/ingest/formats/read_observations.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "analysis/ingest/formats/line_splitter.h"
#include "analysis/ingest/formats/record_reader.h"
#include "analysis/ingest/formats/table_builder.h"
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

Expected<std::size_t, IngestError> feed_lines(InputStream& stream, std::size_t block_bytes,
                                              RecordReader& reader, TableBuilder& table) {
  LineSplitter lines(reader.line_max());
  std::vector<char> block(std::max<std::size_t>(block_bytes, 1));
  const auto take = [&](std::string_view line, std::int64_t number, bool oversized) {
    if (number == 1 && line.substr(0, 3) == "\xEF\xBB\xBF") line.remove_prefix(3);
    if (oversized) {
      table.malformed(number, {}, fmt::format("is longer than {} bytes", reader.line_max()));
    } else if (!line.empty()) {
      reader.take_line(line, number);
    }
  };
  for (;;) {
    const auto size = stream.read(block.data(), block.size());
    if (!size) return size;
    lines.feed({block.data(), *size}, *size == 0, take);
    if (*size == 0) return size;
  }
}

Expected<ObservationTable, IngestError> read_records(InputStream& stream, const std::string& path,
                                                     InputFormat format, std::size_t block_bytes) {
  TableBuilder builder(path);
  const std::unique_ptr<RecordReader> reader = make_reader(format, builder);
  const auto fed = feed_lines(stream, block_bytes, *reader, builder);
  if (!fed) return Unexpected{fed.error()};
  const std::string useless = reader->finish();
  ObservationTable table = builder.finish();
  if (!useless.empty()) {
    return Unexpected{bad_content(table, fmt::format("as {}: {}", name_of(format), useless))};
  }
  if (table.rows == 0) {
    return Unexpected{bad_content(table, fmt::format("as {}: has no readable record ({} malformed)",
                                                     name_of(format), table.malformed_rows))};
  }
  table.remarks.insert(table.remarks.begin(), fmt::format("read as {}", name_of(format)));
  table.sha256 = stream.finish_sha256();
  return table;
}

}  // namespace

Expected<ObservationTable, IngestError> read_observations(const std::string& path,
                                                          const ReadOptions& options) {
  auto opened = InputStream::open(path);
  if (!opened) return Unexpected{opened.error()};
  InputStream& stream = **opened;
  const auto head = stream.peek(recognised_bytes);
  if (!head) return Unexpected{head.error()};
  const InputFormat format = options.format ? *options.format : recognise_format(*head);
  if (format == InputFormat::csv) return read_csv(stream, path, {options.block_bytes, 5});
  return read_records(stream, path, format, options.block_bytes);
}

}  // namespace haldane::analysis
