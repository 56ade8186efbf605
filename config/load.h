// From a file (or text) to one tree: bases laid under it, overrides over it.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "config/document.h"
#include "config/file.h"
#include "config/merge.h"
#include "config/node.h"
#include "config/problems.h"

namespace haldane::config {

/// What may be done to documents of one kind.
struct LoadOptions {
  DocumentLimits limits;
  Alternatives alternatives;
  /// Allows a top-level key `extends: FILE`, relative to the file that says it.
  bool allow_extends = false;
  /// How a base is read; empty = files are out of reach and `extends` is refused.
  FileReader files;
  /// Bases on bases, at most.
  int extends_max = 8;
};

/// Parses `text`, lays it over what it extends, and applies the overrides. **Returns** the tree, or
/// a null node when there is none. **Errors** those of parse_document and apply_overrides; CFG-104
/// root that is no mapping; CFG-301 `extends` not possible here, CFG-302 a base that cannot be
/// read, CFG-303 a base that extends itself, CFG-304 too many bases.
[[nodiscard]] Node load_document(std::string_view text, const std::string& name,
                                 std::span<const std::string> overrides, const LoadOptions& options,
                                 Problems& problems);

}  // namespace haldane::config
