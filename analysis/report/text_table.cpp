#include "analysis/report/text_table.h"

#include <algorithm>
#include <numeric>
#include <string_view>
#include <utility>

#include "config/utf8.h"
#include "sim/base/check.h"

namespace haldane::analysis {
namespace {

constexpr int gap = 2;
constexpr int group_indent = 2;

bool begins_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0U) != 0x80U;
}

std::string printable(const std::string& text) {
  std::string safe;
  for (std::size_t i = 0; i < text.size();) {
    const auto code = static_cast<unsigned char>(text[i]);
    const std::size_t length = config::character_length(text, i);
    const std::string_view character = std::string_view(text).substr(i, length);
    const bool harmless =
        length > 0 && code >= 0x20 && code != 0x7f && !config::turns_direction(character);
    safe += harmless ? character : std::string_view("?");
    i += std::max<std::size_t>(length, 1);
  }
  return safe;
}

std::string pad(const std::string& text, int width, bool right) {
  const auto missing = static_cast<std::size_t>(std::max(0, width - display_width(text)));
  return right ? std::string(missing, ' ') + text : text + std::string(missing, ' ');
}

int total_width(const std::vector<std::size_t>& shown, const std::vector<int>& widths) {
  int total = -gap;
  for (const std::size_t column : shown) total += widths[column] + gap;
  return total;
}

std::string trim_right(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace

int display_width(const std::string& text) {
  return static_cast<int>(std::count_if(text.begin(), text.end(), begins_character));
}

std::string fit_text(const std::string& text, int width) {
  std::string safe = printable(text);
  if (display_width(safe) <= width) return safe;
  const int kept = std::max(0, width - 3);
  std::string cut;
  int columns = 0;
  for (const char byte : safe) {
    if (begins_character(byte) && ++columns > kept) break;
    cut += byte;
  }
  return cut + std::string("...").substr(0, static_cast<std::size_t>(std::clamp(width, 0, 3)));
}

std::string fold_text(const std::string& text, int width, int indent) {
  std::string folded;
  int column = 0;
  std::size_t start = 0;
  std::string safe = printable(text);
  while (start < safe.size()) {
    const std::size_t end = std::min(safe.find(' ', start), safe.size());
    const std::string word = safe.substr(start, end - start);
    const int length = display_width(word);
    if (column > 0 && column + 1 + length > width) {
      folded += "\n" + std::string(static_cast<std::size_t>(indent), ' ');
      column = indent;
    } else if (column > 0) {
      folded += ' ';
      ++column;
    }
    folded += word;
    column += length;
    start = end + 1;
  }
  return folded;
}

std::string emphasize(const std::string& text, Emphasis emphasis, const TextStyle& style) {
  static constexpr const char* codes[] = {"", "1", "2", "1;32", "1;31", "1;33"};
  if (!style.color || emphasis == Emphasis::none) return text;
  return std::string("\x1b[") + codes[static_cast<int>(emphasis)] + "m" + text + "\x1b[0m";
}

void TextTable::add_row(std::vector<std::string> cells) {
  HALDANE_CHECK(cells.size() == columns_.size());
  const bool grouped =
      std::any_of(rows_.begin(), rows_.end(), [](const Row& row) { return row.group; });
  if (grouped) cells[0].insert(0, group_indent, ' ');
  for (std::string& cell : cells) cell = printable(cell);
  rows_.push_back({false, std::move(cells)});
}

void TextTable::add_group(std::string title) {
  rows_.push_back({true, {std::move(title)}});
}

std::string TextTable::render(const TextStyle& style) const {
  std::vector<int> widths;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    int width = display_width(columns_[i].title);
    for (const Row& row : rows_) {
      if (!row.group) width = std::max(width, display_width(row.cells[i]));
    }
    widths.push_back(width);
  }
  std::vector<std::size_t> shown(columns_.size());
  std::iota(shown.begin(), shown.end(), std::size_t{0});
  while (total_width(shown, widths) > style.width) {
    const auto last = std::max_element(
        shown.begin(), shown.end(),
        [&](std::size_t a, std::size_t b) { return columns_[a].rank < columns_[b].rank; });
    if (columns_[*last].rank == 0) break;
    shown.erase(last);
  }
  const int excess = std::max(0, total_width(shown, widths) - style.width);
  widths[0] = std::max(std::min(widths[0], group_indent + 4), widths[0] - excess);
  const auto line = [&](const auto& cell_of) {
    std::string text;
    for (const std::size_t column : shown) {
      if (!text.empty()) text += std::string(gap, ' ');
      text +=
          pad(fit_text(cell_of(column), widths[column]), widths[column], columns_[column].right);
    }
    return trim_right(text);
  };
  std::string table =
      emphasize(line([&](std::size_t c) { return columns_[c].title; }), Emphasis::dim, style) +
      "\n";
  for (const Row& row : rows_) {
    table += row.group ? emphasize(fit_text(row.cells[0], style.width), Emphasis::bold, style)
                       : line([&](std::size_t c) { return row.cells[c]; });
    table += "\n";
  }
  return table;
}

}  // namespace haldane::analysis
