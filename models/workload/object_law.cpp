#include "models/workload/object_law.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "sim/base/check.h"
#include "sim/base/math.h"

namespace haldane::models {
namespace {

// Relative to the others of its catalogue; ranks from 0.
double popularity_of(const ObjectsSpec& objects, std::uint32_t rank) {
  if (!objects.weights.empty()) return objects.weights[rank];
  return math::pow(rank + 1.0 + objects.zipf_shift, -objects.zipf_exponent);
}

// A kind of requests: its share of them, and what it asks for.
struct Catalogue {
  double share;
  const ObjectsSpec* objects;
};

// One of them all where the scenario names none. **Domain** `traffic` outlives the result: weights
// of a file may be millions.
std::vector<Catalogue> catalogues_of(const TrafficSpec& traffic) {
  if (traffic.classes.empty()) return {{1, &traffic.objects}};
  std::vector<Catalogue> catalogues;
  for (const TrafficClassSpec& each : traffic.classes)
    catalogues.push_back({each.share, &each.objects});
  return catalogues;
}

// Of the requests for a catalogue. **Domain** shares add up to about 1, here to 1.
std::vector<double> format_shares(const ObjectsSpec& objects) {
  if (objects.formats.empty()) return {1};
  double all = 0;
  for (const FormatSpec& format : objects.formats) all += format.share;
  std::vector<double> shares;
  for (const FormatSpec& format : objects.formats) shares.push_back(format.share / all);
  return shares;
}

// The most popular object of a class, in one format, that has not been taken yet.
struct Candidate {
  double popularity;
  double whole;  // share of the requests over the sum of all ranks
  std::uint32_t rank;
  std::uint32_t first_object;
  const ObjectsSpec* from;
};

std::vector<Candidate> first_candidates(const std::vector<Catalogue>& catalogues) {
  std::vector<Candidate> candidates;
  std::uint32_t first = 0;
  for (const Catalogue& each : catalogues) {
    const ObjectsSpec& objects = *each.objects;
    double sum = 0;
    for (std::uint32_t rank = objects.lasting(); rank-- > 0;) sum += popularity_of(objects, rank);
    std::uint32_t begin = first;
    for (const double share : format_shares(objects)) {
      const double whole = share * each.share * (1 - objects.once_share) / sum;
      candidates.push_back({whole * popularity_of(objects, 0), whole, 0, begin, &objects});
      begin += objects.lasting();
    }
    first += objects.count;
  }
  return candidates;
}

}  // namespace

ObjectLaw::ObjectLaw(const TrafficSpec& traffic) {
  const std::vector<Catalogue> catalogues = catalogues_of(traffic);
  double all = 0;
  for (const Catalogue& each : catalogues) all += each.share;
  double from = 0;
  for (const Catalogue& each : catalogues) {
    const bool last = &each == &catalogues.back();
    const double to = last ? 1 : from + each.share / all;
    add_catalogue(*each.objects, from, to);
    from = to;
  }
  plain_ = parts_.size() == 1 && !parts_.front().weights;
}

// A part a format, each with all the content.
void ObjectLaw::add_catalogue(const ObjectsSpec& objects, double from, double to) {
  const double once_from = objects.once_objects > 0 ? to - (to - from) * objects.once_share : to;
  const std::vector<double> shares = format_shares(objects);
  double begin = from;
  for (std::size_t format = 0; format < shares.size(); ++format) {
    const bool last = format + 1 == shares.size();
    const double end = last ? once_from : begin + (once_from - from) * shares[format];
    add_lasting(objects, begin, end);
    begin = end;
  }
  if (objects.once_objects == 0) return;
  add_part({0, 0, 0, objects.once_objects, sim::ZipfSampler(1, 0), {}, true, {}, 0}, once_from, to);
  ++once_parts_;
}

void ObjectLaw::add_lasting(const ObjectsSpec& objects, double from, double to) {
  const std::uint32_t lasting = objects.lasting();
  Part part{0,
            0,
            0,
            lasting,
            sim::ZipfSampler(1, 0),
            {},
            false,
            objects.drift_every,
            objects.drift_ranks};
  if (objects.weights.empty()) {
    part.zipf = sim::ZipfSampler(lasting, objects.zipf_exponent, objects.zipf_shift);
  } else {
    part.weights.emplace(objects.weights);
  }
  drifts_ = drifts_ || objects.drift_every > Duration{};
  add_part(std::move(part), from, to);
}

void ObjectLaw::add_part(Part part, double from, double to) {
  HALDANE_CHECK(to > from);
  part.begin = static_cast<std::uint64_t>(from * 0x1p64);
  part.stretch = static_cast<std::uint64_t>(0x1p43 / (to - from));
  part.first_object = size_;
  size_ += part.objects;
  parts_.push_back(std::move(part));
}

std::uint32_t ObjectLaw::sample_part(std::uint64_t word) const {
  std::size_t index = 0;
  for (std::size_t next = 1; next < parts_.size(); ++next) {
    index += word >= parts_[next].begin ? 1U : 0U;
  }
  const Part& part = parts_[index];
  // Rounding of the shares may carry the last words of a part past the end.
  const sim::Uint128 stretched =
      (static_cast<sim::Uint128>(word - part.begin) * part.stretch) >> stretch_bits;
  const auto rest =
      static_cast<std::uint64_t>(std::min<sim::Uint128>(stretched, ~std::uint64_t{0}));
  return part.first_object + (part.weights ? part.weights->sample(rest) : part.zipf.sample(rest));
}

void ObjectLaw::sample_block(std::span<const std::uint64_t> words,
                             std::span<std::uint32_t> objects) const {
  if (plain_) {
    parts_.front().zipf.sample_block(words, objects);
    return;
  }
  for (std::size_t i = 0; i < words.size(); ++i) objects[i] = sample_part(words[i]);
}

// Every so often the last ranks come to the top, and all others move down to make room.
std::uint32_t ObjectLaw::drifted(std::uint32_t object, SimTime now) const {
  for (const Part& part : parts_) {
    if (object - part.first_object >= part.objects) continue;  // also where it lies before
    if (part.drift_every == Duration{}) return object;
    const auto turns = static_cast<std::uint64_t>(now.count_ns() / part.drift_every.count_ns());
    const std::uint64_t moved = turns % part.objects * part.drift_ranks % part.objects;
    const std::uint64_t place = object - part.first_object + part.objects - moved;
    return part.first_object + static_cast<std::uint32_t>(place % part.objects);
  }
  return object;
}

std::uint32_t ObjectLaw::next_once(std::uint32_t object, std::span<std::uint32_t> asked) const {
  std::size_t index = 0;
  for (const Part& part : parts_) {
    if (!part.once) continue;
    if (object == part.first_object) return object + asked[index]++ % part.objects;
    ++index;
  }
  return object;
}

std::vector<std::uint32_t> most_popular_objects(const TrafficSpec& traffic, std::uint32_t count) {
  const std::vector<Catalogue> catalogues = catalogues_of(traffic);
  std::uint32_t lasting = 0;
  for (const Catalogue& each : catalogues)
    lasting += each.objects->lasting() * each.objects->forms();
  std::vector<std::uint32_t> objects(std::min(count, lasting));
  if (catalogues.size() == 1 && catalogues.front().objects->forms() == 1) {
    std::iota(objects.begin(), objects.end(), 0U);
    return objects;
  }
  // Ranks fall in popularity, so the next most popular object is the next one of some class.
  std::vector<Candidate> candidates = first_candidates(catalogues);
  for (std::uint32_t& object : objects) {
    const auto best = std::ranges::max_element(candidates, {}, &Candidate::popularity);
    object = best->first_object + best->rank++;
    best->popularity = best->rank == best->from->lasting()
                           ? -1
                           : best->whole * popularity_of(*best->from, best->rank);
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
