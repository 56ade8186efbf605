// Cache theory: exact misses on a published stream, Che's approximation, TTL caches.
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>

#include <gtest/gtest.h>

#include "models/cache/arc.h"
#include "models/cache/clock.h"
#include "models/cache/fifo.h"
#include "models/cache/gdsf.h"
#include "models/cache/lfu.h"
#include "models/cache/lru.h"
#include "models/cache/s3_fifo.h"
#include "models/cache/sieve.h"
#include "models/cache/w_tinylfu.h"
#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;

// 10 M requests by SplitMix64 (state 42) and inversion of the cumulative Zipf sum, as the golden
// misses were made.
std::vector<std::uint32_t> zipf_stream(double exponent) {
  constexpr std::uint32_t objects = 1'000'000;
  std::vector<double> cumulative(objects);
  double sum = 0;
  for (std::uint32_t k = 0; k < objects; ++k) cumulative[k] = sum += std::pow(k + 1.0, -exponent);
  std::vector<std::uint32_t> stream(10'000'000);
  std::uint64_t state = 42;
  for (std::uint32_t& object : stream) {
    state += 0x9E3779B97F4A7C15ULL;
    const double u = static_cast<double>(mix(state) >> 11) * 0x1p-53;
    object = static_cast<std::uint32_t>(
        std::upper_bound(cumulative.begin(), cumulative.end(), u * sum) - cumulative.begin());
  }
  return stream;
}

template <class Cache>
double misses(const std::vector<std::uint32_t>& stream, std::uint64_t capacity) {
  Cache cache(1'000'000, capacity);
  double count = 0;
  for (const std::uint32_t object : stream) {
    if (cache.entry(object).resident) {
      cache.hit(object);
    } else {
      ++count;
      cache.insert(object);
    }
  }
  return count;
}

// Misses that libCacheSim gives on the same stream. A rounding of pow() may move a request or two
// to a neighbour, after which the policies with an adaptive part go slightly different ways.
// W-TinyLFU is another matter: the sketch by which it decides hashes otherwise.
struct Golden {
  double exponent;
  std::uint64_t capacity;
  std::array<double, 4> exact;     // LRU, FIFO, CLOCK, SIEVE
  std::array<double, 4> adaptive;  // S3-FIFO, ARC, LFU, GDSF
  double w_tinylfu;
};
constexpr Golden goldens[] = {
    {0.8,
     10'000,
     {7680964, 7926866, 7587795, 6725189},
     {6613002, 6660946, 6742765, 7167051},
     6572696},
    {0.8,
     100'000,
     {5145972, 5530062, 5029992, 4467385},
     {4394412, 4476142, 4467385, 4683162},
     4350012},
    {1.0,
     10'000,
     {4149940, 4498358, 4053888, 3421661},
     {3378268, 3401437, 3430549, 3683785},
     3334362},
    {1.0,
     100'000,
     {2230432, 2526172, 2162901, 1902424},
     {1885333, 1901135, 1902424, 2011722},
     1875287},
};

TEST(Theory, PoliciesGiveTheMissesOfLibCacheSim) {
  std::vector<std::uint32_t> stream;
  double exponent = 0;
  for (const Golden& golden : goldens) {
    if (exponent != golden.exponent) stream = zipf_stream(exponent = golden.exponent);
    const std::uint64_t capacity = golden.capacity;
    EXPECT_NEAR(misses<LruCache>(stream, capacity), golden.exact[0], 5);
    EXPECT_NEAR(misses<FifoCache>(stream, capacity), golden.exact[1], 5);
    EXPECT_NEAR(misses<ClockCache>(stream, capacity), golden.exact[2], 5);
    EXPECT_NEAR(misses<SieveCache>(stream, capacity), golden.exact[3], 5);
    EXPECT_NEAR(misses<S3FifoCache>(stream, capacity), golden.adaptive[0], 100);
    EXPECT_NEAR(misses<ArcCache>(stream, capacity), golden.adaptive[1], 100);
    EXPECT_NEAR(misses<LfuCache>(stream, capacity), golden.adaptive[2], 100);
    EXPECT_NEAR(misses<GdsfCache>(stream, capacity), golden.adaptive[3], 100);
    EXPECT_NEAR(misses<WTinyLfuCache>(stream, capacity), golden.w_tinylfu, 5'000);
  }
}

std::vector<double> zipf(std::uint32_t objects, double exponent) {
  std::vector<double> p(objects);
  for (std::uint32_t k = 0; k < objects; ++k) p[k] = std::pow(k + 1.0, -exponent);
  const double sum = std::accumulate(p.begin(), p.end(), 0.0);
  for (double& share : p) share /= sum;
  return p;
}

// Solves sum_k occupancy(p_k T) = C for T by bisection and returns sum_k p_k occupancy(p_k T).
double hit_ratio(const std::vector<double>& p, double capacity,
                 const std::function<double(double)>& occupancy) {
  double low = 0;
  double high = 60;
  for (int i = 0; i < 100; ++i) {
    const double t = std::exp(0.5 * (low + high));
    double filled = 0;
    for (const double share : p) filled += occupancy(share * t);
    (filled < capacity ? low : high) = 0.5 * (low + high);
  }
  const double t = std::exp(0.5 * (low + high));
  double hits = 0;
  for (const double share : p) hits += share * occupancy(share * t);
  return hits;
}

constexpr std::string_view edge_alone = R"(
schema: haldane.scenario/1
name: cache
duration: 2400s
warmup: 200s
traffic:
  arrivals: {process: poisson, rate: 5k/s}
  objects: {count: 100k, popularity: {zipf: 0.8}}
edge:
  sites: 1
  nodes_per_site: 1
  cache: {policy: lru, capacity: {objects: 10k}, ttl: none, fill: on_miss, start: warm}
  hit_latency: {deterministic: {value: 1ms}}
links: {edge_to_api: 0ms}
api: none
workers: none
)";

TEST(Theory, LruFollowsCheAndFifoFollowsItsFormula) {
  const auto lru = [](double x) { return 1 - std::exp(-x); };
  const auto fifo = [](double x) { return x / (1 + x); };
  for (const double exponent : {0.8, 1.0}) {
    const std::vector<double> p = zipf(100'000, exponent);
    for (const int capacity : {1'000, 10'000}) {
      const auto hits = [&](const std::string& policy) {
        const Trial run(scenario(
            edge_alone, {"traffic.objects.popularity={zipf: " + std::to_string(exponent) + "}",
                         "edge.cache.capacity.objects=" + std::to_string(capacity),
                         "edge.cache.policy=" + policy}));
        return run.ratio(Counter::edge_hits, Counter::edge_lookups);
      };
      EXPECT_NEAR(hits("lru"), hit_ratio(p, capacity, lru), 0.002);
      EXPECT_NEAR(hits("fifo"), hit_ratio(p, capacity, fifo), 0.002);
    }
  }
}

// Fixed TTL from the fetch, enough room for everything: an object of rate l hits with l T / (1 + l
// T).
TEST(Theory, TtlCachesFollowTheRenewalFormula) {
  const std::vector<double> p = zipf(100'000, 0.8);
  for (const double ttl : {10.0, 60.0}) {
    double exact = 0;
    for (const double share : p) exact += share * (share * 5000 * ttl) / (1 + share * 5000 * ttl);
    const Trial run(
        scenario(edge_alone, {"edge.cache.capacity.objects=100k", "edge.cache.start=cold",
                              "edge.cache.ttl=" + std::to_string(ttl) + "s"}));
    EXPECT_NEAR(run.ratio(Counter::edge_hits, Counter::edge_lookups), exact, 0.001) << ttl;
    EXPECT_NEAR(run.rate(Counter::origin_fetches) / (5000 * (1 - exact)), 1, 0.005) << ttl;
  }
}

// Within its window a stale answer hides the refetch: fresh l T / (1 + l T), stale (1 - e^{-l W}) /
// (1 + l T).
TEST(Theory, StaleWhileRevalidateMovesMissesToStale) {
  const std::vector<double> p = zipf(100'000, 0.8);
  const double ttl = 60;
  const double window = 30;
  double fresh = 0;
  double stale = 0;
  for (const double share : p) {
    const double l = share * 5000;
    fresh += share * l * ttl / (1 + l * ttl);
    stale += share * (1 - std::exp(-l * window)) / (1 + l * ttl);
  }
  const Trial run(
      scenario(edge_alone, {"edge.cache.capacity.objects=100k", "edge.cache.start=cold",
                            "edge.cache.ttl=60s", "edge.cache.stale_while_revalidate=30s"}));
  EXPECT_NEAR(run.ratio(Counter::edge_stale, Counter::edge_lookups), stale, 0.001);
  EXPECT_NEAR(run.ratio(Counter::edge_hits, Counter::edge_lookups), fresh + stale, 0.001);
  EXPECT_NEAR(run.rate(Counter::origin_fetches) / (5000 * (1 - fresh)), 1, 0.005);
}

// A purge of everything: the first n requests after it miss sum_k 1 - (1 - p_k)^n times.
TEST(Theory, APurgeCostsTheDistinctObjects) {
  const std::vector<double> p = zipf(100'000, 0.8);
  const Trial run(
      scenario(edge_alone, {"edge.cache.capacity.objects=100k", "duration=120s", "warmup=100s",
                            "timeline=[{at: 100s, event: purge, share: 100%}]"}));
  const double n = static_cast<double>(run.sum(Counter::requests));
  double distinct = 0;
  for (const double share : p) distinct += 1 - std::pow(1 - share, n);
  EXPECT_NEAR(static_cast<double>(run.sum(Counter::origin_fetches)) / distinct, 1, 0.01);
}

}  // namespace
}  // namespace haldane::models
