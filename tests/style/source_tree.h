// The project's own text files, read once for the checks of this folder.
//
// Files are found by walking the rooms of the house rather than by asking git, so that the test
// also runs from an unpacked archive and sees files that nobody has committed yet.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace haldane::style {

/// One file: its path from the root of the project, with '/', and its lines without line ends.
struct SourceFile {
  std::string path;
  std::vector<std::string> lines;
  bool ends_with_newline = true;

  [[nodiscard]] bool has_extension(std::string_view extension) const;
  [[nodiscard]] bool is_cpp() const;
  [[nodiscard]] bool is_header() const;
  [[nodiscard]] bool is_script() const;    ///< shell
  [[nodiscard]] bool is_document() const;  ///< Markdown written by us (a scenario's note is data)
  [[nodiscard]] bool is_under(std::string_view folder) const;
};

/// Makes a file from literal text; for tests of the checks themselves.
[[nodiscard]] SourceFile make_file(std::string path, std::string_view text);

/// All our text files, sorted by path. **Cost** read once a process.
[[nodiscard]] const std::vector<SourceFile>& source_tree();

/// A broken rule at a place, printed as `path:line: text`.
struct Finding {
  std::string path;
  std::size_t line = 0;  ///< 1-based; 0 for the whole file
  std::string text;
};

using Findings = std::vector<Finding>;

/// One finding a line; empty when there is none.
[[nodiscard]] std::string to_string(const Findings& findings);

}  // namespace haldane::style
