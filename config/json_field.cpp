#include "config/json_field.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "config/nearest.h"
#include "config/problems.h"

namespace haldane::config {

void JsonProblems::add(std::string id, std::string path, std::string message, std::string hint) {
  if (++count_ > listed_max) return;
  Diagnostic problem;
  problem.id = std::move(id);
  problem.file = file_;
  problem.path = std::move(path);
  problem.message = std::move(message);
  problem.hint = std::move(hint);
  listed_.push_back(std::move(problem));
}

void JsonProblems::add_all(const Diagnostics& problems, const std::string& path) {
  for (const Diagnostic& problem : problems) {
    const std::string place = problem.path.empty() ? path : path + "." + problem.path;
    add(problem.id, place, problem.message, problem.hint);
    if (count_ > listed_max) continue;
    listed_.back().line = problem.line;
    listed_.back().column = problem.column;
  }
}

Diagnostics JsonProblems::take() {
  if (count_ > listed_max) {
    Diagnostic more;
    more.id = id("900");
    more.file = file_;
    more.message = fmt::format("{} more problems are not listed", count_ - listed_max);
    listed_.push_back(std::move(more));
  }
  return std::move(listed_);
}

// Containers are named by kind: printing one could take as long as reading it.
std::string excerpt_of(const nlohmann::ordered_json& json) {
  if (json.is_object()) return "an object";
  if (json.is_array()) return "a list";
  if (json.is_string()) return "\"" + excerpt(json.get_ref<const std::string&>()) + "\"";
  return json.dump();
}

JsonField JsonField::operator[](std::string_view name) const {
  const std::string path = join_path(path_, name);
  if (json_ == nullptr || !json_->is_object()) return {nullptr, path, problems_};
  const auto found = json_->find(name);
  return {found == json_->end() ? nullptr : &*found, path, problems_};
}

JsonField JsonField::required(std::string_view name) const {
  JsonField field = (*this)[name];
  if (json_ != nullptr && json_->is_object() && !field.present()) {
    field.fail(problems_->id("101"), "is required, but is missing");
  }
  return field;
}

std::vector<JsonField> JsonField::elements() const {
  std::vector<JsonField> out;
  if (json_ == nullptr) return out;
  if (!json_->is_array()) {
    wrong("a list");
    return out;
  }
  out.reserve(json_->size());
  for (std::size_t i = 0; i < json_->size(); ++i) {
    out.emplace_back(&(*json_)[i], fmt::format("{}[{}]", path_, i), problems_);
    if (!out.back().present()) out.back().fail(problems_->id("102"), "must not be null");
  }
  return out;
}

void JsonField::only(std::initializer_list<std::string_view> names) const {
  if (json_ == nullptr || !json_->is_object()) return;
  for (const auto& [name, json] : json_->items()) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    problems_->add(problems_->id("104"), join_path(path_, excerpt(name)), "is not known",
                   suggest(name, names));
  }
}

bool JsonField::is_object() const {
  if (json_ == nullptr) return false;
  return json_->is_object() || wrong("an object");
}

bool JsonField::text(std::string& out) const {
  if (json_ == nullptr) return false;
  if (!json_->is_string()) return wrong("text");
  out = json_->get<std::string>();
  return true;
}

bool JsonField::flag(bool& out) const {
  if (json_ == nullptr) return false;
  if (!json_->is_boolean()) return wrong("true or false");
  out = json_->get<bool>();
  return true;
}

bool JsonField::number(double& out) const {
  if (json_ == nullptr) return false;
  if (!json_->is_number()) return wrong("a number");
  const double read = json_->get<double>();
  if (!std::isfinite(read)) {
    fail(problems_->id("103"), "must be finite, but was " + excerpt_of(*json_));
    return false;
  }
  out = read;
  return true;
}

bool JsonField::number(std::optional<double>& out) const {
  double read = 0;
  if (!number(read)) return false;
  out = read;
  return true;
}

bool JsonField::value(const Json& element, std::size_t index, std::vector<double>& out) const {
  if (element.is_number() && std::isfinite(element.get<double>())) {
    out.push_back(element.get<double>());
    return true;
  }
  if (element.is_string() && element.get_ref<const std::string&>() == "NaN") {
    out.push_back(std::numeric_limits<double>::quiet_NaN());
    return true;
  }
  problems_->add(problems_->id("103"), fmt::format("{}[{}]", path_, index),
                 "must be a finite number or \"NaN\", but was " + excerpt_of(element));
  return false;
}

bool JsonField::values(std::vector<double>& out) const {
  if (json_ == nullptr) return false;
  if (!json_->is_array()) return wrong("a list of numbers");
  out.reserve(json_->size());
  bool good = true;
  for (std::size_t i = 0; i < json_->size(); ++i) good = value((*json_)[i], i, out) && good;
  return good;
}

void JsonField::fail(std::string id, std::string message, std::string hint) const {
  problems_->add(std::move(id), path_, std::move(message), std::move(hint));
}

bool JsonField::wrong(std::string_view wanted) const {
  fail(problems_->id("102"), fmt::format("must be {}, but was {}", wanted, excerpt_of(*json_)));
  return false;
}

}  // namespace haldane::config
