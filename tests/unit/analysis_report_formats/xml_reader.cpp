#include "tests/unit/analysis_report_formats/xml_reader.h"

#include <algorithm>
#include <cstdlib>

#include "config/utf8.h"

namespace haldane::test {
namespace {

constexpr std::string_view declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

bool is_xml_text(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = config::character_length(text, i);
    const auto code = static_cast<unsigned char>(text[i]);
    if (length == 0 || (code < 0x20 && code != '\t' && code != '\n' && code != '\r')) return false;
    const std::string_view character = text.substr(i, length);
    if (character == "\xEF\xBF\xBE" || character == "\xEF\xBF\xBF") return false;
    i += length;
  }
  return true;
}

bool is_name_letter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '-' ||
         (letter >= '0' && letter <= '9') || letter == '.' || letter == '_';
}

class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  std::optional<Element> document() {
    if (!take(declaration) || !is_xml_text(rest_)) return std::nullopt;
    std::optional<Element> element = read_element();
    skip_blanks();
    return rest_.empty() ? element : std::nullopt;
  }

 private:
  bool take(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }

  void skip_blanks() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\n"), rest_.size()));
  }

  std::string name() {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_name_letter);
    const std::string found(rest_.begin(), end);
    rest_.remove_prefix(found.size());
    return found;
  }

  // Text up to `stop`; nothing where an entity is unknown or `stop` never comes.
  std::optional<std::string> text_until(char stop) {
    std::string text;
    while (!rest_.empty() && rest_.front() != stop) {
      if (rest_.front() == '<') return std::nullopt;
      if (rest_.front() != '&') {
        text += rest_.front();
        rest_.remove_prefix(1);
      } else if (!entity(text)) {
        return std::nullopt;
      }
    }
    return rest_.empty() ? std::nullopt : std::optional(text);
  }

  bool entity(std::string& text) {
    const std::pair<std::string_view, char> known[] = {
        {"&amp;", '&'}, {"&lt;", '<'},   {"&gt;", '>'},   {"&quot;", '"'},
        {"&#9;", '\t'}, {"&#10;", '\n'}, {"&#13;", '\r'}, {"&apos;", '\''}};
    for (const auto& [entity, letter] : known) {
      if (!take(entity)) continue;
      text += letter;
      return true;
    }
    return false;
  }

  bool attributes(Element& element) {
    while (true) {
      skip_blanks();
      const std::string key = name();
      if (key.empty()) return true;
      if (!take("=\"")) return false;
      const auto value = text_until('"');
      if (!value || !take("\"")) return false;
      if (!element.attributes.emplace(key, *value).second) return false;
    }
  }

  std::optional<Element> read_element() {
    Element element;
    if (!take("<")) return std::nullopt;
    element.name = name();
    if (element.name.empty() || !attributes(element)) return std::nullopt;
    if (take("/>")) return element;
    if (!take(">") || !content(element)) return std::nullopt;
    if (!take("</" + element.name + ">")) return std::nullopt;
    return element;
  }

  bool content(Element& element) {
    while (true) {
      const auto text = text_until('<');
      if (!text) return false;
      element.text += *text;
      if (rest_.starts_with("</")) return true;
      std::optional<Element> child = read_element();
      if (!child) return false;
      element.children.push_back(std::move(*child));
    }
  }

  std::string_view rest_;
};

}  // namespace

std::vector<Element> Element::all(std::string_view child) const {
  std::vector<Element> found;
  for (const Element& element : children) {
    if (element.name == child) found.push_back(element);
  }
  return found;
}

std::optional<Element> read_xml(std::string_view text) {
  return Reader(text).document();
}

}  // namespace haldane::test
