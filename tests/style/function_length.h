// How long each function is, found without a compiler.
//
// A few rules on braces are enough for code that clang-format has laid out; a real parser would tie
// the style test to one compiler's libraries. What the rules cannot tell apart they leave
// uncounted.
#pragma once

#include "tests/style/source_tree.h"

namespace haldane::style {

inline constexpr std::size_t kFunctionLinesMax = 70;
inline constexpr std::size_t kFunctionLinesLong = 30;

/// A function and its lines, from the first line of its declaration to its closing brace. Lambdas
/// and local classes count as part of the function around them.
struct Function {
  std::size_t first_line = 0;  ///< 1-based
  std::size_t lines = 0;
};

/// All functions with a body. **Domain** C++ that compiles; nonsense in gives nonsense out.
[[nodiscard]] std::vector<Function> functions_in(const SourceFile& file);

/// The same text with comments, strings and character literals blanked; line ends stay.
[[nodiscard]] std::string without_comments_and_strings(const SourceFile& file);

}  // namespace haldane::style
