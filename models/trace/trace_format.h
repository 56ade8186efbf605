// Which of the known formats a trace has, by its name or its first bytes.
#pragma once

#include <cstdint>
#include <string_view>

namespace haldane::models {

enum class TraceFormat : std::uint8_t {
  csv,            ///< a header that names columns, then a row a request
  text,           ///< one id a line
  oracle_general  ///< records of 24 bytes as libCacheSim writes them
};

/// "csv", "text", "oracle_general".
[[nodiscard]] std::string_view name_of(TraceFormat format);

/// By the ending of `name` (.csv, .tsv, .txt, .bin, .oracleGeneral, each also with .zst behind it),
/// else by content: a zero byte is binary, a first line that names an object column is CSV, all
/// else is text. **Domain** `first` is the beginning of the unpacked bytes.
[[nodiscard]] TraceFormat tell_format(std::string_view name, std::string_view first);

}  // namespace haldane::models
