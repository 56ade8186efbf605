// What a watch of growing files must not forget when it is restarted: by which policy it judges,
// what it has judged, and whether it has decided (docs/follow-mode.md describes the file).
//
// No evidence is kept: it is a function of policy and data, so the same bytes judged by the same
// policy give it back. The file holds what makes sure that they are the same.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/judge/follow_file.h"
#include "sim/base/expected.h"

namespace haldane::cli {

/// What was judged of one arm.
struct FollowedInput {
  std::string path;         ///< for people; digests decide
  std::string format;       ///< empty until the first line came
  std::uint64_t bytes = 0;  ///< of the present file, with their digest
  std::string sha256;
  std::vector<FollowedPart> rotated = {};  ///< files that came before, oldest first
  bool operator==(const FollowedInput&) const = default;
};

struct FollowState {
  std::string policy;  ///< haldane.policy/1 as JSON; empty until one is inferred
  bool inferred = false;
  std::vector<std::string> assumptions;  ///< of an inferred policy
  double started_s = 0;                  ///< Unix seconds; --deadline counts from here
  std::optional<double> begins_s = {};   ///< Unix seconds; steps and pre-period count from here
  std::int64_t looks = 0;
  FollowedInput baseline;
  FollowedInput canary;
  std::string verdict;    ///< "promote", "rollback"; anything else is no decision
  std::string last_line;  ///< the last look as text
  std::string last_json;  ///< and as JSON
  bool operator==(const FollowState&) const = default;

  [[nodiscard]] bool decided() const { return verdict == "promote" || verdict == "rollback"; }
};

/// One line of JSON, then its SHA-256.
[[nodiscard]] std::string encode(const FollowState& state);
/// **Domain** any bytes. **Errors** what is wrong with them, in words.
[[nodiscard]] Expected<FollowState, std::string> decode_follow_state(std::string_view bytes);

/// **Returns** nothing when there is no such file. **Errors** bad_input: damaged, no state, no
/// regular file; input_not_found: it cannot be read.
[[nodiscard]] Expected<std::optional<FollowState>, FollowProblem> load_follow_state(
    const std::string& path);
/// Replaces the file by a whole one that is on disk, or leaves it as it is. **Errors**
/// output_failed.
[[nodiscard]] std::optional<FollowProblem> save_follow_state(const std::string& path,
                                                             const FollowState& state);

}  // namespace haldane::cli
