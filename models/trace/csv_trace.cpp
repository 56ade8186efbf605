#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "models/trace/digits.h"
#include "models/trace/line_readers.h"
#include "models/trace/lines.h"

namespace haldane::models {
namespace {

enum class Role : std::uint8_t { ignored, object, size };
enum class Fault : std::uint8_t { none, fields, no_object, wrong_size, quotes };

struct Row {
  std::uint64_t key = 0;
  std::uint32_t size = 0;
};

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

class RowParser {
 public:
  explicit RowParser(const CsvHeader& header)
      : delimiter_(header.delimiter), roles_(header.names.size(), Role::ignored) {
    roles_[*header.object] = Role::object;
    if (header.size) roles_[*header.size] = Role::size;
  }

  /// **Returns** what is wrong with `line`; `field` is then where.
  Fault parse(std::string_view line, Row& row, std::string_view& field) {
    at_ = line.data();
    end_ = at_ + line.size();
    for (std::size_t column = 0; column < roles_.size(); ++column) {
      if (column > 0 && !step_over_delimiter()) return Fault::fields;
      if (at_ < end_ && *at_ == '"') return parse_quoted(line, row, field);
      const char* begin = at_;
      const Fault fault = parse_field(roles_[column], row);
      if (fault == Fault::none) continue;
      field = {begin, static_cast<std::size_t>(end_of_field(begin) - begin)};
      return fault;
    }
    return at_ == end_ ? Fault::none : Fault::fields;
  }

 private:
  bool step_over_delimiter() {
    if (at_ == end_ || *at_ != delimiter_) return false;
    ++at_;
    return true;
  }
  [[nodiscard]] const char* end_of_field(const char* from) const {
    return find_character(from, end_, delimiter_);
  }

  // A number that fills the field. **Returns** false, having moved nothing, for anything else.
  [[gnu::always_inline]] bool number_field(std::uint64_t& value) {
    const char* behind = plain_number(at_, end_, value);
    if (behind == at_ || (behind != end_ && *behind != delimiter_)) return false;
    at_ = behind;
    return true;
  }

  [[gnu::always_inline]] Fault parse_field(Role role, Row& row) {
    if (role == Role::ignored) {
      at_ = end_of_field(at_);
      return Fault::none;
    }
    std::uint64_t number = 0;
    if (!number_field(number)) {
      const char* begin = at_;
      at_ = end_of_field(at_);
      return parse_text(role, {begin, static_cast<std::size_t>(at_ - begin)}, row);
    }
    if (role == Role::object) {
      row.key = number;
    } else {
      row.size = static_cast<std::uint32_t>(number);
      if (number > std::numeric_limits<std::uint32_t>::max()) return Fault::wrong_size;
    }
    return Fault::none;
  }

  // A field that is no plain number, or was quoted.
  static Fault parse_text(Role role, std::string_view field, Row& row) {
    const std::string_view text = trimmed(field);
    if (role == Role::object) {
      if (text.empty()) return Fault::no_object;
      row.key = key_of_text(text.data(), text.size());
      return Fault::none;
    }
    if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) {
      return Fault::wrong_size;
    }
    std::uint64_t bytes = 0;
    for (const char digit : text) {
      bytes = bytes * 10 + static_cast<unsigned char>(digit - '0');
      if (bytes > std::numeric_limits<std::uint32_t>::max()) return Fault::wrong_size;
    }
    row.size = static_cast<std::uint32_t>(bytes);
    return Fault::none;
  }

  // The whole row again, field by field with quotes.
  Fault parse_quoted(std::string_view line, Row& row, std::string_view& field) {
    at_ = line.data();
    for (std::size_t column = 0; column < roles_.size(); ++column) {
      if (column > 0 && !step_over_delimiter()) return Fault::fields;
      const char* begin = at_;
      if (!take_field()) return Fault::quotes;
      field = {begin, static_cast<std::size_t>(at_ - begin)};
      const Fault fault =
          roles_[column] == Role::ignored ? Fault::none : parse_text(roles_[column], text_, row);
      if (fault != Fault::none) return fault;
    }
    return at_ == end_ ? Fault::none : Fault::fields;
  }
  // A field, quoted or not, into text_. **Returns** false when its quote is not closed.
  bool take_field() {
    const bool quoted = at_ < end_ && *at_ == '"';
    if (!quoted) {
      const char* begin = at_;
      at_ = end_of_field(at_);
      text_.assign(begin, at_);
      return true;
    }
    text_.clear();
    for (++at_; at_ < end_; ++at_) {
      if (*at_ != '"') {
        text_ += *at_;
      } else if (at_ + 1 < end_ && at_[1] == '"') {
        text_ += *++at_;
      } else {
        ++at_;
        return at_ == end_ || *at_ == delimiter_;
      }
    }
    return false;
  }

  char delimiter_;
  std::vector<Role> roles_;
  const char* at_ = nullptr;
  const char* end_ = nullptr;
  std::string text_;
};

std::string name_of_column(const CsvHeader& header, std::optional<std::size_t> column) {
  return column ? header.names[*column] : std::string();
}

void report(Fault fault, const CsvHeader& header, std::uint64_t line, std::string_view field,
            RowProblems& problems) {
  switch (fault) {
    case Fault::none:
      break;
    case Fault::fields:
      problems.add(line, "TRC-201", "",
                   fmt::format("must have {} fields as the header has", header.names.size()),
                   field);
      break;
    case Fault::no_object:
      problems.add(line, "TRC-202", name_of_column(header, header.object), "must not be empty", "");
      break;
    case Fault::wrong_size:
      problems.add(line, "TRC-203", name_of_column(header, header.size),
                   "must be a whole number of bytes from 0 to 4294967295",
                   field.empty() ? std::string_view("(nothing)") : field);
      break;
    case Fault::quotes:
      problems.add(line, "TRC-204", "", "must close its quotes before the field ends", field);
      break;
  }
}

}  // namespace

std::optional<TraceError> read_csv_rows(ByteSource& source, const CsvHeader& header,
                                        TraceBuilder& builder, RowProblems& problems) {
  RowParser parser(header);
  return for_each_line(source, [&](std::string_view line, std::uint64_t number) {
    if (number == 1 || line.empty()) return;
    if (line.size() > line_max) {
      problems.add(number, "TRC-205", "", "must be at most 65536 bytes long", line);
      return;
    }
    Row row;
    std::string_view field = line;
    const Fault fault = parser.parse(line, row, field);
    if (fault == Fault::none) {
      builder.add(row.key, row.size);
    } else {
      report(fault, header, number, fault == Fault::fields ? line : field, problems);
    }
  });
}

}  // namespace haldane::models
