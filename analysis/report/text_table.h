// Aligned columns for a terminal, which give up their least important columns where it is narrow.
#pragma once

#include <string>
#include <vector>

namespace haldane::analysis {

/// Where and how text is printed. The caller knows the terminal; reports do not ask.
struct TextStyle {
  int width = 80;      ///< columns
  bool color = false;  ///< ANSI colours and bold
};

/// Columns that a character string takes on a terminal. **Domain** UTF-8 without wide characters.
[[nodiscard]] int display_width(const std::string& text);

/// The text cut to so many columns, ending in "..." where something was cut, and with control
/// characters replaced: data must not steer the terminal.
[[nodiscard]] std::string fit_text(const std::string& text, int width);

/// Words folded into lines of at most `width` columns, every line after the first indented.
[[nodiscard]] std::string fold_text(const std::string& text, int width, int indent);

/// Wrapped in ANSI codes when the style wants colour.
enum class Emphasis { none, bold, dim, good, bad, warn };
[[nodiscard]] std::string emphasize(const std::string& text, Emphasis emphasis,
                                    const TextStyle& style);

class TextTable {
 public:
  struct Column {
    std::string title;
    bool right = false;  ///< right-aligned, for numbers
    int rank = 0;        ///< columns of the highest rank are dropped first when space is short
  };
  explicit TextTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

  /// **Domain** one cell a column.
  void add_row(std::vector<std::string> cells);
  /// A line of its own above the rows that follow, and those rows indented.
  void add_group(std::string title);

  /// **Returns** lines of at most style.width columns; the first column is cut when dropping all
  /// others of rank > 0 is not enough.
  [[nodiscard]] std::string render(const TextStyle& style) const;

 private:
  struct Row {
    bool group = false;
    std::vector<std::string> cells;
  };
  std::vector<Column> columns_;
  std::vector<Row> rows_;
};

}  // namespace haldane::analysis
