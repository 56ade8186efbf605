#include <algorithm>
#include <cstdint>
#include <string_view>

#include "models/trace/digits.h"
#include "models/trace/line_readers.h"
#include "models/trace/lines.h"

namespace haldane::models {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

bool is_blank_or_control(char c) {
  const auto code = static_cast<unsigned char>(c);
  return code <= 0x20 || code == 0x7f;
}

}  // namespace

std::optional<TraceError> read_text_lines(ByteSource& source, TraceBuilder& builder,
                                          RowProblems& problems) {
  return for_each_line(source, [&](std::string_view line, std::uint64_t number) {
    if (number == 1 && line.starts_with("\xef\xbb\xbf")) line.remove_prefix(3);
    const char* const end = line.data() + line.size();
    std::uint64_t value = 0;
    if (!line.empty() && plain_number(line.data(), end, value) == end) {
      builder.add(value, 0);
      return;
    }
    const std::string_view id = trimmed(line);
    if (id.empty()) return;
    if (id.size() > line_max) {
      problems.add(number, "TRC-205", "", "must be at most 65536 bytes long", id);
    } else if (std::any_of(id.begin(), id.end(), is_blank_or_control)) {
      problems.add(number, "TRC-206", "", "must be one id without blanks and control characters",
                   id);
    } else {
      builder.add(key_of_text(id.data(), id.size()), 0);
    }
  });
}

}  // namespace haldane::models
