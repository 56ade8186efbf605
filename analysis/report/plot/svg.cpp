#include "analysis/report/plot/svg.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include <fmt/format.h>

#include "config/utf8.h"

namespace haldane::analysis::plot {
namespace {

constexpr const char* replacement = "\xEF\xBF\xBD";

bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U;
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
    const std::size_t length = config::character_length(text, 0);
    const std::string_view character = text.substr(0, length);
    if (length == 1) {
      safe += escape_ascii(text.front());
    } else {
      const bool broken = length == 0 || config::turns_direction(character);
      safe += broken ? std::string_view(replacement) : character;
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
