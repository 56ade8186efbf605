// oracleGeneral: the binary traces of libCacheSim.
#pragma once

#include <optional>

#include "models/trace/byte_source.h"
#include "models/trace/trace_builder.h"

namespace haldane::models {

/// Reads packed little-endian records of 24 bytes: u32 time, u64 object, u32 size, i64 next access
/// (not used: the future is not known here). **Errors** of the source; a record cut off at the end;
/// bytes whose times go to and fro at random, which are something else.
/// **Source** libCacheSim's documentation of trace formats.
[[nodiscard]] std::optional<TraceError> read_oracle_general(ByteSource& source,
                                                            TraceBuilder& builder);

}  // namespace haldane::models
