// One name, one type: two headers that define a type of the same full name break the language's
// one-definition rule where a program has both, and no compiler says so.
#pragma once

#include <vector>

#include "tests/style/source_tree.h"

namespace haldane::style {

/// **Returns** a finding for each header that defines a type that another one before it defines.
[[nodiscard]] Findings check_type_names(const std::vector<SourceFile>& files);

}  // namespace haldane::style
