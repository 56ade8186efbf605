// Collects what is wrong with a document while reading goes on, so that a user sees every mistake
// at once.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "config/node.h"
#include "sim/base/diagnostics.h"

namespace haldane::config {

/// The list of problems of one document and its bases. **Determinism** the order of take() depends
/// on the document only: by file (named file, bases, overrides), line, column, then order of
/// discovery.
class Problems {
 public:
  void add(std::string_view id, const Place& place, const std::string& path, std::string message,
           std::string hint = {});

  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] std::size_t count() const { return entries_.size(); }

  /// Something was found at this path, above it or below it: a rule about it would only repeat
  /// that.
  [[nodiscard]] bool touches(std::string_view path) const;

  /// All problems in document order. At most `limit_max` are kept: a binary file could otherwise
  /// give millions; one more then says how many were left out.
  [[nodiscard]] Diagnostics take();

  /// Keys that readers asked for, as "timeline[].at": lets a test hold reader and schema together.
  void note_key(std::string_view mapping_path, std::string_view key);
  [[nodiscard]] const std::set<std::string>& known_keys() const { return known_keys_; }

  static constexpr std::size_t limit_max = 1'000;

 private:
  struct Entry {
    int rank = 0;
    Diagnostic diagnostic;
  };
  std::vector<Entry> entries_;
  std::size_t dropped_ = 0;
  std::set<std::string> known_keys_;
};

/// Path of a member or an element: "api" + "service" = "api.service", "timeline" + 2 =
/// "timeline[2]".
[[nodiscard]] std::string join_path(std::string_view parent, std::string_view key);
[[nodiscard]] std::string join_path(std::string_view parent, std::size_t index);

/// A user's text made safe and short for a message: control characters escaped, long text cut.
[[nodiscard]] std::string excerpt(std::string_view text, std::size_t length_max = 60);

}  // namespace haldane::config
