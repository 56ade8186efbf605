#include "analysis/report/plot/svg.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include <fmt/format.h>

namespace haldane::analysis::plot {
namespace {

constexpr const char* replacement = "\xEF\xBF\xBD";

bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U;
}

/// Bytes of the UTF-8 character at the start of `text`; 0 when there is none.
std::size_t character_length(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t length = lead < 0x80   ? 1
                             : lead < 0xc2 ? 0
                             : lead < 0xe0 ? 2
                             : lead < 0xf0 ? 3
                             : lead < 0xf5 ? 4
                                           : 0;
  if (length == 0 || text.size() < length) return 0;
  const auto tail = text.substr(1, length - 1);
  return std::all_of(tail.begin(), tail.end(), is_continuation) ? length : 0;
}

std::string escape_ascii(char letter) {
  switch (letter) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      break;
  }
  const auto code = static_cast<unsigned char>(letter);
  const bool control = (code < 0x20 && letter != '\n' && letter != '\t') || code == 0x7f;
  return control ? replacement : std::string(1, letter);
}

const char* anchor_name(Anchor anchor) {
  static constexpr std::array<const char*, 3> names = {"start", "middle", "end"};
  return names[static_cast<std::size_t>(anchor)];
}

}  // namespace

std::string escape(std::string_view text) {
  std::string safe;
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (length == 1) {
      safe += escape_ascii(text.front());
    } else {
      safe += length == 0 ? std::string_view(replacement) : text.substr(0, length);
    }
    text.remove_prefix(std::max<std::size_t>(1, length));
  }
  return safe;
}

std::string pixel(double value) {
  return fmt::format("{:.1f}", value);
}

std::string text_element(double x, double y, std::string_view text, Anchor anchor,
                         std::string_view css_class) {
  return fmt::format("<text class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n",
                     css_class, x, y, anchor_name(anchor), escape(text));
}

std::string line_element(double x1, double y1, double x2, double y2, std::string_view css_class) {
  return fmt::format(
      "<line class=\"{}\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>\n", css_class,
      x1, y1, x2, y2);
}

std::string open_svg(double width, double height, std::string_view title,
                     std::string_view description) {
  return fmt::format(
      "<svg role=\"img\" viewBox=\"0 0 {} {}\" xmlns=\"http://www.w3.org/2000/svg\">\n"
      "<title>{}</title>\n<desc>{}</desc>\n",
      width, height, escape(title), escape(description));
}

double text_width(std::string_view text) {
  const auto characters =
      std::count_if(text.begin(), text.end(), [](char byte) { return !is_continuation(byte); });
  return 6.8 * static_cast<double>(characters);
}

}  // namespace haldane::analysis::plot
