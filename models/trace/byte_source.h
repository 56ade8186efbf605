// Bytes of a trace wherever they come from: a file, standard input, memory, each plain or packed
// with zstd. Whether they are packed is told by their first bytes, not by a name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "sim/base/diagnostics.h"
#include "sim/base/expected.h"

namespace haldane::models {

/// Why there is no trace; the command line maps the first two to exit 66, the last to 65.
enum class TraceFailure : std::uint8_t { not_found, unreadable, bad_content };

struct TraceError {
  TraceFailure failure = TraceFailure::bad_content;
  Diagnostics diagnostics;
};

/// An error of one diagnostic. `line` 0 = it has none.
[[nodiscard]] TraceError trace_error(TraceFailure failure, std::string id, std::string file,
                                     std::string message, int line = 0);

/// Reads once from start to end.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  /// Up to `capacity` bytes; 0 at the end only. **Errors** unreadable; bad_content for packed bytes
  /// that are damaged or end early.
  virtual Expected<std::size_t, TraceError> read(char* buffer, std::size_t capacity) = 0;
  /// Bytes that will probably come, 0 where that is not known.
  [[nodiscard]] virtual std::uint64_t expected_bytes() const { return 0; }
  /// As the user named it.
  [[nodiscard]] virtual const std::string& name() const = 0;
};

/// Opens `path`, "-" being standard input, and unpacks what is packed. **Errors** not_found, or
/// unreadable (a directory, no permission, any other refusal of the system, with its words).
[[nodiscard]] Expected<std::unique_ptr<ByteSource>, TraceError> open_bytes(const std::string& path);

/// The same for bytes in memory, which must outlive the source.
[[nodiscard]] Expected<std::unique_ptr<ByteSource>, TraceError> bytes_of(std::string_view bytes,
                                                                         std::string name);

/// A source that gives `bytes`, which were read to look at them, before the rest of `source`.
[[nodiscard]] std::unique_ptr<ByteSource> put_back(std::unique_ptr<ByteSource> source,
                                                   std::string bytes);

}  // namespace haldane::models
