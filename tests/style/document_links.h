// Links between our documents: a page that moved or a heading that was renamed leaves no dead end.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/style/source_tree.h"

namespace haldane::style {

/// What a heading is called in links, as GitHub does it: lower case, blanks as hyphens, without
/// punctuation.
[[nodiscard]] std::string anchor_of(std::string_view heading);

/// **Returns** a finding for each relative link of a document whose file is not there, or is one of
/// `files` without the heading that is linked to. `exists` takes a path from the project's root.
[[nodiscard]] Findings check_links(const std::vector<SourceFile>& files,
                                   const std::function<bool(const std::string&)>& exists);

}  // namespace haldane::style
