// A JSON value together with its place in the document, for readers that report every problem by
// path, value and rule.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "sim/base/diagnostics.h"

namespace haldane::config {

/// Collects problems up to a limit: a hostile document cannot make the report endless.
class JsonProblems {
 public:
  /// `family` begins the ids of what a JsonField finds itself: "KAY" gives KAY-101.
  JsonProblems(std::string file, std::string family)
      : file_(std::move(file)), family_(std::move(family)) {}

  void add(std::string id, std::string path, std::string message, std::string hint = {});
  /// The problems of another reader, their paths below `path`, in lines of the text that it read.
  void add_all(const Diagnostics& problems, const std::string& path);
  [[nodiscard]] std::string id(std::string_view number) const {
    return family_ + "-" + std::string(number);
  }
  [[nodiscard]] bool empty() const { return count_ == 0; }
  /// What was collected, and how many more there were.
  [[nodiscard]] Diagnostics take();

 private:
  static constexpr std::size_t listed_max = 50;
  std::string file_;
  std::string family_;
  Diagnostics listed_;
  std::size_t count_ = 0;
};

/// One member or element. Absent and null are the same. Every reader returns whether it got a value
/// and reports a wrong type itself. **Errors** recorded, with the family's name before the number:
/// 101 missing, 102 another type, 103 no finite number where one is needed, 104 an unknown member.
class JsonField {
 public:
  using Json = nlohmann::ordered_json;
  JsonField(const Json* json, std::string path, JsonProblems* problems)
      : json_(json != nullptr && json->is_null() ? nullptr : json),
        path_(std::move(path)),
        problems_(problems) {}

  [[nodiscard]] bool present() const { return json_ != nullptr; }
  [[nodiscard]] const Json* json() const { return json_; }
  [[nodiscard]] const std::string& path() const { return path_; }

  /// The member of that name; absent where this is absent or no object.
  [[nodiscard]] JsonField operator[](std::string_view name) const;
  /// The same, which must be there.
  [[nodiscard]] JsonField required(std::string_view name) const;
  /// The elements of an array; none where this is absent or something else.
  [[nodiscard]] std::vector<JsonField> elements() const;
  /// Reports every member that is not among `names`, with the nearest of them.
  void only(std::initializer_list<std::string_view> names) const;

  bool is_object() const;
  bool text(std::string& out) const;
  bool flag(bool& out) const;
  /// A finite number.
  bool number(double& out) const;
  bool number(std::optional<double>& out) const;
  /// A list of finite numbers and the text "NaN".
  bool values(std::vector<double>& out) const;

  void fail(std::string id, std::string message, std::string hint = {}) const;
  /// Records 102: "must be <wanted>, but was ...". **Returns** false.
  bool wrong(std::string_view wanted) const;

 private:
  bool value(const Json& element, std::size_t index, std::vector<double>& out) const;

  const Json* json_;
  std::string path_;
  JsonProblems* problems_;
};

/// A short, printable rendering of any JSON value.
[[nodiscard]] std::string excerpt_of(const nlohmann::ordered_json& json);

}  // namespace haldane::config
