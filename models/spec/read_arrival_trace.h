// A file of recorded requests: CSV with a header that names time and object, and perhaps site.
#pragma once

#include <memory>

#include "config/file.h"
#include "config/value.h"
#include "models/spec/arrival_trace.h"

namespace haldane::models {

/// Reads the file that `file` names, plain or packed with zstd. Times are in units of `unit_ns`.
/// **Returns** nothing after an error. **Errors** SCN-205 the file cannot be read, SCN-482 it has
/// no header with a time and an object, or no rows, or too many, SCN-483 a row is wrong (the first
/// ten are listed, with their lines). **Cost** at most 1 GiB of text and 50 million rows, 16 bytes
/// a row.
[[nodiscard]] std::shared_ptr<const ArrivalTrace> read_arrival_trace(
    const config::Value& file, double unit_ns, const config::FileReader& files);

}  // namespace haldane::models
