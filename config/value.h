// Walks a document by key and turns nodes into values, recording every problem instead of stopping
// at the first.
//
// A reader asks a Mapping for each key it knows, writes through references, and calls finish();
// what was not asked for is an unknown key. Absent or bad values leave the target as it was, so
// that a reader is a plain list of lines without branches, and defaults live in the structs that
// are filled:
//
//   config::Mapping cache = edge.required("cache").mapping();
//   cache.required("policy").choice<CachePolicy>(out.policy, {{"lru", CachePolicy::lru}});
//   cache.optional("ttl").duration(out.ttl, config::positive<Duration>());
//   cache.finish();
//
// Values keep pointers into the Node tree and to the Problems: both must outlive them.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/node.h"
#include "config/problems.h"
#include "sim/base/time.h"

namespace haldane::config {

/// What a quantity may be. Both ends are inclusive unless said otherwise.
template <class T>
struct Range {
  std::optional<T> low;
  std::optional<T> high;
  bool above_low = false;   ///< low itself is outside
  bool below_high = false;  ///< high itself is outside

  [[nodiscard]] bool contains(const T& value) const {
    if (low && (above_low ? !(value > *low) : value < *low)) return false;
    return !high || !(below_high ? value >= *high : value > *high);
  }
};

template <class T>
[[nodiscard]] Range<T> any() {
  return {};
}
template <class T>
[[nodiscard]] Range<T> positive() {
  return {T{}, std::nullopt, true, false};
}
template <class T>
[[nodiscard]] Range<T> at_least(T low) {
  return {low, std::nullopt, false, false};
}
template <class T>
[[nodiscard]] Range<T> between(T low, T high) {
  return {low, high, false, false};
}
/// (low, high]
template <class T>
[[nodiscard]] Range<T> above_to(T low, T high) {
  return {low, high, true, false};
}
/// [low, high)
template <class T>
[[nodiscard]] Range<T> from_below(T low, T high) {
  return {low, high, false, true};
}
/// (low, high)
template <class T>
[[nodiscard]] Range<T> inside(T low, T high) {
  return {low, high, true, true};
}

class Mapping;

/// A place in the document that may or may not hold something. Every reading member does nothing on
/// an absent value. **Returns** (of reading members) true when `out` was set. **Errors** are
/// recorded: CFG-104 wrong type, CFG-105 not one of the choices, CFG-106 no quantity of that kind
/// or wrong unit, CFG-107 out of range, CFG-108 not finite.
class Value {
 public:
  Value() = default;
  Value(const Node* node, std::string path, Problems* problems)
      : node_(node), path_(std::move(path)), problems_(problems) {}

  [[nodiscard]] bool present() const { return node_ != nullptr; }
  /// The value is this bare or quoted word, such as `none`.
  [[nodiscard]] bool is_word(std::string_view word) const;
  [[nodiscard]] bool is_mapping() const { return present() && node_->is_mapping(); }
  [[nodiscard]] bool is_scalar() const { return present() && node_->is_scalar(); }
  [[nodiscard]] const std::string& path() const { return path_; }
  /// The list or mapping or text behind it. **Domain** present.
  [[nodiscard]] const Node& node() const { return *node_; }
  /// Where it stands; **Domain** present.
  [[nodiscard]] const Place& place() const { return node_->place; }
  /// As written, shortened: for messages. Empty when absent.
  [[nodiscard]] std::string as_written() const;

  bool text(std::string& out) const;
  bool boolean(bool& out) const;
  bool number(double& out, const Range<double>& range) const;
  bool share(double& out, const Range<double>& range) const;
  bool rate(double& out, const Range<double>& range) const;     ///< per second
  bool seconds(double& out, const Range<double>& range) const;  ///< a duration as a real number
  bool bytes(double& out, const Range<double>& range) const;    ///< a size as a real number
  bool duration(Duration& out, const Range<Duration>& range) const;
  bool size(std::int64_t& out, const Range<std::int64_t>& range) const;
  bool count(std::int64_t& out, const Range<std::int64_t>& range) const;
  bool count(std::uint32_t& out, std::uint32_t low, std::uint32_t high) const;
  bool seed(std::uint64_t& out) const;

  /// One of a fixed set of words.
  template <class E>
  bool choice(E& out, std::initializer_list<std::pair<std::string_view, E>> choices) const {
    std::vector<std::string_view> names;
    for (const auto& entry : choices) names.push_back(entry.first);
    const std::optional<std::size_t> index = choose(names);
    if (index) out = (choices.begin() + static_cast<std::ptrdiff_t>(*index))->second;
    return index.has_value();
  }
  /// Index of the word among `names`; **Errors** CFG-105 with the nearest one.
  [[nodiscard]] std::optional<std::size_t> choose(const std::vector<std::string_view>& names) const;

  /// The mapping held, or an absent one (whose members are all absent) after reporting.
  [[nodiscard]] Mapping mapping() const;
  /// The list held; empty when absent or, after reporting, when it is none.
  [[nodiscard]] std::vector<Value> elements() const;

  /// Records a problem of the caller's own at this place, e.g. fail("POL-201", "must ...").
  void fail(std::string_view id, std::string message, std::string hint = {}) const;
  /// Records CFG-104: "must be <what>, but was ...".
  void fail_type(std::string_view what, std::string hint = {}) const;

 private:
  friend class Mapping;
  /// Scalar text, or null after reporting that the value is no `what`.
  [[nodiscard]] const std::string* scalar(std::string_view what, std::string_view hint) const;

  const Node* node_ = nullptr;
  std::string path_;
  Problems* problems_ = nullptr;
};

/// A mapping being read. Absent mappings give absent values and report nothing.
class Mapping {
 public:
  Mapping() = default;
  Mapping(const Node* node, std::string path, Problems* problems)
      : node_(node), path_(std::move(path)), problems_(problems) {}

  [[nodiscard]] bool present() const { return node_ != nullptr; }
  [[nodiscard]] const std::string& path() const { return path_; }

  /// The value of a key, absent if the key is. **Errors** CFG-103 when the key has no value.
  [[nodiscard]] Value optional(std::string_view key);
  /// **Errors** CFG-103 when the key is missing.
  [[nodiscard]] Value required(std::string_view key);
  /// Of several keys exactly one must be there. **Returns** it with its name; absent after
  /// reporting CFG-103 (none) or CFG-109 (several).
  [[nodiscard]] std::pair<std::string_view, Value> exactly_one(
      const std::vector<std::string_view>& keys);

  /// Reports every key that was never asked for: CFG-102 with the nearest known key.
  void finish();

  /// Records a problem of the caller's own about the mapping as a whole, or about one of its keys.
  void fail(std::string_view id, std::string message, std::string hint = {}) const;
  void fail_key(std::string_view key, std::string_view id, std::string message,
                std::string hint = {}) const;

 private:
  [[nodiscard]] Value at(std::string_view key);

  const Node* node_ = nullptr;
  std::string path_;
  Problems* problems_ = nullptr;
  std::vector<std::string> asked_;
};

}  // namespace haldane::config
