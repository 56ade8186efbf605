// A strict reader of the XML that reports are: no doctype, no comments, no CDATA. It refuses what
// is not well-formed, and characters that XML 1.0 does not have.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace haldane::test {

struct Element {
  std::string name;
  std::map<std::string, std::string> attributes;  ///< entities resolved
  std::string text;                               ///< of its own, entities resolved
  std::vector<Element> children;

  /// Children of that name.
  [[nodiscard]] std::vector<Element> all(std::string_view child) const;
};

/// The document's element, or nothing when the text is not well-formed.
[[nodiscard]] std::optional<Element> read_xml(std::string_view text);

}  // namespace haldane::test
