#include "models/workload/user_formats.h"

#include "sim/base/hash.h"
#include "sim/random/philox.h"

namespace haldane::models {
namespace {

std::vector<std::uint64_t> cumulated(const std::vector<FormatSpec>& formats) {
  double all = 0;
  for (const FormatSpec& format : formats) all += format.share;
  double passed = 0;
  std::vector<std::uint64_t> below;
  for (const FormatSpec& format : formats) {
    passed += format.share;
    below.push_back(sim::to_threshold(passed / all));
  }
  return below;
}

}  // namespace

UserFormats::UserFormats(const TrafficSpec& traffic) {
  std::uint32_t first = 0;
  const auto add = [&](const ObjectsSpec& objects) {
    if (objects.forms() > 1)
      catalogues_.push_back({first, objects.lasting(), cumulated(objects.formats)});
    first += objects.count;
  };
  if (traffic.classes.empty()) add(traffic.objects);
  for (const TrafficClassSpec& each : traffic.classes) add(each.objects);
}

// The user's word is mixed: it decides the arm of a canary as well, of which formats are
// independent. Catalogues of the same shares agree on a user.
std::uint32_t UserFormats::object_for(std::uint64_t user, std::uint32_t object) const {
  const std::uint64_t place = mix(user + 0x7f4a7c159e3779b9ULL) >> 32;
  for (const Catalogue& each : catalogues_) {
    const std::uint32_t at = object - each.first;  // huge where it lies before
    const auto formats = static_cast<std::uint32_t>(each.below.size());
    if (at >= each.objects * formats) continue;
    std::uint32_t format = 0;
    while (format + 1 < formats && place >= each.below[format]) ++format;
    return each.first + format * each.objects + at % each.objects;
  }
  return object;
}

}  // namespace haldane::models
