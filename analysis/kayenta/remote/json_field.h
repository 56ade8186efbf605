// A JSON value together with its place in the document, for readers that report every problem by
// path, value and rule.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "sim/base/diagnostics.h"

namespace haldane::analysis::kayenta {

/// Collects problems up to a limit: a hostile document cannot make the report endless.
class FieldProblems {
 public:
  explicit FieldProblems(std::string file) : file_(std::move(file)) {}

  void add(std::string id, std::string path, std::string message, std::string hint = {});
  [[nodiscard]] bool empty() const { return count_ == 0; }
  /// What was collected, and how many more there were.
  [[nodiscard]] Diagnostics take();

 private:
  static constexpr std::size_t listed_max = 50;
  std::string file_;
  Diagnostics listed_;
  std::size_t count_ = 0;
};

/// One member or element. Absent and null are the same. Every reader returns whether it got a value
/// and reports a wrong type itself.
class Field {
 public:
  using Json = nlohmann::ordered_json;
  Field(const Json* json, std::string path, FieldProblems* problems)
      : json_(json != nullptr && json->is_null() ? nullptr : json),
        path_(std::move(path)),
        problems_(problems) {}

  [[nodiscard]] bool present() const { return json_ != nullptr; }
  [[nodiscard]] const Json* json() const { return json_; }
  [[nodiscard]] const std::string& path() const { return path_; }

  /// The member of that name; absent where this is absent or no object.
  [[nodiscard]] Field operator[](std::string_view name) const;
  /// The same, which must be there.
  [[nodiscard]] Field required(std::string_view name) const;
  /// The elements of an array; none where this is absent or something else.
  [[nodiscard]] std::vector<Field> elements() const;

  bool is_object() const;
  bool text(std::string& out) const;
  bool flag(bool& out) const;
  /// A finite number.
  bool number(double& out) const;
  bool number(std::optional<double>& out) const;
  /// A list of finite numbers and the text "NaN".
  bool values(std::vector<double>& out) const;

  void fail(std::string id, std::string message, std::string hint = {}) const;

 private:
  bool wrong(std::string_view wanted) const;
  bool value(const Json& element, std::size_t index, std::vector<double>& out) const;

  const Json* json_;
  std::string path_;
  FieldProblems* problems_;
};

/// A short, printable rendering of any JSON value.
[[nodiscard]] std::string excerpt_of(const nlohmann::ordered_json& json);

}  // namespace haldane::analysis::kayenta
