// Rows of a trace that could not be read: all are counted, the first few are named.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "sim/base/diagnostics.h"

namespace haldane::models {

class RowProblems {
 public:
  RowProblems(std::string file, std::size_t shown) : file_(std::move(file)), shown_(shown) {}

  /// `value` is quoted behind `rule`, cut and made printable; empty = none.
  void add(std::uint64_t line, std::string id, std::string column, std::string rule,
           std::string_view value);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] const Diagnostics& first() const { return first_; }

 private:
  std::string file_;
  std::size_t shown_;
  std::uint64_t count_ = 0;
  Diagnostics first_;
};

/// At most 40 characters of `value` with control characters replaced, in quotes.
[[nodiscard]] std::string quoted_value(std::string_view value);

}  // namespace haldane::models
