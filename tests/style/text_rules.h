// Rules that a single line or file can break: length, white space, words that have no place in a
// folder, and the shape of a header.
#pragma once

#include "tests/style/source_tree.h"

namespace haldane::style {

inline constexpr std::size_t kColumnsMax = 100;
inline constexpr std::size_t kFileLinesMax = 600;

/// Lines wider than kColumnsMax characters (not bytes: UTF-8 counts once) in C++ and shell, raw
/// strings left out.
[[nodiscard]] Findings check_columns(const SourceFile& file);

/// Tabs, trailing space, carriage returns, and a last line without an end.
[[nodiscard]] Findings check_white_space(const SourceFile& file);

/// More than kFileLinesMax lines of C++.
[[nodiscard]] Findings check_file_length(const SourceFile& file);

/// Words that the table in text_rules.cpp bans in the file's folder, each with its reason.
[[nodiscard]] Findings check_banned_words(const SourceFile& file);

/// A header that does not open with a comment paragraph followed by #pragma once.
[[nodiscard]] Findings check_header_opening(const SourceFile& file);

}  // namespace haldane::style
