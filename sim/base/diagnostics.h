// Reports on user input: every problem of a document at once, each with its place, path, value and
// rule.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sim/base/expected.h"

namespace haldane {

/// One problem in one place. **Shape** prints as `file:line:column ID path: message (hint)`.
struct Diagnostic {
  std::string id;    ///< stable identifier such as "SCN-204"; tests and users may rely on it
  std::string file;  ///< as the user named it; "--set" for a command-line override; empty if none
  int line = 0;      ///< 1-based; 0 when the problem has no line
  int column = 0;    ///< 1-based; 0 when the problem has no column
  std::string path;  ///< dotted path in the document, such as "edge.cache.ttl"
  std::string message;  ///< "must be > 0, but was -5s"
  std::string hint;     ///< what to do instead; empty if nothing is known

  [[nodiscard]] std::string to_string() const;
};

/// All problems found in one piece of input. Empty means that the input is good.
using Diagnostics = std::vector<Diagnostic>;

/// A parsed value, or everything that is wrong with its source.
template <class T>
using Parsed = Expected<T, Diagnostics>;

/// One line a problem, in document order.
[[nodiscard]] std::string to_string(const Diagnostics& diagnostics);

}  // namespace haldane
