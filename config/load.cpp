#include "config/load.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace haldane::config {
namespace {

class Loader {
 public:
  Loader(const LoadOptions& options, Problems& problems) : options_(options), problems_(problems) {}

  /// `text` of the file `name` over its bases.
  Node load(std::string_view text, const std::string& name) {
    const auto rank = static_cast<int>(names_.size());
    names_.push_back(name);
    const auto source = std::make_shared<const Source>(Source{name, rank, name});
    const std::size_t problems_before = problems_.count();
    Node root = parse_document(text, source, problems_, options_.limits);
    if (root.kind != Node::Kind::mapping) {
      if (problems_.count() == problems_before) {
        problems_.add("CFG-104", root.place, {}, "the document must be a mapping (key: value)");
      }
      return {};
    }
    return options_.allow_extends ? over_base(std::move(root), name) : root;
  }

 private:
  Node over_base(Node root, const std::string& name) {
    const Node* extends = root.find("extends");
    if (extends == nullptr) return root;
    const Node wanted = *extends;
    std::erase_if(root.members, [](const Member& member) { return member.key == "extends"; });
    const auto base = read_base(wanted, name);
    if (!base) return root;
    Node below = load(base->second, base->first);
    return below.is_mapping() ? merge(std::move(below), std::move(root), options_.alternatives)
                              : root;
  }

  /// Path and content of the base that `wanted` names.
  std::optional<std::pair<std::string, std::string>> read_base(const Node& wanted,
                                                               const std::string& name) {
    const auto refuse = [&](std::string_view id, std::string message) {
      problems_.add(id, wanted.place, "extends", std::move(message));
      return std::nullopt;
    };
    if (!wanted.is_scalar()) return refuse("CFG-104", "must be the path of a file");
    if (!options_.files) return refuse("CFG-301", "other files cannot be read from here");
    const std::string path = resolve_beside(name, wanted.text);
    if (std::ranges::find(names_, path) != names_.end()) {
      return refuse("CFG-303", fmt::format("leads back to {}", excerpt(path)));
    }
    if (static_cast<int>(names_.size()) > options_.extends_max) {
      return refuse("CFG-304",
                    fmt::format("more than {} files extend each other", options_.extends_max));
    }
    auto content = options_.files(path, options_.limits.bytes_max);
    if (!content) {
      return refuse("CFG-302", fmt::format("{} {}", excerpt(path, 200), content.error().message));
    }
    return std::pair(path, std::move(*content));
  }

  const LoadOptions& options_;
  Problems& problems_;
  std::vector<std::string> names_;
};

}  // namespace

Node load_document(std::string_view text, const std::string& name,
                   std::span<const std::string> overrides, const LoadOptions& options,
                   Problems& problems) {
  Node root = Loader(options, problems).load(text, name);
  if (root.is_mapping()) apply_overrides(root, overrides, options.alternatives, problems);
  return root;
}

}  // namespace haldane::config
