#include "analysis/ingest/formats/json_scalars.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace haldane::analysis {

// What nlohmann's parser calls; names and signatures are its contract.
struct JsonScalarSink {
  using Json = nlohmann::json;
  static constexpr int depth_max = 32;

  JsonScalars& out;
  std::string path;
  std::vector<std::size_t> lengths;  // of the path outside each open object or array
  int arrays = 0;
  bool object_first = false;

  JsonScalar* next() {
    if (lengths.empty() || arrays > 0) return nullptr;
    if (out.count_ == out.scalars_.size()) out.scalars_.emplace_back();
    JsonScalar& scalar = out.scalars_[out.count_++];
    scalar.path = path;
    scalar.text.clear();
    scalar.number = 0;
    return &scalar;
  }
  bool put(JsonScalar::Kind kind, double value) {
    if (JsonScalar* scalar = next()) {
      scalar->kind = kind;
      scalar->number = value;
    }
    return true;
  }

  bool null() { return put(JsonScalar::Kind::null, 0); }
  bool boolean(bool value) { return put(JsonScalar::Kind::boolean, value ? 1 : 0); }
  bool number_integer(Json::number_integer_t value) {
    return put(JsonScalar::Kind::number, static_cast<double>(value));
  }
  bool number_unsigned(Json::number_unsigned_t value) {
    return put(JsonScalar::Kind::number, static_cast<double>(value));
  }
  bool number_float(Json::number_float_t value, const std::string& /*text*/) {
    return put(JsonScalar::Kind::number, value);
  }
  bool string(std::string& value) {
    if (JsonScalar* scalar = next()) {
      scalar->kind = JsonScalar::Kind::text;
      scalar->text = value;
    }
    return true;
  }
  static bool binary(Json::binary_t& /*value*/) { return false; }

  bool open() {
    lengths.push_back(path.size());
    return lengths.size() <= depth_max;
  }
  bool start_object(std::size_t /*elements*/) {
    object_first = object_first || lengths.empty();
    return open();
  }
  bool key(std::string& name) {
    path.resize(lengths.back());
    if (!path.empty()) path += '.';
    path += name;
    return true;
  }
  bool end_object() {
    path.resize(lengths.back());
    lengths.pop_back();
    return true;
  }
  bool start_array(std::size_t /*elements*/) {
    ++arrays;
    return !lengths.empty() && open();
  }
  bool end_array() {
    --arrays;
    return end_object();
  }
  static bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                          const Json::exception& /*error*/) {
    return false;
  }
};

bool JsonScalars::parse(std::string_view text) {
  count_ = 0;
  JsonScalarSink sink{*this, {}, {}, 0, false};
  return nlohmann::json::sax_parse(text.begin(), text.end(), &sink) && sink.object_first;
}

const JsonScalar* JsonScalars::find(std::string_view path) const {
  const auto scalars = all();
  const auto found =
      std::ranges::find_if(scalars, [path](const JsonScalar& s) { return s.path == path; });
  return found == scalars.end() ? nullptr : &*found;
}

std::string_view JsonScalars::text(std::string_view path) const {
  const JsonScalar* scalar = find(path);
  return scalar != nullptr && scalar->kind == JsonScalar::Kind::text ? scalar->text
                                                                     : std::string_view();
}

}  // namespace haldane::analysis
