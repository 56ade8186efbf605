#include "config/value.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/nearest.h"
#include "config/quantity.h"

namespace haldane::config {
namespace {

std::string_view problem_id(QuantityProblem::Kind kind) {
  switch (kind) {
    case QuantityProblem::Kind::non_finite:
      return "CFG-108";
    case QuantityProblem::Kind::too_large:
      return "CFG-107";
    case QuantityProblem::Kind::malformed:
    case QuantityProblem::Kind::not_whole:
      break;
  }
  return "CFG-106";
}

std::string show_seconds(double value) {
  return value == 0 ? "0" : format_duration(Duration::from_seconds(value));
}
std::string show_duration(Duration value) {
  return value == Duration{} ? "0" : format_duration(value);
}
std::string show_number(double value) {
  return fmt::format("{}", value);
}
std::string show_share(double value) {
  return fmt::format("{}%", value * 100);
}
std::string show_rate(double value) {
  return fmt::format("{}/s", value);
}
std::string show_bytes(double value) {
  return fmt::format("{}B", value);
}
std::string show_size(std::int64_t value) {
  return fmt::format("{}B", value);
}
std::string show_count(std::int64_t value) {
  return fmt::format("{}", value);
}

template <class T>
std::string describe(const Range<T>& range, std::string (*show)(T)) {
  std::string text;
  if (range.low) text = fmt::format("{} {}", range.above_low ? ">" : ">=", show(*range.low));
  if (range.high) {
    text += fmt::format("{}{} {}", range.low ? " and " : "",
                        range.below_high ? "<" : "<=", show(*range.high));
  }
  return text;
}

/// The common end of every quantity: report, check the range, store.
template <class T>
bool store(const Value& value, const std::string& written, const Expected<T, QuantityProblem>& read,
           const Range<T>& range, std::string (*show)(T), T& out) {
  if (!read) {
    value.fail(problem_id(read.error().kind), read.error().message, read.error().hint);
    return false;
  }
  if (!range.contains(*read)) {
    value.fail("CFG-107",
               fmt::format("must be {}, but was {}", describe(range, show), excerpt(written)));
    return false;
  }
  out = *read;
  return true;
}

std::string_view kind_name(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      return "empty";
    case Node::Kind::scalar:
      return "text";
    case Node::Kind::sequence:
      return "a list";
    case Node::Kind::mapping:
      return "a mapping";
  }
  return "nothing";
}

}  // namespace

bool Value::is_word(std::string_view word) const {
  return is_scalar() && node_->text == word;
}

std::string Value::as_written() const {
  return is_scalar() ? excerpt(node_->text)
                     : (present() ? std::string(kind_name(*node_)) : std::string());
}

void Value::fail(std::string_view id, std::string message, std::string hint) const {
  if (!present()) return;
  problems_->add(id, node_->place, path_, std::move(message), std::move(hint));
}

void Value::fail_type(std::string_view what, std::string hint) const {
  if (!present()) return;
  const std::string was = node_->is_scalar() ? fmt::format("\"{}\"", excerpt(node_->text))
                                             : std::string(kind_name(*node_));
  fail("CFG-104", fmt::format("must be {}, but was {}", what, was), std::move(hint));
}

const std::string* Value::scalar(std::string_view what, std::string_view hint) const {
  if (!present()) return nullptr;
  if (node_->is_scalar()) return &node_->text;
  fail_type(what, std::string(hint));
  return nullptr;
}

bool Value::text(std::string& out) const {
  constexpr std::size_t length_max = 10'000;
  const std::string* written = scalar("text", {});
  if (written == nullptr) return false;
  if (written->size() > length_max) {
    fail("CFG-107",
         fmt::format("must be at most {} bytes long, but has {}", length_max, written->size()));
    return false;
  }
  out = *written;
  return true;
}

bool Value::boolean(bool& out) const {
  const std::string* written = scalar("true or false", {});
  if (written == nullptr) return false;
  if (*written != "true" && *written != "false") {
    fail_type("true or false");
    return false;
  }
  out = *written == "true";
  return true;
}

bool Value::number(double& out, const Range<double>& range) const {
  const std::string* written = scalar("a number", "for example 1.5");
  if (written == nullptr) return false;
  return store(*this, *written, parse_number(*written), range, show_number, out);
}

bool Value::share(double& out, const Range<double>& range) const {
  const std::string* written = scalar("a share", "for example 5%");
  if (written == nullptr) return false;
  return store(*this, *written, parse_share(*written), range, show_share, out);
}

bool Value::rate(double& out, const Range<double>& range) const {
  const std::string* written = scalar("a rate", "for example 100/s");
  if (written == nullptr) return false;
  return store(*this, *written, parse_rate(*written), range, show_rate, out);
}

bool Value::seconds(double& out, const Range<double>& range) const {
  const std::string* written = scalar("a duration", "for example 250ms");
  if (written == nullptr) return false;
  return store(*this, *written, parse_seconds(*written), range, show_seconds, out);
}

bool Value::bytes(double& out, const Range<double>& range) const {
  const std::string* written = scalar("a size", "for example 4MiB");
  if (written == nullptr) return false;
  return store(*this, *written, parse_bytes(*written), range, show_bytes, out);
}

bool Value::duration(Duration& out, const Range<Duration>& range) const {
  const std::string* written = scalar("a duration", "for example 250ms");
  if (written == nullptr) return false;
  return store(*this, *written, parse_duration(*written), range, show_duration, out);
}

bool Value::size(std::int64_t& out, const Range<std::int64_t>& range) const {
  const std::string* written = scalar("a size", "for example 4MiB");
  if (written == nullptr) return false;
  return store(*this, *written, parse_size(*written), range, show_size, out);
}

bool Value::count(std::int64_t& out, const Range<std::int64_t>& range) const {
  const std::string* written = scalar("a count", "for example 24 or 500k");
  if (written == nullptr) return false;
  return store(*this, *written, parse_count(*written), range, show_count, out);
}

bool Value::count(std::uint32_t& out, std::uint32_t low, std::uint32_t high) const {
  std::int64_t wide = 0;
  if (!count(wide, between<std::int64_t>(low, high))) return false;
  out = static_cast<std::uint32_t>(wide);
  return true;
}

bool Value::seed(std::uint64_t& out) const {
  const std::string* written = scalar("a whole number", {});
  if (written == nullptr) return false;
  const auto read = parse_unsigned(*written);
  if (!read) {
    fail(problem_id(read.error().kind), read.error().message, read.error().hint);
    return false;
  }
  out = *read;
  return true;
}

std::optional<std::size_t> Value::choose(const std::vector<std::string_view>& names) const {
  const std::string* written = scalar(fmt::format("one of {}", fmt::join(names, ", ")), {});
  if (written == nullptr) return std::nullopt;
  const auto found = std::ranges::find(names, *written);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  const auto nearest = nearest_name(*written, names);
  fail("CFG-105",
       fmt::format("must be one of {}, but was \"{}\"", fmt::join(names, ", "), excerpt(*written)),
       nearest ? fmt::format("did you mean \"{}\"?", *nearest) : std::string());
  return std::nullopt;
}

Mapping Value::mapping() const {
  if (!present()) return {};
  if (node_->is_mapping()) return {node_, path_, problems_};
  // "key:value" without a space is one word in YAML, a mistake that looks right.
  const bool forgot_space = node_->is_scalar() && node_->text.find(':') != std::string::npos;
  fail_type("a mapping", forgot_space ? "write a space after the colon" : "");
  return {};
}

std::vector<Value> Value::elements() const {
  std::vector<Value> result;
  if (!present()) return result;
  if (!node_->is_sequence()) {
    fail_type("a list", "write [a, b] or lines that start with -");
    return result;
  }
  for (std::size_t i = 0; i < node_->items.size(); ++i) {
    result.emplace_back(&node_->items[i], join_path(path_, i), problems_);
  }
  return result;
}

Value Mapping::at(std::string_view key) {
  if (!present()) return {};
  asked_.emplace_back(key);
  problems_->note_key(path_, key);
  const Node* node = node_->find(key);
  return node == nullptr ? Value() : Value(node, join_path(path_, key), problems_);
}

Value Mapping::optional(std::string_view key) {
  Value value = at(key);
  if (value.present() && value.node_->kind == Node::Kind::null) {
    value.fail("CFG-103", "has no value", "give a value or remove the key");
    return {};
  }
  return value;
}

Value Mapping::required(std::string_view key) {
  Value value = optional(key);
  const bool missing = present() && node_->find(key) == nullptr;
  if (missing) {
    problems_->add("CFG-103", node_->place, join_path(path_, key), "is required, but is missing");
  }
  return value;
}

std::pair<std::string_view, Value> Mapping::exactly_one(const std::vector<std::string_view>& keys) {
  std::vector<std::pair<std::string_view, Value>> found;
  for (const std::string_view key : keys) {
    Value value = optional(key);
    if (value.present()) found.emplace_back(key, value);
  }
  if (!present()) return {};
  if (found.size() == 1) return found.front();
  if (found.size() > 1) {
    fail("CFG-109", fmt::format("must have exactly one of {}, but has {}", fmt::join(keys, ", "),
                                found.size()));
    return {};
  }
  // An unknown key, or a known one without a value, is reported on its own and explains the
  // absence.
  const bool explained = std::ranges::any_of(node_->members, [&](const Member& member) {
    const bool asked = std::ranges::find(asked_, member.key) != asked_.end();
    return !asked || std::ranges::find(keys, member.key) != keys.end();
  });
  if (!explained) fail("CFG-103", fmt::format("must have one of {}", fmt::join(keys, ", ")));
  return {};
}

void Mapping::finish() {
  if (!present()) return;
  const std::vector<std::string_view> known(asked_.begin(), asked_.end());
  for (const Member& member : node_->members) {
    if (std::ranges::find(known, member.key) != known.end()) continue;
    problems_->add("CFG-102", member.place, join_path(path_, member.key),
                   fmt::format("unknown key \"{}\"", excerpt(member.key)),
                   suggest(member.key, known));
  }
}

void Mapping::fail(std::string_view id, std::string message, std::string hint) const {
  if (!present()) return;
  problems_->add(id, node_->place, path_, std::move(message), std::move(hint));
}

void Mapping::fail_key(std::string_view key, std::string_view id, std::string message,
                       std::string hint) const {
  if (!present()) return;
  const Node* node = node_->find(key);
  problems_->add(id, node == nullptr ? node_->place : node->place, join_path(path_, key),
                 std::move(message), std::move(hint));
}

}  // namespace haldane::config
