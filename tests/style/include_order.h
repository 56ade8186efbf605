// The include order of the house: which room may lean on which.
//
// One CMake target a folder states the same order for the linker, but every include path starts at
// the root, so the compiler alone would let any file include any other.
#pragma once

#include "tests/style/source_tree.h"

namespace haldane::style {

/// Own includes that go against the order, that do not start at the root, or that name no file.
[[nodiscard]] Findings check_include_order(const SourceFile& file);

/// The room of the table that a path belongs to, such as "sim/base"; empty if it has none.
[[nodiscard]] std::string_view room_of(std::string_view path);

}  // namespace haldane::style
