#include "models/trace/read_trace.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "models/trace/binary_trace.h"
#include "models/trace/line_readers.h"
#include "models/trace/row_problems.h"

namespace haldane::models {
namespace {

constexpr std::size_t peeked_bytes = std::size_t{64} << 10;

// A pipe may give less at a time than it holds, so reading goes on until enough has come.
Expected<std::string, TraceError> peek(ByteSource& source) {
  std::string bytes(peeked_bytes, '\0');
  std::size_t have = 0;
  while (have < bytes.size()) {
    auto count = source.read(bytes.data() + have, bytes.size() - have);
    if (!count) return Unexpected{count.error()};
    if (*count == 0) break;
    have += *count;
  }
  bytes.resize(have);
  return bytes;
}

TraceError bad(const std::string& id, const std::string& name, std::string message, int line = 0) {
  return trace_error(TraceFailure::bad_content, id, name, std::move(message), line);
}

std::optional<TraceError> check_header(const CsvHeader& header, const ColumnNames& wanted,
                                       const std::string& name) {
  const std::string names = quoted_value(fmt::format("{}", fmt::join(header.names, ", ")));
  const auto missing = [&](const std::string& column) {
    return bad(
        "TRC-103", name,
        fmt::format("the header must have the column {}, but was {}", quoted_value(column), names),
        1);
  };
  if (!wanted.object.empty() && !header.object) return missing(wanted.object);
  if (!wanted.size.empty() && !header.size) return missing(wanted.size);
  if (!wanted.time.empty() && !header.time) return missing(wanted.time);
  if (header.object) return std::nullopt;
  TraceError error = bad(
      "TRC-103", name, fmt::format("the header must name the object column, but was {}", names), 1);
  error.diagnostics[0].hint =
      "usual names are " + object_column_names() + "; or say --column object=NAME";
  return error;
}

// Rows of a file, from the length of its first ones.
std::uint64_t expected_rows(const ByteSource& source, std::string_view first) {
  const auto rows = static_cast<std::uint64_t>(std::count(first.begin(), first.end(), '\n'));
  return rows == 0 ? 0 : source.expected_bytes() / (first.size() / rows + 1);
}

Expected<AccessTrace, TraceError> read_lines(ByteSource& source, const TraceReading& reading,
                                             const SampleOptions& sample, std::uint64_t rows,
                                             RowProblems& problems) {
  const bool is_csv = reading.format == TraceFormat::csv;
  auto builder = std::make_unique<TraceBuilder>(sample, is_csv && reading.header.size.has_value());
  builder->expect(rows);
  const auto error = is_csv ? read_csv_rows(source, reading.header, *builder, problems)
                            : read_text_lines(source, *builder, problems);
  if (error) return Unexpected{*error};
  if (builder->too_many_objects()) {
    return Unexpected{bad("TRC-107", source.name(), "has more objects than 2^32; use --sample")};
  }
  return builder->finish();
}

Expected<AccessTrace, TraceError> read_binary(ByteSource& source, const SampleOptions& sample) {
  auto builder = std::make_unique<TraceBuilder>(sample, true);
  if (const auto error = read_oracle_general(source, *builder)) return Unexpected{*error};
  if (builder->too_many_objects()) {
    return Unexpected{bad("TRC-107", source.name(), "has more objects than 2^32; use --sample")};
  }
  return builder->finish();
}

// Half a line at the end of an export is normal; a file most of whose lines make no sense is not.
std::optional<TraceError> check_rows(const TraceReading& reading, const std::string& name) {
  const std::uint64_t good = reading.trace.requests_seen;
  if (good > 0 && reading.malformed_rows <= good) return std::nullopt;
  TraceError error =
      reading.malformed_rows == 0
          ? bad("TRC-101", name, "holds no requests")
          : bad("TRC-105", name,
                fmt::format("is no {} trace: {} of {} rows cannot be read", name_of(reading.format),
                            reading.malformed_rows, reading.malformed_rows + good));
  error.diagnostics.insert(error.diagnostics.end(), reading.problems.begin(),
                           reading.problems.end());
  return error;
}

}  // namespace

Expected<TraceReading, TraceError> read_trace(std::unique_ptr<ByteSource> source,
                                              const TraceOptions& options) {
  auto first = peek(*source);
  if (!first) return Unexpected{first.error()};
  const std::string name = source->name();
  if (first->empty()) return Unexpected{bad("TRC-101", name, "is empty")};
  TraceReading reading;
  reading.format = options.format ? *options.format : tell_format(name, *first);
  if (reading.format == TraceFormat::csv) {
    reading.header = parse_header(first->substr(0, first->find('\n')), options.columns);
    if (const auto error = check_header(reading.header, options.columns, name)) {
      return Unexpected{*error};
    }
  }
  const std::uint64_t rows = expected_rows(*source, *first);
  const std::unique_ptr<ByteSource> whole = put_back(std::move(source), std::move(first).value());
  RowProblems problems(name, options.problems_shown);
  auto trace = reading.format == TraceFormat::oracle_general
                   ? read_binary(*whole, options.sample)
                   : read_lines(*whole, reading, options.sample, rows, problems);
  if (!trace) return Unexpected{trace.error()};
  reading.trace = std::move(trace).value();
  reading.malformed_rows = problems.count();
  reading.problems = problems.first();
  if (const auto error = check_rows(reading, name)) return Unexpected{*error};
  return reading;
}

}  // namespace haldane::models
