#include "config/node.h"

#include <charconv>
#include <cstddef>

namespace haldane::config {
namespace {

/// The element "[n]" at the front of `path`, which is removed; null when there is none.
const Node* take_element(const Node& node, std::string_view& path) {
  const std::size_t end = path.find(']');
  if (end == std::string_view::npos) return nullptr;
  std::size_t index = 0;
  const auto [stop, error] = std::from_chars(path.data() + 1, path.data() + end, index);
  path.remove_prefix(end + 1);
  const bool good = error == std::errc() && node.is_sequence() && index < node.items.size();
  return good ? &node.items[index] : nullptr;
}

const Node* take_key(const Node& node, std::string_view& path) {
  if (path.front() == '.') path.remove_prefix(1);
  const std::string_view key = path.substr(0, path.find_first_of(".["));
  path.remove_prefix(key.size());
  return node.is_mapping() && !key.empty() ? node.find(key) : nullptr;
}

}  // namespace

const Node& nearest_node(const Node& root, std::string_view path) {
  const Node* here = &root;
  while (!path.empty()) {
    const Node* next = path.front() == '[' ? take_element(*here, path) : take_key(*here, path);
    if (next == nullptr) break;
    here = next;
  }
  return *here;
}

}  // namespace haldane::config
