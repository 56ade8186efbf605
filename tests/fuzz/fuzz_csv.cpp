// Any bytes are a CSV table or a list of problems, the same however they are split into blocks.
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "analysis/ingest/read_csv.h"
#include "sim/base/check.h"
#include "tests/fuzz/memory_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const haldane::test::MemoryFile file(data, size);
  const auto whole = haldane::analysis::read_csv(file.path());
  const auto split = haldane::analysis::read_csv(file.path(), {7, 5});
  HALDANE_CHECK(whole.has_value() == split.has_value());
  if (!whole) {
    HALDANE_CHECK(!whole.error().diagnostics.empty());
    return 0;
  }
  HALDANE_CHECK(whole->rows == split->rows && whole->malformed_rows == split->malformed_rows);
  HALDANE_CHECK(whole->sha256 == split->sha256 && whole->columns.size() == split->columns.size());
  for (std::size_t i = 0; i < whole->columns.size(); ++i) {
    const auto& column = whole->columns[i];
    HALDANE_CHECK(column.values == split->columns[i].values);
    HALDANE_CHECK(column.times_s == split->columns[i].times_s);
    for (const double value : column.values) HALDANE_CHECK(std::isfinite(value));
  }
  return 0;
}
