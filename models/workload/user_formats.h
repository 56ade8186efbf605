// The format in which a user asks for all that has several: what a browser accepts does not change
// from one request to the next.
#pragma once

#include <cstdint>
#include <vector>

#include "models/spec/scenario.h"

namespace haldane::models {

/// Over all users, each format keeps its share of the requests. **Determinism** depends on the
/// arguments only.
class UserFormats {
 public:
  /// **Domain** `traffic` was read without complaint.
  explicit UserFormats(const TrafficSpec& traffic);

  /// Whether anything has several formats.
  [[nodiscard]] bool any() const { return !catalogues_.empty(); }
  /// The same content in the format of a user, who is 32 bits. **Cost** O(catalogues + formats).
  [[nodiscard]] std::uint32_t object_for(std::uint64_t user, std::uint32_t object) const;

 private:
  struct Catalogue {
    std::uint32_t first;
    std::uint32_t objects;             // in each format
    std::vector<std::uint64_t> below;  // of 2^32: users of each format and those before it
  };
  std::vector<Catalogue> catalogues_;  // those with several
};

}  // namespace haldane::models
