// Reads the tables that the generators in tests/golden/r wrote.
#pragma once

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <source_folder.h>

#include "analysis/compare/alternative.h"

namespace haldane::analysis {

/// One row by column name.
class GoldenRow {
 public:
  std::map<std::string, std::string> cells;

  [[nodiscard]] const std::string& text(const std::string& column) const {
    return cells.at(column);
  }
  [[nodiscard]] double number(const std::string& column) const {
    return std::strtod(cells.at(column).c_str(), nullptr);
  }
  [[nodiscard]] std::vector<double> numbers(const std::string& column) const {
    std::istringstream in(cells.at(column));
    std::vector<double> values;
    for (std::string word; in >> word;) values.push_back(std::strtod(word.c_str(), nullptr));
    return values;
  }
  [[nodiscard]] Alternative alternative() const {
    const std::string& name = text("alternative");
    if (name == "less") return Alternative::less;
    return name == "greater" ? Alternative::greater : Alternative::two_sided;
  }
  [[nodiscard]] std::string label() const { return text("name") + " " + text("alternative"); }
};

inline std::vector<std::string> split_tabs(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream in(line);
  for (std::string cell; std::getline(in, cell, '\t');) cells.push_back(cell);
  return cells;
}

/// Empty when the file is missing: every test asserts that it is not.
inline std::vector<GoldenRow> golden_rows(const std::string& name) {
  std::ifstream in(std::string(HALDANE_SOURCE_DIR) + "/tests/golden/r/" + name + ".tsv");
  std::vector<GoldenRow> rows;
  std::string line;
  std::getline(in, line);
  const std::vector<std::string> header = split_tabs(line);
  while (std::getline(in, line)) {
    const std::vector<std::string> cells = split_tabs(line);
    GoldenRow row;
    for (std::size_t i = 0; i < header.size() && i < cells.size(); ++i) {
      row.cells[header[i]] = cells[i];
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace haldane::analysis
