// A file that somebody else is still writing, read from where the last look ended: whole lines
// only, and never again what was read before.
//
// A verdict stands for the bytes that were judged, so these must stay: a file that lost or changed
// them is an error, unless a file beside it, whose name begins like its own, still has them: then
// the file was rotated (renamed, or copied and cut), the rest of the old one is read there, and the
// new one goes on. A cheap check (length, identity, first and last bytes of what was read) is made
// at every look, a complete one by digest when the file was replaced and before a decision.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

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

/// A file's beginning that was judged.
struct FollowedPart {
  std::uint64_t bytes = 0;
  std::string sha256;
  bool operator==(const FollowedPart&) const = default;
};

class FollowFile {
 public:
  /// Takes whole lines, in order. **Returns** why they are of no use, or nothing.
  using Take = std::function<std::optional<FollowProblem>(std::string_view lines)>;
  static constexpr std::size_t line_max = std::size_t{16} << 20U;
  static constexpr std::uint64_t no_limit = std::numeric_limits<std::uint64_t>::max();

  explicit FollowFile(std::string path) : path_(std::move(path)) {}

  /// Reads the whole lines that came since the last call, up to the length that the file has now,
  /// or `bytes_max` bytes of the present file; a line whose end has not come yet stays for later. A
  /// file that is not there yet is empty.
  /// **Returns** how many bytes were taken. **Errors** bad_input: no regular file, a line beyond
  /// `line_max`, or the beginning that was read is not what it was; input_not_found: unreadable.
  [[nodiscard]] Expected<std::uint64_t, FollowProblem> read_new(const Take& take,
                                                                std::uint64_t bytes_max = no_limit);

  /// Reads exactly what was judged before: whole rotated files, oldest first, then the beginning of
  /// the present one, each wherever it is now. **Domain** before the first read_new(). **Errors**
  /// as there, and bad_input where a part is not found.
  [[nodiscard]] std::optional<FollowProblem> restore(const std::vector<FollowedPart>& rotated,
                                                     const FollowedPart& present, const Take& take);

  /// Whether everything that was read is still there. **Cost** reads it once more.
  [[nodiscard]] std::optional<FollowProblem> verify() const;

  [[nodiscard]] const std::string& path() const { return path_; }
  /// Bytes taken so far, from rotated files too, and their SHA-256 in hexadecimal.
  [[nodiscard]] std::uint64_t bytes() const { return total_; }
  [[nodiscard]] std::string sha256() const;
  /// What was taken of rotated files, oldest first, and of the present one.
  [[nodiscard]] const std::vector<FollowedPart>& rotated() const { return rotated_; }
  [[nodiscard]] FollowedPart present() const;
  /// Whether the file was there at the last call.
  [[nodiscard]] bool found() const { return found_; }

 private:
  class Descriptor;

  [[nodiscard]] Expected<std::uint64_t, FollowProblem> open(Descriptor& file) const;
  [[nodiscard]] std::optional<FollowProblem> check_beginning(const Descriptor& file);
  [[nodiscard]] std::optional<FollowProblem> check_digest(const Descriptor& file) const;
  [[nodiscard]] std::optional<FollowProblem> read_to(const Descriptor& file, std::uint64_t end,
                                                     const Take& take);
  [[nodiscard]] bool find_rotated(const FollowedPart& part, Descriptor& file) const;
  [[nodiscard]] std::optional<FollowProblem> restore_part(const FollowedPart& part,
                                                          const Take& take);
  void begin_next();
  void remember(std::string_view lines);
  [[nodiscard]] FollowProblem changed(const std::string& how) const;

  std::string path_;
  bool found_ = false;
  std::uint64_t total_ = 0;
  Sha256 all_;                         // of all bytes taken
  std::vector<FollowedPart> rotated_;  // files that are complete
  std::uint64_t bytes_ = 0;            // taken from the present one
  Sha256 hash_;                        // of these
  std::string head_;                   // their first few
  std::string tail_;                   // and last few
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

/// Two lower-case digits a byte.
[[nodiscard]] std::string hexadecimal(const Sha256::Value& value);

}  // namespace haldane::cli
