// A YAML document as plain data: what is left of a file once syntax is done and before meaning
// starts.
//
// An own tree rather than YAML::Node: nodes here are values (no shared state behind the reader's
// back), duplicate keys survive so that they can be reported, and every node remembers the file it
// came from, which is what lets `extends` and `--set` be blamed correctly.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace haldane::config {

/// Where text came from. `rank` orders reports: the named file is 0, files it extends follow,
/// overrides come last.
struct Source {
  std::string name;
  int rank = 0;
  std::string base = {};  ///< file that relative file names start from: itself, or for overrides
                          ///< the file that they change
};

/// A position. **Units** line and column are 1-based; 0 where the source has no lines ("--set").
struct Place {
  std::shared_ptr<const Source> source;
  int line = 0;
  int column = 0;
};

struct Member;

/// One YAML value. **Domain** exactly one of `text`, `items` and `members` is used, as `kind` says.
struct Node {
  enum class Kind : std::uint8_t { null, scalar, sequence, mapping };
  Kind kind = Kind::null;
  bool quoted = false;      ///< scalar written in quotes or as a block: always text, never a number
  std::string text;         ///< scalar, as written
  std::vector<Node> items;  ///< sequence
  std::vector<Member> members;  ///< mapping, in document order, duplicates included
  Place place;

  [[nodiscard]] bool is_scalar() const { return kind == Kind::scalar; }
  [[nodiscard]] bool is_sequence() const { return kind == Kind::sequence; }
  [[nodiscard]] bool is_mapping() const { return kind == Kind::mapping; }

  /// First member of that key, or null. **Cost** linear in the number of members.
  [[nodiscard]] const Node* find(std::string_view key) const;
  [[nodiscard]] Node* find(std::string_view key);
};

/// One `key: value` of a mapping.
struct Member {
  std::string key;
  Place place;  ///< of the key
  Node value;
};

inline const Node* Node::find(std::string_view key) const {
  for (const Member& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

inline Node* Node::find(std::string_view key) {
  for (Member& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

/// The deepest node on the way to `path` ("timeline[2].at"): the node itself if it exists, else the
/// nearest one above it, so that a rule about an absent key still has a place.
[[nodiscard]] const Node& nearest_node(const Node& root, std::string_view path);

}  // namespace haldane::config
