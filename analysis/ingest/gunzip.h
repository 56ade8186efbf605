// Unpacking of gzip while reading: what rotated access logs, and k6's output under a name that ends
// in .gz, come in.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "analysis/ingest/read_csv.h"

namespace haldane::analysis {

/// The first bytes of such a file.
inline constexpr std::string_view gzip_magic = "\x1f\x8b";

/// Reads once from start to end, in bounded memory. Members that follow one another, as `cat` and
/// appending programs leave them, are one input. **Source** RFC 1952, by zlib.
class Gunzip {
 public:
  /// Packed bytes: up to `capacity` of them, 0 at their end.
  using Source =
      std::function<Expected<std::size_t, IngestError>(char* buffer, std::size_t capacity)>;

  /// `path` is what messages call it.
  Gunzip(std::string path, Source source);
  ~Gunzip();
  Gunzip(const Gunzip&) = delete;
  Gunzip& operator=(const Gunzip&) = delete;

  /// Up to `capacity` unpacked bytes; 0 at the end. **Domain** capacity > 0. **Errors** those of
  /// the source; bad_content (IN-002) where a member is damaged or cut off, or something else
  /// follows it: a part of a file would be judged as if it were all.
  Expected<std::size_t, IngestError> read(char* buffer, std::size_t capacity);

 private:
  struct State;

  Expected<bool, IngestError> refill();
  [[nodiscard]] IngestError damaged(const char* why) const;

  std::string path_;
  Source source_;
  std::unique_ptr<State> state_;
};

}  // namespace haldane::analysis
