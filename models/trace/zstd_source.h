// Unpacking of zstd while reading.
#pragma once

#include <memory>

#include "models/trace/byte_source.h"

namespace haldane::models {

/// `packed` itself where its first bytes are not those of a zstd frame, else a source of what the
/// frames hold. **Errors** as ByteSource::read.
[[nodiscard]] Expected<std::unique_ptr<ByteSource>, TraceError> unpacked(
    std::unique_ptr<ByteSource> packed);

}  // namespace haldane::models
