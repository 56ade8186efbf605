// The scalars of one JSON text as a flat list of dotted paths: what line formats need, without a
// tree a line.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace haldane::analysis {

struct JsonScalar {
  enum class Kind : std::uint8_t { null, boolean, number, text };
  std::string path;  ///< "data.tags.status"; elements of arrays are left out
  Kind kind = Kind::null;
  double number = 0;  ///< of a number or boolean
  std::string text;

  [[nodiscard]] bool is_number() const { return kind == Kind::number || kind == Kind::boolean; }
};

/// Memory is used again from line to line.
class JsonScalars {
 public:
  /// **Returns** false when `text` is no JSON object, or deeper than 32 levels.
  [[nodiscard]] bool parse(std::string_view text);
  [[nodiscard]] std::span<const JsonScalar> all() const { return {scalars_.data(), count_}; }
  /// The scalar of that path, or null. With a doubled key, the first.
  [[nodiscard]] const JsonScalar* find(std::string_view path) const;
  /// Its text, or empty.
  [[nodiscard]] std::string_view text(std::string_view path) const;

 private:
  friend struct JsonScalarSink;
  std::vector<JsonScalar> scalars_;
  std::size_t count_ = 0;
};

}  // namespace haldane::analysis
