#include "analysis/report/formats/safe_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "config/utf8.h"

namespace haldane::analysis {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

// U+FFFE and U+FFFF are well-formed UTF-8, and no characters of XML.
bool is_noncharacter(std::string_view character) {
  return character == "\xEF\xBF\xBE" || character == "\xEF\xBF\xBF";
}

bool is_control(char letter) {
  const auto code = static_cast<unsigned char>(letter);
  const bool blank = letter == '\t' || letter == '\n' || letter == '\r';
  return (code < 0x20 && !blank) || code == 0x7f;
}

bool is_alphanumeric(char letter) {
  return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') ||
         (letter >= 'A' && letter <= 'Z');
}

// Replaces single bytes of clean text; `as` gives a replacement or nothing.
template <typename As>
std::string replace_letters(std::string_view text, As&& as) {
  const std::string clean = clean_text(text);
  std::string out;
  out.reserve(clean.size());
  for (const char letter : clean) {
    const std::string_view other = as(letter);
    other.empty() ? out.push_back(letter) : static_cast<void>(out.append(other));
  }
  return out;
}

std::string_view as_message(char letter) {
  if (letter == '%') return "%25";
  if (letter == '\r') return "%0D";
  return letter == '\n' ? "%0A" : "";
}

// Between two letters an underscore is no emphasis, and names stay readable and searchable.
bool is_inside_word(std::string_view text, std::size_t i) {
  return text[i] == '_' && i > 0 && i + 1 < text.size() && is_alphanumeric(text[i - 1]) &&
         is_alphanumeric(text[i + 1]);
}

// "- x", "1. x" and the like would open a list inside the line that they begin.
bool opens_block(std::string_view text, std::size_t i) {
  const char letter = text[i];
  const auto digits = text.find_first_not_of("0123456789");
  if (letter == '.' || letter == ')') return i > 0 && digits == i;
  return i == 0 && (letter == '-' || letter == '+' || letter == '=');
}

std::string markdown_letter(std::string_view text, std::size_t i) {
  const char letter = text[i];
  if (letter == '\n' || letter == '\r' || letter == '\t') return " ";
  if (std::string_view("<>&@").find(letter) != std::string_view::npos) {
    return fmt::format("&#{};", static_cast<int>(letter));
  }
  const bool markup = std::string_view("\\`*_{}[]#|!~$").find(letter) != std::string_view::npos;
  const bool link = letter == ':' && text.substr(i).starts_with("://");
  const bool escaped = (markup && !is_inside_word(text, i)) || link || opens_block(text, i);
  return escaped ? std::string{'\\', letter} : std::string{letter};
}

}  // namespace

std::string clean_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = config::character_length(text, i);
    const std::string_view character = text.substr(i, length);
    const bool broken = length == 0 || is_control(text[i]) || is_noncharacter(character) ||
                        config::turns_direction(character);
    out += broken ? replacement : character;
    i += std::max<std::size_t>(length, 1);
  }
  return out;
}

std::string shorten(std::string_view text, std::size_t characters_max) {
  // No character has more than four bytes, so a huge name costs no more than a short one.
  std::string clean = clean_text(text.substr(0, 4 * characters_max + 4));
  std::size_t end = 0;
  std::size_t before_last = 0;
  for (std::size_t characters = 0; end < clean.size(); ++characters) {
    if (characters == characters_max) return clean.substr(0, before_last) + "…";
    before_last = end;
    end += config::character_length(clean, end);
  }
  return clean;
}

std::string xml_escape(std::string_view text) {
  return replace_letters(text, [](char letter) -> std::string_view {
    switch (letter) {
      case '&':
        return "&amp;";
      case '<':
        return "&lt;";
      case '>':
        return "&gt;";
      case '"':
        return "&quot;";
      case '\t':
        return "&#9;";
      case '\n':
        return "&#10;";
      case '\r':
        return "&#13;";
      default:
        return "";
    }
  });
}

std::string markdown_escape(std::string_view text) {
  const std::string clean = clean_text(text);
  std::string out;
  for (std::size_t i = 0; i < clean.size(); ++i) out += markdown_letter(clean, i);
  return out;
}

std::string workflow_message(std::string_view text) {
  return replace_letters(text, as_message);
}

std::string workflow_property(std::string_view text) {
  return replace_letters(text, [](char letter) -> std::string_view {
    if (letter == ':') return "%3A";
    return letter == ',' ? "%2C" : as_message(letter);
  });
}

std::string openmetrics_escape(std::string_view text) {
  return replace_letters(text, [](char letter) -> std::string_view {
    if (letter == '\\') return "\\\\";
    if (letter == '"') return "\\\"";
    return letter == '\n' ? "\\n" : letter == '\r' ? " " : "";
  });
}

}  // namespace haldane::analysis
