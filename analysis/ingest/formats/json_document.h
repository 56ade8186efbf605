// JSON documents that must be seen whole: held as text up to a limit, then parsed once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "analysis/ingest/formats/record_reader.h"

namespace haldane::analysis {

/// Gathers lines. One document may span them, or each line be one of its own (as the file exporters
/// of OpenTelemetry write).
class JsonDocumentReader : public RecordReader {
 public:
  using Json = nlohmann::json;
  using RecordReader::RecordReader;
  static constexpr std::size_t document_max = std::size_t{64} << 20U;

  void take_line(std::string_view line, std::int64_t number) final;
  std::string finish() final;
  [[nodiscard]] std::size_t line_max() const final { return document_max; }

 protected:
  /// One whole document. **Returns** why it is of no use, or nothing.
  virtual std::string take_document(const Json& document) = 0;
  /// After the last document.
  virtual std::string finish_documents() { return {}; }

 private:
  void parse_by_line();

  std::string text_;
  bool too_large_ = false;
};

/// The member of that name, or null where `json` is no object or has none.
[[nodiscard]] const nlohmann::json* member(const nlohmann::json& json, std::string_view name);
/// The elements of a member that is an array; otherwise an empty array.
[[nodiscard]] const nlohmann::json& elements(const nlohmann::json& json, std::string_view name);
/// A number, or a string that holds one (OTLP and Prometheus write both).
[[nodiscard]] std::optional<double> number_of(const nlohmann::json* json);
/// Its text; empty if it is none.
[[nodiscard]] std::string text_of(const nlohmann::json* json);

}  // namespace haldane::analysis
