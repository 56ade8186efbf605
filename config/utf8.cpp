#include "config/utf8.h"

#include <cstddef>
#include <cstdint>

#include <fmt/format.h>

namespace haldane::config {
namespace {

std::uint32_t byte_at(std::string_view text, std::size_t i) {
  return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
}

bool is_control(std::uint32_t byte) {
  return (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7F;
}

}  // namespace

std::size_t character_length(std::string_view text, std::size_t i) {
  const std::uint32_t lead = byte_at(text, i);
  const std::uint32_t second = byte_at(text, i + 1);
  const auto continues = [&](std::size_t k) { return (byte_at(text, i + k) & 0xC0U) == 0x80U; };
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4 || !continues(1)) return 0;
  if (lead < 0xE0) return 2;
  if (!continues(2)) return 0;
  if (lead == 0xE0 && second < 0xA0) return 0;
  if (lead == 0xED && second > 0x9F) return 0;
  if (lead < 0xF0) return 3;
  if (!continues(3)) return 0;
  if (lead == 0xF0 && second < 0x90) return 0;
  if (lead == 0xF4 && second > 0x8F) return 0;
  return 4;
}

std::optional<NonText> find_non_text(std::string_view text) {
  int line = 1;
  std::size_t line_begin = 0;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = character_length(text, i);
    const std::uint32_t byte = byte_at(text, i);
    if (length == 0 || is_control(byte)) {
      const char* kind = length == 0 ? "an invalid byte" : "a control character";
      return NonText{line, static_cast<int>(i - line_begin) + 1,
                     fmt::format("{} 0x{:02x}", kind, byte)};
    }
    i += length;
    if (byte == '\n') {
      ++line;
      line_begin = i;
    }
  }
  return std::nullopt;
}

}  // namespace haldane::config
