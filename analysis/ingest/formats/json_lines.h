// What formats of one JSON object a line have in common.
#pragma once

#include <cstdint>
#include <string_view>

#include <fmt/format.h>

#include "analysis/ingest/cells.h"
#include "analysis/ingest/formats/json_scalars.h"
#include "analysis/ingest/formats/record_reader.h"

namespace haldane::analysis {

/// Refuses lines that are no JSON object. `Reader` is RecordReader or one derived from it.
template <class Reader = RecordReader>
class JsonLines : public Reader {
 public:
  using Reader::Reader;

  void take_line(std::string_view line, std::int64_t number) final {
    if (scalars_.parse(line)) return take_object(number);
    this->table().malformed(number, {}, fmt::format("\"{}\" is no JSON object", excerpt(line)));
  }

 protected:
  /// One line, whose scalars are there until the next.
  virtual void take_object(std::int64_t number) = 0;
  [[nodiscard]] const JsonScalars& scalars() const { return scalars_; }

 private:
  JsonScalars scalars_;
};

}  // namespace haldane::analysis
