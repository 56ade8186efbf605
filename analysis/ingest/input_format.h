// The formats that measurements come in, their names, and how one is recognised by its first bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace haldane::analysis {

enum class InputFormat : std::uint8_t {
  csv,
  ndjson,
  k6_json,
  k6_csv,
  vegeta_json,
  vegeta_csv,
  access_log,
  envoy_log,
  hgrm,
  hlog,
  prometheus,
  otlp,
  oha,
  fortio,
  locust,
  oha_csv,
  metric_set_pairs,
  envoy_json,
};

/// "k6-json" and so on.
[[nodiscard]] std::string_view name_of(InputFormat format);

/// By name; nginx and apache name the same format.
[[nodiscard]] std::optional<InputFormat> format_named(std::string_view name);

/// All names that `format_named` knows.
[[nodiscard]] std::vector<std::string_view> format_names();

/// Whether every line is a record of its own, so that a file can be judged while it is written.
[[nodiscard]] bool grows_by_lines(InputFormat format);

/// How many bytes `recognise_format` wants to see.
inline constexpr std::size_t recognised_bytes = std::size_t{64} << 10U;

/// **Domain** the first bytes of an input. **Returns** CSV for whatever has no marks of its own.
[[nodiscard]] InputFormat recognise_format(std::string_view head);

/// How to turn an input that is no text into one that is read. **Returns** nothing for what is not
/// known: gzip, zstd and the binary results of vegeta are.
[[nodiscard]] std::string_view advice_for_binary(std::string_view head);

}  // namespace haldane::analysis
