#include "config/json_text.h"

#include <algorithm>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace haldane::config {
namespace {

using Json = nlohmann::ordered_json;

enum class Refusal { none, no_json, too_large_number, too_deep, too_many_members };

// The first pass: whether the text is JSON within the bounds. It keeps nothing but one count a
// level.
class Bounds : public nlohmann::json_sax<Json> {
 public:
  bool null() override { return true; }
  bool boolean(bool /*value*/) override { return true; }
  bool number_integer(number_integer_t /*value*/) override { return true; }
  bool number_unsigned(number_unsigned_t /*value*/) override { return true; }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override { return true; }
  bool string(string_t& /*value*/) override { return true; }
  bool binary(binary_t& /*value*/) override { return true; }
  bool start_object(std::size_t /*size*/) override { return enter(); }
  bool start_array(std::size_t /*size*/) override { return enter(); }
  bool end_object() override { return leave(); }
  bool end_array() override { return leave(); }
  bool key(string_t& /*name*/) override {
    comparisons_ += members_.back()++;
    return comparisons_ <= json_comparisons_max || refuse(Refusal::too_many_members);
  }
  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& error) override {
    byte_ = position;
    constexpr int out_of_range = 406;  // of the library's list of errors
    return refuse(error.id == out_of_range ? Refusal::too_large_number : Refusal::no_json);
  }

  [[nodiscard]] Refusal refusal() const { return refusal_; }
  [[nodiscard]] std::size_t byte() const { return byte_; }

 private:
  bool enter() {
    members_.push_back(0);
    return members_.size() <= json_depth_max || refuse(Refusal::too_deep);
  }
  bool leave() {
    members_.pop_back();
    return true;
  }
  bool refuse(Refusal why) {
    refusal_ = why;
    return false;
  }

  std::vector<std::size_t> members_;  // of each object or list that is open
  std::size_t comparisons_ = 0;
  std::size_t byte_ = 0;
  Refusal refusal_ = Refusal::none;
};

// The byte at which parsing stopped, as line and column.
void place(Diagnostic& problem, std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, byte > 0 ? byte - 1 : 0);
  problem.line = 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n'));
  const std::size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0
  problem.column = 1 + static_cast<int>(before.size() - line_start);
}

Diagnostic refused(const Bounds& bounds, std::string_view text, const std::string& file,
                   std::string_view family) {
  Diagnostic problem;
  problem.file = file;
  problem.id = fmt::format("{}-001", family);
  if (bounds.refusal() == Refusal::too_deep) {
    problem.id = fmt::format("{}-002", family);
    problem.message = fmt::format("is nested deeper than {} levels", json_depth_max);
  } else if (bounds.refusal() == Refusal::too_many_members) {
    problem.id = fmt::format("{}-003", family);
    problem.message = "has objects of too many members";
    problem.hint = "at most about 20000 in one object, fewer in each of several";
  } else if (bounds.refusal() == Refusal::too_large_number) {
    problem.message = "holds a number that is too large to be represented";
  } else {
    place(problem, text, std::min(bounds.byte(), text.size() + 1));
    problem.message =
        text.empty() ? "is empty, but must be a JSON object" : "is not JSON from here on";
  }
  return problem;
}

}  // namespace

Parsed<Json> parse_json(std::string_view text, const std::string& file, std::string_view family) {
  Bounds bounds;
  if (!Json::sax_parse(text.begin(), text.end(), &bounds))
    return Unexpected{Diagnostics{refused(bounds, text, file, family)}};
  return Json::parse(text.begin(), text.end());
}

}  // namespace haldane::config
