#include "models/compile_objects.h"

#include <algorithm>

#include "models/workload/law.h"

namespace haldane::models {
namespace {

std::uint32_t bytes_of(double drawn) {
  return static_cast<std::uint32_t>(std::clamp(drawn, 1.0, 4294967295.0));
}

// The format of a one-hit wonder, which has one only.
double size_factor_once(const ObjectsSpec& objects, std::uint64_t word) {
  double left = sim::to_unit(word);
  for (const FormatSpec& format : objects.formats) {
    if (left < format.share) return format.size_factor;
    left -= format.share;
  }
  return objects.formats.empty() ? 1 : objects.formats.back().size_factor;
}

// Sizes of the objects from `first` on, each drawn by its number in the first format.
void draw_sizes(Plan& plan, const ObjectsSpec& objects, std::uint32_t first) {
  const sim::Distribution law = size_law(*objects.size);
  const sim::StreamKey key(plan.scenario.seed, 0, 0, sim::Purpose::object_size);
  const std::uint32_t lasting = objects.lasting();
  for (std::uint32_t rank = 0; rank < lasting; ++rank) {
    const double bytes = law.sample(sim::draw(key, first + rank).first);
    for (std::uint32_t form = 0; form < objects.forms(); ++form) {
      const double factor = objects.formats.empty() ? 1 : objects.formats[form].size_factor;
      plan.object_bytes[first + form * lasting + rank] = bytes_of(factor * bytes);
    }
  }
  for (std::uint32_t once = lasting * objects.forms(); once < objects.count; ++once) {
    const auto [size_word, format_word] = sim::draw(key, first + once);
    plan.object_bytes[first + once] =
        bytes_of(law.sample(size_word) * size_factor_once(objects, format_word));
  }
}

}  // namespace

void compile_objects(Plan& plan) {
  const TrafficSpec& traffic = plan.scenario.traffic;
  plan.classes = ClassTable(traffic);
  plan.formats = FormatTable(traffic);
  if (plan.scenario.edge || traffic.objects.count > 1) plan.objects.emplace(traffic);
  if (!traffic.objects.size) return;
  plan.object_bytes.resize(traffic.objects.count);
  if (traffic.classes.empty()) draw_sizes(plan, traffic.objects, 0);
  std::uint32_t first = 0;
  for (const TrafficClassSpec& each : traffic.classes) {
    draw_sizes(plan, each.objects, first);
    first += each.objects.count;
  }
}

}  // namespace haldane::models
