// Which objects are the same content in other formats, and in which of them a user asks for it.
#pragma once

#include <cstdint>
#include <vector>

#include "models/spec/scenario.h"

namespace haldane::models {

/// **Determinism** depends on the arguments only.
class FormatTable {
 public:
  FormatTable() = default;
  /// **Domain** `traffic` was read without complaint.
  explicit FormatTable(const TrafficSpec& traffic);

  /// Whether anything has several formats.
  [[nodiscard]] bool any() const { return !catalogues_.empty(); }

  /// The object's content in the first format; itself where there is one only. **Cost** a
  /// comparison a catalogue with formats.
  [[nodiscard]] std::uint32_t first_of(std::uint32_t object) const {
    const Catalogue* of = catalogue_of(object);
    return of == nullptr ? object : of->first + (object - of->first) % of->objects;
  }
  /// Calls `visit` with each of the objects that are this one's content.
  template <class Visit>
  void visit_all(std::uint32_t object, const Visit& visit) const {
    const Catalogue* of = catalogue_of(object);
    if (of == nullptr) return visit(object);
    const std::uint32_t first = first_of(object);
    for (std::uint32_t format = 0; format < of->formats(); ++format)
      visit(first + format * of->objects);
  }
  /// The same content in the format of a user, who is 32 bits: what a browser accepts does not
  /// change from one request to the next. Over all users, each format keeps its share of the
  /// requests. **Cost** O(catalogues + formats).
  [[nodiscard]] std::uint32_t object_for(std::uint64_t user, std::uint32_t object) const;

 private:
  struct Catalogue {
    std::uint32_t first;
    std::uint32_t objects;             // in each format
    std::vector<std::uint64_t> below;  // of 2^32: users of each format and those before it

    [[nodiscard]] std::uint32_t formats() const { return static_cast<std::uint32_t>(below.size()); }
  };
  void add(const ObjectsSpec& objects, std::uint32_t first);
  // Null for what has one format only.
  [[nodiscard]] const Catalogue* catalogue_of(std::uint32_t object) const {
    for (const Catalogue& each : catalogues_) {  // the difference is huge where it lies before
      if (object - each.first < each.objects * each.formats()) return &each;
    }
    return nullptr;
  }
  std::vector<Catalogue> catalogues_;  // those with several
};

}  // namespace haldane::models
