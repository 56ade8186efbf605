// Splits a stream of bytes into CSV records and a record into fields, with bounded memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace haldane::analysis {

/// One record without its line end.
struct CsvRecord {
  std::string_view text;    ///< valid until the splitter is fed again
  std::int64_t line = 0;    ///< 1-based, of its first byte
  bool has_quotes = false;  ///< fields need unquoting
  bool oversized = false;   ///< longer than record_max: `text` is cut
};

/// Push bytes in, pull records out. A quoted field may hold line ends; a quote that is never closed
/// would swallow the rest of the file, so after `record_max` bytes, or at the end, the line with
/// the opening quote stands alone.
class CsvSplitter {
 public:
  static constexpr std::size_t record_max = std::size_t{64} << 10;

  /// Adds bytes; `last` when no more will come.
  void feed(std::string_view bytes, bool last);
  /// The next complete record. **Returns** false when more bytes are needed, or all were given out.
  bool next(CsvRecord& record);
  /// Whole lines from the next record on, the last line feed included; empty where there are none.
  [[nodiscard]] std::string_view whole_lines() const;
  /// Passes over the first `bytes` of `whole_lines`, which are so many lines.
  void skip_lines(std::size_t bytes, std::int64_t lines);

 private:
  [[nodiscard]] std::size_t quoted_end(std::size_t newline) const;
  void give(std::size_t end, bool has_quotes, CsvRecord& record);
  bool give_oversized(CsvRecord& record);

  std::string buffer_;
  std::size_t begin_ = 0;      ///< of the record being looked for
  std::size_t lines_end_ = 0;  ///< after the last line feed
  std::int64_t line_ = 1;
  bool last_ = false;
  bool skipping_ = false;  ///< inside the tail of an oversized record
};

/// Fields of a record. **Errors** false when a quote is not closed or text follows a closing quote.
/// `scratch` holds unquoted text and must outlive `fields`.
bool split_fields(const CsvRecord& record, std::vector<std::string_view>& fields,
                  std::string& scratch);

}  // namespace haldane::analysis
