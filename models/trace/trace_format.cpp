#include "models/trace/trace_format.h"

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "models/trace/csv_header.h"

namespace haldane::models {
namespace {

using Ending = std::pair<std::string_view, TraceFormat>;
constexpr std::array<Ending, 6> endings = {{{".csv", TraceFormat::csv},
                                            {".tsv", TraceFormat::csv},
                                            {".txt", TraceFormat::text},
                                            {".bin", TraceFormat::oracle_general},
                                            {".oraclegeneral", TraceFormat::oracle_general},
                                            {".oraclegeneralbin", TraceFormat::oracle_general}}};

std::optional<TraceFormat> by_name(std::string_view name) {
  std::string lower = lower_case(name);
  for (const std::string_view packed : {".zst", ".zstd"}) {
    if (lower.ends_with(packed)) lower.resize(lower.size() - packed.size());
  }
  for (const auto& [ending, format] : endings) {
    if (lower.ends_with(ending)) return format;
  }
  return std::nullopt;
}

}  // namespace

std::string_view name_of(TraceFormat format) {
  switch (format) {
    case TraceFormat::csv:
      return "csv";
    case TraceFormat::text:
      return "text";
    case TraceFormat::oracle_general:
      return "oracle_general";
  }
  return "";
}

TraceFormat tell_format(std::string_view name, std::string_view first) {
  if (const auto known = by_name(name)) return *known;
  if (first.find('\0') != std::string_view::npos) return TraceFormat::oracle_general;
  const std::string_view line = first.substr(0, first.find('\n'));
  return parse_header(line, {}).object ? TraceFormat::csv : TraceFormat::text;
}

}  // namespace haldane::models
