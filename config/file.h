// Reading a file from disk with an answer to why it could not be read.
//
// The only place of the library that touches the file system for configuration; readers take a
// FileReader, so that they can be run on text alone (tests, fuzzing, a server).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "sim/base/diagnostics.h"
#include "sim/base/expected.h"

namespace haldane::config {

/// Why a file could not be read. The command line exits with 66 for all of them but `too_large`
/// (65).
struct FileError {
  enum class Kind : std::uint8_t { not_found, unreadable, directory, too_large };
  Kind kind = Kind::not_found;
  std::string path;
  std::string message;  ///< "does not exist"

  /// CFG-401 not found, CFG-402 unreadable, CFG-403 directory, CFG-404 too large.
  [[nodiscard]] Diagnostic to_diagnostic() const;
};

/// The bytes of a file. **Errors** as FileError says; also a device or pipe that grows beyond
/// `bytes_max`. **Cost** stops reading after bytes_max + 1 bytes.
[[nodiscard]] Expected<std::string, FileError> read_file(const std::string& path,
                                                         std::size_t bytes_max);

/// How readers get at files that a document names; an empty function means that they may not.
using FileReader =
    std::function<Expected<std::string, FileError>(const std::string& path, std::size_t bytes_max)>;

/// True when the named input itself could not be read (CFG-401 to CFG-403): exit code 66, not 65.
[[nodiscard]] bool input_is_missing(const Diagnostics& diagnostics);

/// `path` as seen from the folder of `from`: absolute paths stay as they are.
[[nodiscard]] std::string resolve_beside(const std::string& from, const std::string& path);

}  // namespace haldane::config
