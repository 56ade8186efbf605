#include "config/problems.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include <fmt/format.h>

namespace haldane::config {

void Problems::add(std::string_view id, const Place& place, const std::string& path,
                   std::string message, std::string hint) {
  if (entries_.size() >= limit_max) {
    ++dropped_;
    return;
  }
  Entry entry;
  entry.diagnostic.id = id;
  if (place.source) {
    entry.rank = place.source->rank;
    entry.diagnostic.file = place.source->name;
  }
  entry.diagnostic.line = place.line;
  entry.diagnostic.column = place.column;
  entry.diagnostic.path = excerpt(path, 200);
  entry.diagnostic.message = std::move(message);
  entry.diagnostic.hint = std::move(hint);
  entries_.push_back(std::move(entry));
}

bool Problems::touches(std::string_view path) const {
  const auto contains = [](std::string_view outer, std::string_view inner) {
    if (!inner.starts_with(outer)) return false;
    return inner.size() == outer.size() || inner[outer.size()] == '.' || inner[outer.size()] == '[';
  };
  return std::ranges::any_of(entries_, [&](const Entry& entry) {
    const std::string& found = entry.diagnostic.path;
    return !found.empty() && (contains(found, path) || contains(path, found));
  });
}

Diagnostics Problems::take() {
  std::stable_sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.rank, a.diagnostic.line, a.diagnostic.column) <
           std::tie(b.rank, b.diagnostic.line, b.diagnostic.column);
  });
  Diagnostics result;
  result.reserve(entries_.size() + 1);
  for (Entry& entry : entries_) result.push_back(std::move(entry.diagnostic));
  if (dropped_ > 0) {
    Diagnostic more;
    more.id = "CFG-009";
    more.file = result.back().file;
    more.message = fmt::format("{} more problems are not listed", dropped_);
    result.push_back(std::move(more));
  }
  entries_.clear();
  dropped_ = 0;
  return result;
}

void Problems::note_key(std::string_view mapping_path, std::string_view key) {
  std::string pattern;
  bool inside_index = false;
  for (const char c : mapping_path) {
    if (c == ']') inside_index = false;
    if (!inside_index) pattern += c;
    if (c == '[') inside_index = true;
  }
  known_keys_.insert(join_path(pattern, key));
}

std::string join_path(std::string_view parent, std::string_view key) {
  return parent.empty() ? std::string(key) : fmt::format("{}.{}", parent, key);
}

std::string join_path(std::string_view parent, std::size_t index) {
  return fmt::format("{}[{}]", parent, index);
}

std::string excerpt(std::string_view text, std::size_t length_max) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    const bool starts_character = (byte & 0xC0U) != 0x80U;
    if (result.size() >= length_max && starts_character) return result + "...";
    if (c == '\n') {
      result += "\\n";
    } else if (byte < 0x20 || byte == 0x7F) {
      result += fmt::format("\\x{:02x}", byte);
    } else {
      result += c;
    }
  }
  return result;
}

}  // namespace haldane::config
