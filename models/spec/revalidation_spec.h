// What asking whether a copy is still good costs.
#pragma once

#include <optional>

#include "models/spec/law_spec.h"

namespace haldane::models {

/// `edge.cache.revalidation`: fetches of what is there, but no longer fresh, are conditional.
struct RevalidationSpec {
  double not_modified = 1;         ///< share of them that is answered 304
  std::optional<LawSpec> service;  ///< of such an answer; absent = as of others
};

}  // namespace haldane::models
