// Bytes of a file or standard input in blocks, hashed on the way: the digest in a verdict is that
// of the bytes that were judged, even from a pipe. What is packed by gzip is unpacked, and its
// digest is that of the packed bytes, as sha256sum gives it.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "analysis/ingest/gunzip.h"
#include "analysis/ingest/read_csv.h"

namespace haldane::analysis {

/// Reads once from start to end. Not copyable: it owns a file descriptor and a hash state.
class InputStream {
 public:
  /// Opens `path`, "-" being standard input; gzip is told by the first bytes, not by the name.
  /// **Errors** not_found, or unreadable (a directory, no permission, any other refusal of the
  /// system, with its words).
  static Expected<std::unique_ptr<InputStream>, IngestError> open(const std::string& path);
  /// Text that is in memory already.
  static std::unique_ptr<InputStream> of_text(std::string text);
  ~InputStream();
  InputStream(const InputStream&) = delete;
  InputStream& operator=(const InputStream&) = delete;

  /// Up to `capacity` bytes; 0 at the end. **Errors** unreadable; bad_content as Gunzip.
  Expected<std::size_t, IngestError> read(char* buffer, std::size_t capacity);
  /// The first bytes, which `read` gives again: up to `size`, fewer where the input ends.
  /// **Domain** before the first `read`, once. **Errors** as `read`.
  Expected<std::string_view, IngestError> peek(std::size_t size);
  /// Bytes of a regular file when it was opened, 0 for a pipe and where they are packed. It may
  /// have grown since.
  [[nodiscard]] std::size_t size_hint() const { return size_hint_; }
  /// Hex SHA-256 of the input, once `read` has come to its end. Call once.
  [[nodiscard]] std::string finish_sha256();

 private:
  class Hash;
  InputStream(std::string path, int descriptor);

  Expected<std::size_t, IngestError> read_system(char* buffer, std::size_t capacity);
  Expected<std::size_t, IngestError> read_file(char* buffer, std::size_t capacity);
  Expected<std::size_t, IngestError> read_unpacked(char* buffer, std::size_t capacity);
  std::optional<IngestError> recognise_gzip();

  std::string path_;
  std::string first_bytes_;  // read to see what they are, and not given yet
  std::unique_ptr<Gunzip> gunzip_;
  std::string peeked_;
  std::size_t peeked_used_ = 0;
  int descriptor_;  // of_text: none
  std::size_t size_hint_ = 0;
  std::unique_ptr<Hash> hash_;
};

}  // namespace haldane::analysis
