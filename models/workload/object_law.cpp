#include "models/workload/object_law.h"

#include <algorithm>
#include <numeric>

#include "sim/base/check.h"
#include "sim/base/math.h"

namespace haldane::models {

ObjectLaw::ObjectLaw(const TrafficSpec& traffic) {
  if (traffic.classes.empty()) {
    add_part(traffic.objects, 0, 1);
    return;
  }
  double all = 0;
  for (const TrafficClassSpec& each : traffic.classes) all += each.share;
  double from = 0;
  for (const TrafficClassSpec& each : traffic.classes) {
    const bool last = &each == &traffic.classes.back();
    const double to = last ? 1 : from + each.share / all;
    add_part(each.objects, from, to);
    from = to;
  }
}

void ObjectLaw::add_part(const ObjectsSpec& objects, double from, double to) {
  HALDANE_CHECK(to > from);
  parts_.push_back({static_cast<std::uint64_t>(from * 0x1p64),
                    static_cast<std::uint64_t>(0x1p43 / (to - from)), size_,
                    sim::ZipfSampler(objects.count, objects.zipf_exponent), to - from,
                    objects.zipf_exponent});
  size_ += objects.count;
}

std::uint32_t ObjectLaw::sample_class(std::uint64_t word) const {
  std::size_t index = 0;
  for (std::size_t next = 1; next < parts_.size(); ++next) {
    index += word >= parts_[next].begin ? 1U : 0U;
  }
  const Part& part = parts_[index];
  // Rounding of the shares may carry the last words of a class past the end.
  const sim::Uint128 stretched =
      (static_cast<sim::Uint128>(word - part.begin) * part.stretch) >> stretch_bits;
  const auto rest =
      static_cast<std::uint64_t>(std::min<sim::Uint128>(stretched, ~std::uint64_t{0}));
  return part.first_object + part.law.sample(rest);
}

void ObjectLaw::sample_block(std::span<const std::uint64_t> words,
                             std::span<std::uint32_t> objects) const {
  if (parts_.size() == 1) {
    parts_.front().law.sample_block(words, objects);
    return;
  }
  for (std::size_t i = 0; i < words.size(); ++i) objects[i] = sample_class(words[i]);
}

// Ranks fall in popularity, so the next most popular object is the next one of some class.
std::vector<std::uint32_t> ObjectLaw::most_popular(std::uint32_t count) const {
  std::vector<std::uint32_t> objects(std::min(count, size_));
  if (parts_.size() == 1) {
    std::iota(objects.begin(), objects.end(), 0U);
    return objects;
  }
  struct Candidate {
    double popularity;  // of the next rank
    std::uint32_t rank;
    double whole;  // share of requests over the sum of rank^-a
  };
  std::vector<Candidate> candidates;
  for (const Part& part : parts_) {
    double sum = 0;
    for (std::uint32_t rank = part.law.size(); rank >= 1; --rank)
      sum += math::pow(rank, -part.exponent);
    candidates.push_back({part.share / sum, 0, part.share / sum});
  }
  for (std::uint32_t& object : objects) {
    const auto best = std::ranges::max_element(candidates, {}, &Candidate::popularity);
    const Part& part = parts_[static_cast<std::size_t>(best - candidates.begin())];
    object = part.first_object + best->rank++;
    best->popularity = best->rank == part.law.size()
                           ? -1
                           : best->whole * math::pow(best->rank + 1.0, -part.exponent);
  }
  return objects;
}

ClassTable::ClassTable(const TrafficSpec& traffic) {
  std::uint32_t begin = 0;
  for (const TrafficClassSpec& each : traffic.classes) {
    if (begin > 0) later_begins_.push_back(begin);
    begin += each.objects.count;
  }
}

}  // namespace haldane::models
