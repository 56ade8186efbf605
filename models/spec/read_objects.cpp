// `traffic.objects` and `traffic.classes`: the catalogues that requests choose from.
#include <algorithm>
#include <numeric>
#include <string>

#include <fmt/format.h>

#include "models/spec/read_law.h"
#include "models/spec/sections.h"

namespace haldane::models {
namespace {

using config::Mapping;

void read_popularity(const Value& value, ObjectsSpec& out) {
  if (!value.present() || value.is_word("uniform")) return;
  if (!value.is_mapping()) {
    value.fail_type("uniform or a mapping", "for example {zipf: 0.9}");
    return;
  }
  Mapping popularity = value.mapping();
  popularity.required("zipf").number(out.zipf_exponent, config::between(0.0, 20.0));
  popularity.finish();
}

bool is_class_name(std::string_view name) {
  return !name.empty() && name.size() <= 40 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

void read_class(const Value& value, const std::string& name, const FileReader& files,
                TrafficClassSpec& out) {
  out.name = name;
  if (!is_class_name(name)) {
    value.fail("SCN-460",
               "the name of a class must be 1 to 40 lower-case letters, digits, hyphens and "
               "underscores");
  }
  Mapping one = value.mapping();
  one.required("share").share(out.share, config::between(1e-6, 1.0));
  read_objects(one.required("objects"), files, out.objects);
  one.finish();
}

void check_classes(const Value& value, const std::vector<TrafficClassSpec>& classes) {
  double shares = 0;
  double objects = 0;
  std::size_t sized = 0;
  for (const TrafficClassSpec& each : classes) {
    shares += each.share;
    objects += each.objects.count;
    sized += each.objects.size ? 1U : 0U;
  }
  if (shares < 0.999 || shares > 1.001) {
    value.fail("SCN-461",
               fmt::format("shares must add up to 100%, but do to {:.4g}%", 100 * shares));
  }
  if (objects > ScenarioLimits::objects_max) {
    value.fail("SCN-462", fmt::format("must have at most {} objects in all, but have {}",
                                      ScenarioLimits::objects_max, objects));
  }
  if (sized > 0 && sized < classes.size()) {
    value.fail("SCN-463", "must have sizes of objects in every class, or in none",
               "bytes of objects with and without a size cannot be added up");
  }
}

}  // namespace

void read_objects(const Value& value, const FileReader& files, ObjectsSpec& out) {
  Mapping objects = value.mapping();
  objects.required("count").count(out.count, 1, ScenarioLimits::objects_max);
  read_popularity(objects.optional("popularity"), out);
  const Value size = objects.optional("size");
  LawSpec law;
  if (read_law(size, LawUnit::bytes, files, law)) out.size = law;
  objects.finish();
}

void read_classes(const Value& value, const FileReader& files, TrafficSpec& out) {
  if (!value.present()) return;
  Mapping classes = value.mapping();
  if (!classes.present()) return;
  const std::vector<config::Member>& members = value.node().members;
  if (members.empty() || members.size() > ScenarioLimits::classes_max) {
    value.fail("CFG-107", fmt::format("must have 1 to {} classes, but has {}",
                                      ScenarioLimits::classes_max, members.size()));
    return;
  }
  bool good = true;
  for (const config::Member& member : members) {
    const Value one = classes.required(member.key);
    good = one.is_mapping() && good;
    read_class(one, member.key, files, out.classes.emplace_back());
  }
  if (good) check_classes(value, out.classes);
  out.objects = {};
  out.objects.count = std::accumulate(
      out.classes.begin(), out.classes.end(), 0U,
      [](std::uint32_t sum, const TrafficClassSpec& one) { return sum + one.objects.count; });
  out.objects.size = out.classes.front().objects.size;
}

}  // namespace haldane::models
