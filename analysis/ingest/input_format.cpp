#include "analysis/ingest/input_format.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <initializer_list>
#include <utility>

#include "analysis/ingest/cells.h"

namespace haldane::analysis {
namespace {

using Names = std::pair<std::string_view, InputFormat>;
constexpr std::array<Names, 20> names = {{{"csv", InputFormat::csv},
                                          {"ndjson", InputFormat::ndjson},
                                          {"k6-json", InputFormat::k6_json},
                                          {"k6-csv", InputFormat::k6_csv},
                                          {"vegeta-json", InputFormat::vegeta_json},
                                          {"vegeta-csv", InputFormat::vegeta_csv},
                                          {"access-log", InputFormat::access_log},
                                          {"nginx", InputFormat::access_log},
                                          {"apache", InputFormat::access_log},
                                          {"envoy", InputFormat::envoy_log},
                                          {"hgrm", InputFormat::hgrm},
                                          {"hlog", InputFormat::hlog},
                                          {"prometheus", InputFormat::prometheus},
                                          {"otlp", InputFormat::otlp},
                                          {"oha", InputFormat::oha},
                                          {"fortio", InputFormat::fortio},
                                          {"locust", InputFormat::locust},
                                          {"oha-csv", InputFormat::oha_csv},
                                          {"metric-set-pairs", InputFormat::metric_set_pairs},
                                          {"envoy-json", InputFormat::envoy_json}}};

bool has_all(std::string_view text, std::initializer_list<std::string_view> parts) {
  return std::all_of(parts.begin(), parts.end(), [text](std::string_view part) {
    return text.find(part) != std::string_view::npos;
  });
}

std::string_view first_line_of(std::string_view head) {
  const std::size_t begin = head.find_first_not_of("\r\n \t");
  if (begin == std::string_view::npos) return {};
  head.remove_prefix(begin);
  std::string_view line = head.substr(0, head.find('\n'));
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

// A JSON text of one line an object has a closing brace where its first line ends.
InputFormat recognise_json(std::string_view head, std::string_view line) {
  if (has_all(head, {"\"metricSetPairList\""})) return InputFormat::metric_set_pairs;
  if (has_all(line, {"\"values\"", "\"control\"", "\"experiment\""}))
    return InputFormat::metric_set_pairs;
  if (has_all(head, {"\"resourceMetrics\""})) return InputFormat::otlp;
  if (has_all(head, {"\"resultType\"", "\"data\""})) return InputFormat::prometheus;
  if (has_all(head, {"\"DurationHistogram\""})) return InputFormat::fortio;
  if (has_all(head, {"\"summary\"", "\"successRate\""})) return InputFormat::oha;
  if (has_all(line, {"\"metric\"", "\"type\""}) &&
      (has_all(line, {"\"Point\""}) || has_all(line, {"\"Metric\""}))) {
    return InputFormat::k6_json;
  }
  if (has_all(line, {"\"attack\"", "\"latency\"", "\"code\""})) return InputFormat::vegeta_json;
  if (has_all(line, {"\"start_time\"", "\"response_code\"", "\"duration\""}))
    return InputFormat::envoy_json;
  return InputFormat::ndjson;
}

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](unsigned char c) { return std::isdigit(c) != 0; });
}

// unix nanoseconds, code, latency, ...
bool looks_like_vegeta(std::string_view line) {
  const std::size_t first = line.find(',');
  const std::size_t second = line.find(',', first + 1);
  if (first == std::string_view::npos || second == std::string_view::npos) return false;
  return first >= 17 && is_digits(line.substr(0, first)) &&
         is_digits(line.substr(first + 1, second - first - 1)) &&
         std::count(line.begin(), line.end(), ',') >= 8;
}

// [2026-01-02T03:04:05.006Z] "GET / HTTP/2" 200 ...
bool looks_like_envoy(std::string_view line) {
  const std::size_t close = line.find(']');
  return close != std::string_view::npos && line.front() == '[' &&
         parse_timestamp(line.substr(1, close - 1)) && line.substr(close, 3) == "] \"";
}

// host ident user [02/Jan/2026:03:04:05 +0000] "GET / HTTP/1.1" 200 ...
bool looks_like_access_log(std::string_view line) {
  const std::size_t open = line.find(" [");
  const std::size_t close = line.find("] \"", open);
  return open != std::string_view::npos && close != std::string_view::npos &&
         std::count(line.begin() + static_cast<std::ptrdiff_t>(open),
                    line.begin() + static_cast<std::ptrdiff_t>(close), '/') >= 2;
}

bool looks_like_hgrm(std::string_view head) {
  const std::size_t value = head.find("Value");
  const std::size_t end = head.find('\n', value);
  return value != std::string_view::npos &&
         has_all(head.substr(value, end - value), {"Percentile", "TotalCount"});
}

}  // namespace

std::string_view name_of(InputFormat format) {
  const auto* found =
      std::find_if(names.begin(), names.end(), [&](const Names& n) { return n.second == format; });
  return found->first;
}

std::optional<InputFormat> format_named(std::string_view name) {
  const auto* found =
      std::find_if(names.begin(), names.end(), [&](const Names& n) { return n.first == name; });
  return found == names.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string_view> format_names() {
  std::vector<std::string_view> list;
  for (const Names& n : names) list.push_back(n.first);
  return list;
}

bool grows_by_lines(InputFormat format) {
  switch (format) {
    case InputFormat::csv:
    case InputFormat::ndjson:
    case InputFormat::k6_json:
    case InputFormat::k6_csv:
    case InputFormat::vegeta_json:
    case InputFormat::vegeta_csv:
    case InputFormat::access_log:
    case InputFormat::envoy_log:
    case InputFormat::oha_csv:
    case InputFormat::envoy_json:
      return true;
    case InputFormat::hgrm:
    case InputFormat::hlog:
    case InputFormat::prometheus:
    case InputFormat::otlp:
    case InputFormat::oha:
    case InputFormat::fortio:
    case InputFormat::locust:
    case InputFormat::metric_set_pairs:
      break;
  }
  return false;
}

std::string_view advice_for_binary(std::string_view head) {
  if (head.starts_with("\x1f\x8b")) {
    return "it is compressed by gzip, which is read from whole files only: unpack it";
  }
  if (head.starts_with("\x28\xb5\x2f\xfd")) {
    return "it is compressed by zstd: unpack it, or read it as <(zstdcat FILE)";
  }
  // Go writes a type before the first value of it.
  if (head.find("\x06Result") != std::string_view::npos) {
    return "it looks like binary results of vegeta: vegeta encode -to json FILE";
  }
  return {};
}

InputFormat recognise_format(std::string_view head) {
  if (head.substr(0, 3) == "\xEF\xBB\xBF") head.remove_prefix(3);
  const std::string_view line = first_line_of(head);
  if (line.empty()) return InputFormat::csv;
  if (line.front() == '[' && has_all(head, {"\"values\"", "\"control\"", "\"experiment\""}))
    return InputFormat::metric_set_pairs;
  if (line.starts_with("request-start,")) return InputFormat::oha_csv;
  if (line.front() == '{') return recognise_json(head, line);
  if (line.starts_with("metric_name,timestamp,")) return InputFormat::k6_csv;
  if (line.starts_with("Type,Name,Request Count") ||
      line.starts_with("Timestamp,User Count,Type,Name")) {
    return InputFormat::locust;
  }
  if (has_all(head, {"HISTFAA"})) return InputFormat::hlog;
  if (looks_like_vegeta(line)) return InputFormat::vegeta_csv;
  if (looks_like_envoy(line)) return InputFormat::envoy_log;
  if (looks_like_access_log(line)) return InputFormat::access_log;
  if (looks_like_hgrm(head)) return InputFormat::hgrm;
  return InputFormat::csv;
}

}  // namespace haldane::analysis
