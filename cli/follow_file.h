// A file that somebody else is still writing, read from where the last look ended: whole lines
// only, and never again what was read before.
//
// A verdict stands for the bytes that were judged, so these must stay: a file that lost or changed
// them is an error. A cheap check (length, identity, first and last bytes of what was read) is made
// at every look, a complete one by digest when the file was replaced and before a decision.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

#include "cli/exit_code.h"
#include "cli/sha256.h"
#include "sim/base/expected.h"

namespace haldane::cli {

/// Why a followed input cannot be used, or not any more.
struct FollowProblem {
  ExitCode code = ExitCode::bad_input;
  std::string text;  ///< a message that names the file
};

class FollowFile {
 public:
  /// Takes whole lines, in order. **Returns** why they are of no use, or nothing.
  using Take = std::function<std::optional<FollowProblem>(std::string_view lines)>;
  static constexpr std::size_t line_max = std::size_t{16} << 20U;

  explicit FollowFile(std::string path) : path_(std::move(path)) {}

  /// Reads the whole lines that came since the last call, up to the length that the file has now;
  /// a line whose end has not come yet stays for later. A file that is not there yet is empty.
  /// **Returns** how many bytes were taken. **Errors** bad_input: no regular file, a line beyond
  /// `line_max`, or the beginning that was read is not what it was; input_not_found: unreadable.
  [[nodiscard]] Expected<std::uint64_t, FollowProblem> read_new(const Take& take);

  /// Reads exactly the first `bytes`, and says whether they have this digest (hexadecimal).
  /// **Domain** before the first read_new(). **Errors** as there.
  [[nodiscard]] std::optional<FollowProblem> restore(std::uint64_t bytes, const std::string& sha256,
                                                     const Take& take);

  /// Whether the file still begins with everything that was read. **Cost** reads it once more.
  [[nodiscard]] std::optional<FollowProblem> verify() const;

  [[nodiscard]] const std::string& path() const { return path_; }
  /// Bytes taken so far, and their SHA-256 in hexadecimal.
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  [[nodiscard]] std::string sha256() const;
  /// Whether the file was there at the last call.
  [[nodiscard]] bool found() const { return found_; }

 private:
  class Descriptor;

  [[nodiscard]] Expected<std::uint64_t, FollowProblem> open(Descriptor& file) const;
  [[nodiscard]] std::optional<FollowProblem> check_beginning(const Descriptor& file);
  [[nodiscard]] std::optional<FollowProblem> check_digest(const Descriptor& file) const;
  [[nodiscard]] std::optional<FollowProblem> read_to(const Descriptor& file, std::uint64_t end,
                                                     const Take& take);
  void remember(std::string_view lines);
  [[nodiscard]] FollowProblem changed(const std::string& how) const;

  std::string path_;
  bool found_ = false;
  std::uint64_t bytes_ = 0;
  Sha256 hash_;       // of the bytes taken
  std::string head_;  // their first few
  std::string tail_;  // and last few
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

/// Two lower-case digits a byte.
[[nodiscard]] std::string hexadecimal(const Sha256::Value& value);

}  // namespace haldane::cli
