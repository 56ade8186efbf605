#include "config/document.h"

#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "config/quotes.h"
#include "config/utf8.h"

namespace haldane::config {
namespace {

/// Thrown through yaml-cpp to stop parsing; never leaves this file.
struct Abandoned {};

/// Builds the tree from yaml-cpp's events, which come before any alias is expanded.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(std::string_view text, std::shared_ptr<const Source> source, Problems& problems,
              const DocumentLimits& limits)
      : lines_(text), source_(std::move(source)), problems_(problems), limits_(limits) {}

  [[nodiscard]] Node take_root() { return std::move(root_); }
  [[nodiscard]] Place place_of(const YAML::Mark& mark) const {
    return {source_, mark.line < 0 ? 0 : mark.line + 1, mark.column < 0 ? 0 : mark.column + 1};
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (started_) {
      problems_.add("CFG-004", place_of(mark), {}, "only one document is allowed in a file",
                    "remove what follows the line ---");
      throw Abandoned{};
    }
    started_ = true;
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    refuse_anchor(mark, anchor);
    add(make_node(Node::Kind::null, mark));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    problems_.add("CFG-005", place_of(mark), {}, "aliases (*name) are not allowed",
                  "write the value out");
    add(make_node(Node::Kind::null, mark));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    Node node = make_node(Node::Kind::scalar, mark);
    node.quoted = tag == "!";
    if (node.quoted && !quote_is_closed(lines_.from(node.place.line, node.place.column))) {
      problems_.add("CFG-002", node.place, {}, "is not valid YAML: the quote is never closed");
      throw Abandoned{};
    }
    node.text = value;
    const bool is_null_word = !node.quoted && (value == "~" || value == "null" || value.empty());
    if (is_null_word) node.kind = Node::Kind::null;
    add(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(Node::Kind::sequence, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(Node::Kind::mapping, mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  /// A collection being filled. In a mapping keys and values alternate.
  struct Level {
    Node node;
    bool expects_key = true;
    std::set<std::string> keys;
  };

  Node make_node(Node::Kind kind, const YAML::Mark& mark) {
    if (++nodes_ > limits_.nodes_max) {
      problems_.add("CFG-007", place_of(mark), {},
                    fmt::format("the document has more than {} values", limits_.nodes_max));
      throw Abandoned{};
    }
    Node node;
    node.kind = kind;
    node.place = place_of(mark);
    return node;
  }

  void refuse_anchor(const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor == 0) return;
    problems_.add("CFG-005", place_of(mark), {}, "anchors (&name) are not allowed",
                  "write the value out where it is used");
  }

  void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    problems_.add("CFG-008", place_of(mark), {},
                  fmt::format("tags are not allowed, but here is {}", excerpt(tag)));
  }

  void open(Node::Kind kind, const YAML::Mark& mark, const std::string& tag,
            YAML::anchor_t anchor) {
    refuse_anchor(mark, anchor);
    refuse_tag(mark, tag);
    if (static_cast<int>(levels_.size()) >= limits_.depth_max) {
      problems_.add("CFG-006", place_of(mark), {},
                    fmt::format("is nested more than {} levels deep", limits_.depth_max));
      throw Abandoned{};
    }
    levels_.push_back({make_node(kind, mark), true, {}});
  }

  void close() {
    Node done = std::move(levels_.back().node);
    levels_.pop_back();
    add(std::move(done));
  }

  void add(Node node) {
    if (levels_.empty()) {
      root_ = std::move(node);
      return;
    }
    Level& level = levels_.back();
    if (level.node.is_sequence()) {
      level.node.items.push_back(std::move(node));
    } else if (level.expects_key) {
      add_key(level, node);
      level.expects_key = false;
    } else {
      level.node.members.back().value = std::move(node);
      level.expects_key = true;
    }
  }

  void add_key(Level& level, const Node& key) {
    if (!key.is_scalar()) {
      problems_.add("CFG-104", key.place, {}, "a key must be plain text");
    } else if (!level.keys.insert(key.text).second) {
      problems_.add("CFG-101", key.place, path_here(key.text),
                    fmt::format("key \"{}\" is given twice", excerpt(key.text)),
                    "keep one of them");
    }
    level.node.members.push_back({key.text, key.place, {}});
  }

  /// Path of a key of the innermost open mapping.
  [[nodiscard]] std::string path_here(const std::string& key) const {
    std::string path;
    for (std::size_t i = 0; i + 1 < levels_.size(); ++i) {
      const Node& node = levels_[i].node;
      if (node.is_sequence()) {
        path = join_path(path, node.items.size());
      } else if (!levels_[i].expects_key) {  // else this mapping stands where a key should
        path = join_path(path, node.members.back().key);
      }
    }
    return join_path(path, key);
  }

  LineIndex lines_;
  std::shared_ptr<const Source> source_;
  Problems& problems_;
  DocumentLimits limits_;
  std::vector<Level> levels_;
  Node root_;
  bool started_ = false;
  std::size_t nodes_ = 0;
};

/// Everything that can be said about the bytes before YAML looks at them.
bool is_text(std::string_view text, const std::shared_ptr<const Source>& source, Problems& problems,
             const DocumentLimits& limits) {
  if (text.size() > limits.bytes_max) {
    problems.add(
        "CFG-007", {source, 0, 0}, {},
        fmt::format("is too large: {} bytes, at most {} are read", text.size(), limits.bytes_max));
    return false;
  }
  if (const auto bad = find_non_text(text)) {
    problems.add("CFG-001", {source, bad->line, bad->column}, {},
                 fmt::format("is not UTF-8 text: {}", bad->what), "is this the right file?");
    return false;
  }
  return true;
}

void parse_events(std::istream& stream, TreeBuilder& builder, Problems& problems,
                  const Place& start) {
  YAML::Parser parser(stream);
  if (!parser || !parser.HandleNextDocument(builder)) {
    problems.add("CFG-003", start, {}, "the document is empty");
    return;
  }
  // The builder refuses a second document by itself.
  if (parser) parser.HandleNextDocument(builder);
}

}  // namespace

Node parse_document(std::string_view text, const std::shared_ptr<const Source>& source,
                    Problems& problems, const DocumentLimits& limits) {
  if (!is_text(text, source, problems, limits)) return {};
  const Place start{source, 1, 1};
  const std::size_t problems_before = problems.count();
  TreeBuilder builder(text, source, problems, limits);
  std::istringstream stream{std::string(text)};
  try {
    parse_events(stream, builder, problems, start);
  } catch (const Abandoned&) {
    return {};
  } catch (const YAML::Exception& error) {
    problems.add("CFG-002", builder.place_of(error.mark), {},
                 fmt::format("is not valid YAML: {}", excerpt(error.msg, 120)));
    return {};
  }
  Node root = builder.take_root();
  if (root.kind == Node::Kind::null && problems.count() == problems_before) {
    problems.add("CFG-003", start, {}, "the document is empty");
  }
  return root;
}

}  // namespace haldane::config
