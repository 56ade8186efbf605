// The compressed V2 encoding of HdrHistogram: base64 of a header and a zlib stream of counts.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace haldane::analysis {

/// Called for each non-empty slot: values from `low` to `high` (both included), and how many.
using TakeSlot = std::function<void(double low, double high, double count)>;

/// Decodes the text "HISTFAA...". **Returns** why it cannot be read, or nothing; then every slot
/// was given in ascending order. **Cost** output is bounded by 64 MiB, whatever the text claims.
/// **Source** HdrHistogram, AbstractHistogram.encodeIntoByteBuffer and ZigZagEncoding (V2).
[[nodiscard]] std::string decode_hdr(std::string_view base64, const TakeSlot& take);

}  // namespace haldane::analysis
