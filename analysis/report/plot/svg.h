// Small pieces of SVG and HTML text: escaping, coordinates, labels.
#pragma once

#include <string>
#include <string_view>

namespace haldane::analysis::plot {

/// Text that is safe between tags and in quoted attributes: the five XML characters escaped,
/// control characters, what turns the direction of writing and bytes that are no UTF-8 replaced by
/// U+FFFD. Everything a user can name passes through here.
[[nodiscard]] std::string escape(std::string_view text);

/// A pixel coordinate with one decimal, which is finer than any screen shows.
[[nodiscard]] std::string pixel(double value);

/// Where a label hangs on its point.
enum class Anchor { start, middle, end };

/// A text element of the given CSS class. **Domain** plain text; it is escaped here.
[[nodiscard]] std::string text_element(double x, double y, std::string_view text, Anchor anchor,
                                       std::string_view css_class);

/// A straight line of the given CSS class.
[[nodiscard]] std::string line_element(double x1, double y1, double x2, double y2,
                                       std::string_view css_class);

/// The opening tag of a picture of that size, with its accessible name and description.
[[nodiscard]] std::string open_svg(double width, double height, std::string_view title,
                                   std::string_view description);

/// Width that a text probably takes, for legends. **Units** pixels at 12 px sans-serif.
[[nodiscard]] double text_width(std::string_view text);

}  // namespace haldane::analysis::plot
