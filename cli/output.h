// Writing results so that a pipeline can trust them: standard output reports a full disk and stays
// quiet about a closed pipe; a file appears whole under its name or not at all.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace haldane::cli {

/// Opens whatever of descriptors 0, 1 and 2 the caller left closed, so that no file of ours can
/// land on them, and ignores SIGPIPE. Call first in main().
void prepare_standard_streams();

/// Writes all of `text` to standard output. **Returns** nothing on success and on a closed pipe (a
/// reader that had enough is not a failure); else why it failed, such as "No space left on device".
[[nodiscard]] std::optional<std::string> write_standard_output(std::string_view text);

/// Writes `text` to standard error, best effort.
void write_message(std::string_view text);

/// A file that takes its name only when it is complete: the bytes go to a temporary file beside the
/// target, which is renamed over it. A target that is no regular file (a device, a pipe) is written
/// directly. The temporary file is removed by the destructor and on SIGINT or SIGTERM.
class OutputFile {
 public:
  OutputFile() = default;
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  ~OutputFile();

  /// Creates the temporary file, so that a wrong path is reported before hours of work.
  /// **Returns** why it cannot be written, or nothing.
  [[nodiscard]] std::optional<std::string> open(const std::string& path);
  /// Writes everything and moves the file to its name. **Domain** open() succeeded.
  /// **Returns** why it failed, or nothing.
  [[nodiscard]] std::optional<std::string> commit(std::string_view text);
  /// The same in pieces: appends to the temporary file. A failure is reported by finish().
  void append(std::string_view text);
  [[nodiscard]] std::optional<std::string> finish();
  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  void discard();

  int descriptor_ = -1;
  int error_ = 0;          ///< of the first append() that failed
  std::string path_;       ///< as the user gave it
  std::string target_;     ///< with symbolic links resolved
  std::string temporary_;  ///< empty when the target is written directly
};

}  // namespace haldane::cli
