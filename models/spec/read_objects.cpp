// `traffic.objects` and `traffic.classes`: the catalogues that requests choose from.
#include <algorithm>
#include <functional>
#include <string>

#include <fmt/format.h>

#include "models/spec/read_law.h"
#include "models/spec/read_samples.h"
#include "models/spec/sections.h"

namespace haldane::models {
namespace {

using config::Mapping;

constexpr double smallest_share = 1e-6;

void read_weights(const Value& value, const FileReader& files, ObjectsSpec& out) {
  if (!read_weight_file(value, files, out.weights)) return;
  std::ranges::sort(out.weights, std::ranges::greater());
  if (out.weights.front() > 0 && out.weights.size() <= ScenarioLimits::objects_max) return;
  value.fail("SCN-471", "must have a weight above 0");
  out.weights.clear();
}

/// **Returns** whether a file of weights says how many objects there are.
bool read_popularity(const Value& value, const FileReader& files, ObjectsSpec& out) {
  if (!value.present() || value.is_word("uniform")) return false;
  if (!value.is_mapping()) {
    value.fail_type("uniform or a mapping", "for example {zipf: 0.9}");
    return false;
  }
  Mapping popularity = value.mapping();
  const auto [name, law] = popularity.exactly_one({"zipf", "weights"});
  if (name == "weights") {
    read_weights(law, files, out);
  } else if (law.present()) {
    law.number(out.zipf_exponent, config::between(0.0, 20.0));
    popularity.optional("shift").number(out.zipf_shift, config::between(0.0, 1e9));
  }
  popularity.finish();
  return name == "weights";
}

void read_count(Mapping& objects, bool weighted, ObjectsSpec& out) {
  if (!weighted) {
    objects.required("count").count(out.count, 1, ScenarioLimits::objects_max);
    return;
  }
  const Value count = objects.optional("count");
  if (out.weights.empty()) return;  // the file is wrong, and was told of
  out.count = static_cast<std::uint32_t>(out.weights.size());
  if (count.count(out.count, 1, ScenarioLimits::objects_max) && out.count != out.weights.size()) {
    count.fail("SCN-472", fmt::format("must be the number of weights ({}), but was {}",
                                      out.weights.size(), out.count));
  }
}

void read_drift(const Value& value, ObjectsSpec& out) {
  Mapping drift = value.mapping();
  drift.required("every").duration(out.drift_every,
                                   config::inside(Duration{}, ScenarioLimits::duration_max));
  drift.required("ranks").count(out.drift_ranks, 1, ScenarioLimits::objects_max);
  drift.finish();
  if (out.drift_ranks > out.count) {
    drift.fail_key(
        "ranks", "SCN-473",
        fmt::format("must be at most count ({}), but was {}", out.count, out.drift_ranks));
  }
}

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= 40 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

/// `kind`: what has the name.
void check_name(const Value& value, std::string_view name, std::string_view kind) {
  if (is_name(name)) return;
  value.fail("SCN-460", fmt::format("the name of a {} must be 1 to 40 lower-case letters, digits, "
                                    "hyphens and underscores",
                                    kind));
}

void read_format(const Value& value, const std::string& name, FormatSpec& out) {
  out.name = name;
  check_name(value, name, "format");
  Mapping one = value.mapping();
  one.required("share").share(out.share, config::between(smallest_share, 1.0));
  one.optional("size_factor").number(out.size_factor, config::between(1e-3, 1e3));
  one.finish();
}

void check_sum(const Value& value, std::string_view rule, double shares) {
  if (shares >= 0.999 && shares <= 1.001) return;
  value.fail(rule, fmt::format("shares must add up to 100%, but do to {:.4g}%", 100 * shares));
}

void check_formats(const Value& value, const ObjectsSpec& objects) {
  double shares = 0;
  for (const FormatSpec& format : objects.formats) shares += format.share;
  check_sum(value, "SCN-490", shares);
  const std::uint64_t all = std::uint64_t{objects.count} * objects.formats.size();
  if (all > ScenarioLimits::objects_max) {
    value.fail("SCN-491", fmt::format("must make at most {} objects, but make {}",
                                      ScenarioLimits::objects_max, all));
  }
  const auto resizes = [](const FormatSpec& format) { return format.size_factor != 1; };
  if (!objects.size && std::ranges::any_of(objects.formats, resizes)) {
    value.fail("SCN-492", "needs a size of the objects, which size_factor multiplies");
  }
}

void read_formats(const Value& value, ObjectsSpec& out) {
  if (!value.present() || value.is_word("none")) return;
  Mapping formats = value.mapping();
  if (!formats.present()) return;
  const std::vector<config::Member>& members = value.node().members;
  bool good = members.size() >= 2 && members.size() <= ScenarioLimits::formats_max;
  if (!good) {
    value.fail("CFG-107", fmt::format("must have 2 to {} formats, but has {}",
                                      ScenarioLimits::formats_max, members.size()));
  }
  for (const config::Member& member : members) {
    const Value one = formats.required(member.key);
    good = one.is_mapping() && good;
    read_format(one, member.key, out.formats.emplace_back());
  }
  if (good) check_formats(value, out);
  const std::uint64_t all = std::uint64_t{out.count} * out.formats.size();
  out.count = static_cast<std::uint32_t>(std::min<std::uint64_t>(all, ScenarioLimits::objects_max));
}

/// That enough is left of a random word for the object (ObjectLaw).
void check_shares(const Value& value, double share, const ObjectsSpec& objects) {
  const double lasting = share * (1 - objects.once_share);
  double least = lasting;
  for (const FormatSpec& format : objects.formats) {
    if (format.share > 0) least = std::min(least, lasting * format.share);
  }
  if (objects.once_share > 0) least = std::min(least, share * objects.once_share);
  if (least < 0.999 * smallest_share) {
    value.fail("SCN-493",
               fmt::format("must leave one in a million of the requests to each class, format and "
                           "the one-hit wonders, but leaves {:.2g}",
                           least));
  }
}

void read_class(const Value& value, const std::string& name, const FileReader& files,
                TrafficClassSpec& out) {
  out.name = name;
  check_name(value, name, "class");
  Mapping one = value.mapping();
  one.required("share").share(out.share, config::between(smallest_share, 1.0));
  read_objects(one.required("objects"), files, out.objects, out.share);
  LawSpec service;
  if (read_law(one.optional("service"), LawUnit::seconds, files, service)) out.service = service;
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
  check_sum(value, "SCN-461", shares);
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

void read_objects(const Value& value, const FileReader& files, ObjectsSpec& out, double share) {
  Mapping objects = value.mapping();
  const bool weighted = read_popularity(objects.optional("popularity"), files, out);
  read_count(objects, weighted, out);
  const Value size = objects.optional("size");
  LawSpec law;
  if (read_law(size, LawUnit::bytes, files, law)) out.size = law;
  read_drift(objects.optional("drift"), out);
  objects.optional("one_hit_wonders").share(out.once_share, config::from_below(0.0, 1.0));
  read_formats(objects.optional("formats"), out);
  objects.finish();
  if (share >= smallest_share) check_shares(value, share, out);
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
  out.objects.size = out.classes.front().objects.size;
  count_classes(out);
}

void count_classes(TrafficSpec& traffic) {
  if (traffic.classes.empty()) return;
  std::uint64_t all = 0;
  for (const TrafficClassSpec& each : traffic.classes) all += each.objects.count;
  traffic.objects.count =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(all, ScenarioLimits::objects_max));
}

}  // namespace haldane::models
