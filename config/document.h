// YAML syntax: text in, tree out. The strict subset that configuration needs; what YAML offers
// beyond it (anchors, tags, several documents, keys that are no text) is an error, because it makes
// files hard to read and lets ten lines expand to gigabytes.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "config/node.h"
#include "config/problems.h"

namespace haldane::config {

/// Limits on any document: far above what a person writes, far below what hurts.
struct DocumentLimits {
  std::size_t bytes_max = 1U << 20U;
  int depth_max = 32;
  std::size_t nodes_max = 50'000;
};

/// Parses one YAML document. **Returns** its root, or a null node when the problems say why there
/// is none. **Errors** CFG-001 not UTF-8 text, CFG-002 syntax, CFG-003 empty, CFG-004 several
/// documents, CFG-005 anchor or alias, CFG-006 nested too deeply, CFG-007 too large, CFG-008 tag,
/// CFG-101 duplicate key, CFG-104 a key that is no text. **Cost** linear in the text.
[[nodiscard]] Node parse_document(std::string_view text,
                                  const std::shared_ptr<const Source>& source, Problems& problems,
                                  const DocumentLimits& limits = {});

}  // namespace haldane::config
