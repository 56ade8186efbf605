#include "models/tiers/edge/node_cache.h"

#include <algorithm>
#include <memory>
#include <numeric>

#include "models/cache/bytes/byte_arc.h"
#include "models/cache/bytes/byte_list.h"
#include "models/cache/bytes/byte_ranking.h"
#include "models/cache/bytes/byte_s3_fifo.h"
#include "models/cache/bytes/byte_w_tinylfu.h"
#include "sim/base/check.h"

namespace haldane::models {
namespace {

// About how many objects fit into a node.
std::uint64_t places_of(const Plan& plan, const CacheSpec& cache, std::uint32_t objects) {
  if (cache.capacity_bytes == 0) return std::min<std::uint64_t>(cache.capacity_objects, objects);
  const auto all = std::accumulate(plan.object_bytes.begin(), plan.object_bytes.end(), 0.0);
  const double mean = all / static_cast<double>(plan.object_bytes.size());
  const double places = static_cast<double>(cache.capacity_bytes) / mean;
  return static_cast<std::uint64_t>(std::clamp(places, 1.0, static_cast<double>(objects)));
}

struct OrderSize {
  std::uint32_t objects;
  std::uint64_t capacity;
  std::uint64_t places;
};

std::unique_ptr<ByteOrder> make_order(CachePolicy policy, OrderSize of) {
  switch (policy) {
    case CachePolicy::lru:
      return std::make_unique<ByteList<ListPolicy::lru>>(of.objects, of.capacity);
    case CachePolicy::fifo:
      return std::make_unique<ByteList<ListPolicy::fifo>>(of.objects, of.capacity);
    case CachePolicy::clock:
      return std::make_unique<ByteList<ListPolicy::clock>>(of.objects, of.capacity);
    case CachePolicy::sieve:
      return std::make_unique<ByteList<ListPolicy::sieve>>(of.objects, of.capacity);
    case CachePolicy::s3_fifo:
      return std::make_unique<ByteS3Fifo>(of.objects, of.capacity);
    case CachePolicy::arc:
      return std::make_unique<ByteArc>(of.objects, of.capacity);
    case CachePolicy::w_tinylfu:
      return std::make_unique<ByteWTinyLfu>(of.objects, of.capacity, of.places);
    case CachePolicy::gdsf:
      return std::make_unique<ByteRanking<RankingPolicy::gdsf>>(of.objects, of.capacity);
    case CachePolicy::lfu:
      return std::make_unique<ByteRanking<RankingPolicy::lfu>>(of.objects, of.capacity);
  }
  HALDANE_CHECK(false);
  return nullptr;
}

}  // namespace

bool needs_sized_cache(const CacheSpec& cache) {
  return cache.capacity_bytes > 0 || cache.admission.max_bytes || cache.admission.min_uses > 1;
}

SizedCache make_sized_cache(const Plan& plan, std::uint32_t objects) {
  return make_sized_cache(plan, plan.scenario.edge->cache, objects);
}

SizedCache make_sized_cache(const Plan& plan, const CacheSpec& cache, std::uint32_t objects) {
  const bool in_bytes = cache.capacity_bytes > 0;
  const std::uint64_t places = places_of(plan, cache, objects);
  const std::uint64_t capacity = in_bytes ? cache.capacity_bytes : places;
  CacheAdmission::Rule rule;
  if (cache.admission.max_bytes) rule.max_bytes = *cache.admission.max_bytes;
  rule.min_uses = cache.admission.min_uses;
  return {objects, in_bytes ? SizedCache::Unit::bytes : SizedCache::Unit::objects,
          make_order(cache.policy, {objects, capacity, places}),
          CacheAdmission(rule, objects, places)};
}

std::vector<std::uint32_t> objects_of_warm_site(const Plan& plan) {
  const EdgeSpec& edge = *plan.scenario.edge;
  const std::uint64_t all = plan.scenario.traffic.objects.count;
  const std::uint64_t most =
      edge.cache.capacity_bytes > 0
          ? all
          : std::min<std::uint64_t>(edge.cache.capacity_objects * edge.nodes_per_site, all);
  std::vector<std::uint32_t> popular =
      most_popular_objects(plan.scenario.traffic, static_cast<std::uint32_t>(most));
  if (edge.cache.capacity_bytes == 0) return popular;
  std::uint64_t room = edge.cache.capacity_bytes * edge.nodes_per_site;
  const auto too_large = std::ranges::find_if(popular, [&](std::uint32_t object) {
    if (plan.object_bytes[object] > room) return true;
    room -= plan.object_bytes[object];
    return false;
  });
  popular.erase(too_large, popular.end());
  return popular;
}

}  // namespace haldane::models
