#include "models/workload/format_table.h"

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

FormatTable::FormatTable(const TrafficSpec& traffic) {
  if (traffic.classes.empty()) add(traffic.objects, 0);
  std::uint32_t first = 0;
  for (const TrafficClassSpec& each : traffic.classes) {
    add(each.objects, first);
    first += each.objects.count;
  }
}

void FormatTable::add(const ObjectsSpec& objects, std::uint32_t first) {
  if (objects.forms() > 1)
    catalogues_.push_back({first, objects.lasting(), cumulated(objects.formats)});
}

// The user's word is mixed: it decides the arm of a canary as well, of which formats are
// independent. Catalogues of the same shares agree on a user.
std::uint32_t FormatTable::object_for(std::uint64_t user, std::uint32_t object) const {
  const Catalogue* of = catalogue_of(object);
  if (of == nullptr) return object;
  const std::uint64_t place = mix(user + 0x7f4a7c159e3779b9ULL) >> 32;
  std::uint32_t format = 0;
  while (format + 1 < of->formats() && place >= of->below[format]) ++format;
  return first_of(object) + format * of->objects;
}

}  // namespace haldane::models
