#include "config/merge.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "config/document.h"

namespace haldane::config {
namespace {

bool is_alternative(const Alternatives& alternatives, std::string_view key) {
  return std::ranges::find(alternatives, key) != alternatives.end();
}

/// The member of that key, made (as an absent value) when it is not there.
Node& member_for(Node& mapping, std::string_view key, const Place& place,
                 const Alternatives& alternatives) {
  if (is_alternative(alternatives, key)) {
    std::erase_if(mapping.members, [&](const Member& member) {
      return member.key != key && is_alternative(alternatives, member.key);
    });
  }
  if (Node* found = mapping.find(key)) return *found;
  Node fresh;
  fresh.place = place;
  mapping.members.push_back({std::string(key), place, std::move(fresh)});
  return mapping.members.back().value;
}

/// A step of a path: a key or an element.
using Step = std::variant<std::string, std::size_t>;

std::optional<std::size_t> read_index(std::string_view text) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return index;
}

/// "timeline[2].at" into its steps; empty when it is no path.
std::optional<std::vector<Step>> split_path(std::string_view path) {
  std::vector<Step> steps;
  std::string_view rest = path;
  bool expects_key = true;
  while (!rest.empty()) {
    if (!expects_key && rest.front() == '[') {
      const std::size_t end = rest.find(']');
      if (end == std::string_view::npos) return std::nullopt;
      const auto index = read_index(rest.substr(1, end - 1));
      if (!index) return std::nullopt;
      steps.emplace_back(*index);
      rest.remove_prefix(end + 1);
      continue;
    }
    if (!expects_key) {
      if (rest.front() != '.') return std::nullopt;
      rest.remove_prefix(1);
    }
    const std::string_view key = rest.substr(0, rest.find_first_of(".[]"));
    if (key.empty()) return std::nullopt;
    steps.emplace_back(std::string(key));
    rest.remove_prefix(key.size());
    expects_key = false;
  }
  if (steps.empty() || steps.size() > 64) return std::nullopt;
  return steps;
}

/// Walks `steps` from the root, creating mappings on the way.
class Walker {
 public:
  Walker(const Place& place, const Alternatives& alternatives, Problems& problems)
      : place_(place), alternatives_(alternatives), problems_(problems) {}

  Node* walk(Node& root, const std::vector<Step>& steps) {
    Node* here = &root;
    for (const Step& step : steps) {
      const auto* key = std::get_if<std::string>(&step);
      here = key != nullptr ? into_key(*here, *key) : into_element(*here, std::get<1>(step));
      if (here == nullptr) return nullptr;
    }
    return here;
  }

 private:
  Node* into_key(Node& node, const std::string& key) {
    if (node.kind == Node::Kind::null) {
      node.kind = Node::Kind::mapping;
      node.place = place_;
    }
    if (!node.is_mapping()) {
      refuse("CFG-202", fmt::format("has no key \"{}\", because it is {}", excerpt(key),
                                    node.is_scalar() ? fmt::format("\"{}\"", excerpt(node.text))
                                                     : std::string("a list")));
      return nullptr;
    }
    path_ = join_path(path_, key);
    return &member_for(node, key, place_, alternatives_);
  }

  Node* into_element(Node& node, std::size_t index) {
    if (node.kind == Node::Kind::null) {
      node.kind = Node::Kind::sequence;
      node.place = place_;
    }
    if (!node.is_sequence()) {
      refuse("CFG-202", fmt::format("has no element [{}], because it is no list", index));
      return nullptr;
    }
    if (index > node.items.size()) {
      refuse("CFG-203",
             fmt::format("has no element [{}]: the list has {}", index, node.items.size()));
      return nullptr;
    }
    if (index == node.items.size()) {
      node.items.emplace_back();
      node.items.back().place = place_;
    }
    path_ = join_path(path_, index);
    return &node.items[index];
  }

  void refuse(std::string_view id, std::string message) {
    problems_.add(id, place_, path_, std::move(message));
  }

  const Place& place_;
  const Alternatives& alternatives_;
  Problems& problems_;
  std::string path_;
};

/// A value given on the command line has no line of its own.
void forget_lines(Node& node) {
  node.place.line = 0;
  node.place.column = 0;
  for (Node& item : node.items) forget_lines(item);
  for (Member& member : node.members) {
    member.place.line = 0;
    member.place.column = 0;
    forget_lines(member.value);
  }
}

void apply_one(Node& root, const std::string& override_text, int rank,
               const Alternatives& alternatives, Problems& problems) {
  const std::string base = root.place.source ? root.place.source->base : std::string();
  const Place place{std::make_shared<const Source>(Source{"--set", rank, base}), 0, 0};
  const std::size_t equals = override_text.find('=');
  const auto steps = equals == std::string::npos
                         ? std::nullopt
                         : split_path(std::string_view(override_text).substr(0, equals));
  if (!steps) {
    problems.add("CFG-201", place, {},
                 fmt::format("must be path=value, but was \"{}\"", excerpt(override_text)),
                 "for example api.replicas=12 or timeline[0].at=5m");
    return;
  }
  const std::string_view text = std::string_view(override_text).substr(equals + 1);
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    problems.add("CFG-201", place, override_text.substr(0, equals), "has no value after =");
    return;
  }
  Problems value_problems;
  Node value = parse_document(text, place.source, value_problems);
  if (!value_problems.empty()) {
    for (Diagnostic& found : value_problems.take()) {
      problems.add(found.id, place, override_text.substr(0, equals), found.message, found.hint);
    }
    return;
  }
  forget_lines(value);
  Walker walker(place, alternatives, problems);
  if (Node* target = walker.walk(root, *steps)) *target = std::move(value);
}

}  // namespace

Node merge(Node base, Node overlay, const Alternatives& alternatives) {
  if (!base.is_mapping() || !overlay.is_mapping()) return overlay;
  base.place = overlay.place;
  for (Member& member : overlay.members) {
    Node& target = member_for(base, member.key, member.place, alternatives);
    target = merge(std::move(target), std::move(member.value), alternatives);
  }
  return base;
}

void apply_overrides(Node& root, std::span<const std::string> overrides,
                     const Alternatives& alternatives, Problems& problems) {
  int rank = 1'000;
  for (const std::string& text : overrides) {
    apply_one(root, text, rank++, alternatives, problems);
  }
}

}  // namespace haldane::config
