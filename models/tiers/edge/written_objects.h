// Until when content that was fetched for a site's cache is out of date, object by object: until
// the last result of a job that reached the site.
//
// A fetch is known by when its client first asked, which is when it began, unless it is a retry or
// was held back before. Taking the earlier time for its beginning errs on the side of not storing
// what may be old.
#pragma once

#include <cstdint>
#include <vector>

namespace haldane::models {

/// **Units** ticks of the site. **Cost** 4 bytes an object.
class WrittenObjects {
 public:
  explicit WrittenObjects(std::uint32_t objects) : first_current_(objects) {}

  /// **Domain** tick below the greatest number; never decreases for an object.
  void write(std::uint32_t object, std::uint32_t tick) { first_current_[object] = tick + 1; }
  /// Whether content that was asked for at `tick` was written over since, or may have been.
  [[nodiscard]] bool outdates(std::uint32_t object, std::uint32_t tick) const {
    return tick < first_current_[object];
  }

 private:
  std::vector<std::uint32_t> first_current_;
};

}  // namespace haldane::models
