// Any bytes, read as the format that the first of them chooses, are a table or a list of problems.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "analysis/ingest/formats/read_observations.h"
#include "sim/base/check.h"
#include "tests/fuzz/memory_file.h"

namespace {

using haldane::analysis::ObservationTable;
using haldane::analysis::ReadOptions;

void check_table(const ObservationTable& table) {
  HALDANE_CHECK(table.rows > 0 || !table.columns.empty());
  for (const auto& column : table.columns) {
    HALDANE_CHECK(column.times_s.empty() || column.times_s.size() == column.values.size());
    HALDANE_CHECK(column.bins.empty() || column.values.empty());
    for (const double value : column.values) HALDANE_CHECK(std::isfinite(value));
    for (const auto& bin : column.bins) {
      HALDANE_CHECK(bin.low <= bin.high && bin.count > 0 && std::isfinite(bin.count));
    }
  }
}

}  // namespace

// 'A' + n chooses the n-th name; any other first byte leaves the choice to the content.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ReadOptions options;
  options.block_bytes = 61;
  const auto names = haldane::analysis::format_names();
  if (size > 0 && data[0] >= 'A' && data[0] < 'A' + names.size()) {
    options.format = haldane::analysis::format_named(names[data[0] - 'A']);
    ++data;
    --size;
  }
  const haldane::test::MemoryFile file(data, size);
  const auto read = haldane::analysis::read_observations(file.path(), options);
  if (read) {
    check_table(*read);
  } else {
    HALDANE_CHECK(!read.error().diagnostics.empty());
  }
  return 0;
}
