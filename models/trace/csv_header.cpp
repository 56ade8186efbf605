#include "models/trace/csv_header.h"

#include <algorithm>
#include <array>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace haldane::models {
namespace {

// The most telling first. Compared without case and separators.
constexpr std::array<std::string_view, 18> object_names = {
    "object", "objectid", "obj", "objid",     "oid",    "key",  "cachekey", "url",     "uri",
    "lbn",    "lba",      "id",  "contentid", "itemid", "item", "block",    "blockid", "path"};
constexpr std::array<std::string_view, 14> size_names = {
    "size",          "objectsize", "objsize",      "sizebytes", "bytes", "objectbytes", "length",
    "contentlength", "bodybytes",  "responsesize", "bytessent", "len",   "valuesize",   "vsize"};
constexpr std::array<std::string_view, 10> time_names = {
    "time", "timestamp", "ts", "clocktime", "realtime", "epoch", "datetime", "times", "date", "t"};

std::string bare(std::string_view name) {
  std::string text;
  for (const char c : lower_case(name)) {
    if (std::string_view(" ._-@").find(c) == std::string_view::npos) text += c;
  }
  return text;
}

std::string_view trimmed(std::string_view text) {
  const std::string_view around = " \t\r\"";
  const std::size_t begin = text.find_first_not_of(around);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(around) + 1 - begin);
}

std::optional<std::size_t> column_of(const std::vector<std::string>& names,
                                     std::span<const std::string_view> usual) {
  for (const std::string_view candidate : usual) {
    const auto found = std::find_if(names.begin(), names.end(), [&](const std::string& name) {
      return bare(name) == candidate;
    });
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  }
  return std::nullopt;
}

std::optional<std::size_t> find_column(const std::vector<std::string>& names,
                                       const std::string& wanted,
                                       std::span<const std::string_view> usual) {
  if (wanted.empty()) return column_of(names, usual);
  const auto found = std::find(names.begin(), names.end(), wanted);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  return std::nullopt;
}

char delimiter_of(std::string_view line) {
  for (const char c : {'\t', ';', ',', '|'}) {
    if (line.find(c) != std::string_view::npos) return c;
  }
  return ',';
}

}  // namespace

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string object_column_names() {
  return fmt::format("{}", fmt::join(object_names, ", "));
}

CsvHeader parse_header(std::string_view line, const ColumnNames& wanted) {
  if (line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
  CsvHeader header;
  header.delimiter = delimiter_of(line);
  for (std::size_t begin = 0; begin <= line.size();) {
    const std::size_t end = std::min(line.find(header.delimiter, begin), line.size());
    header.names.emplace_back(trimmed(line.substr(begin, end - begin)));
    begin = end + 1;
  }
  header.time = find_column(header.names, wanted.time, time_names);
  header.object = find_column(header.names, wanted.object, object_names);
  header.size = find_column(header.names, wanted.size, size_names);
  return header;
}

}  // namespace haldane::models
