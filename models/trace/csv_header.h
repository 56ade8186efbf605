// The header of a CSV trace: which column is the object, which its size, which the time.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace haldane::models {

/// Column names that the user gave instead of the usual ones; empty = look for those.
struct ColumnNames {
  std::string time;
  std::string object;
  std::string size;
};

struct CsvHeader {
  char delimiter = ',';
  std::vector<std::string> names;     ///< as written, without quotes and blanks
  std::optional<std::size_t> time;    ///< column numbers from 0
  std::optional<std::size_t> object;  ///< empty = no such column
  std::optional<std::size_t> size;
};

/// Reads a header line. The delimiter is the first of tab, semicolon, comma and bar that the line
/// has. Letter case, blanks, dots, dashes and underscores in names do not matter; of several names
/// that could mean a role the most telling one is taken ("object" before "url" before "id").
/// **Domain** a line with or without byte-order mark and CR.
[[nodiscard]] CsvHeader parse_header(std::string_view line, const ColumnNames& wanted);

/// The usual names of the object column, for messages.
[[nodiscard]] std::string object_column_names();

/// ASCII letters in lower case.
[[nodiscard]] std::string lower_case(std::string_view text);

}  // namespace haldane::models
