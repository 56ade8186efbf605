// Which objects requests ask for: classes with shares and catalogues of their own.
#include "models/workload/object_law.h"

#include <vector>

#include <gtest/gtest.h>

#include "tests/support/trial.h"

namespace haldane::models {
namespace {

TrafficSpec three_classes() {
  TrafficSpec traffic;
  traffic.objects.count = 0;
  const auto add = [&traffic](const char* name, double share, std::uint32_t count, double zipf) {
    TrafficClassSpec& one = traffic.classes.emplace_back();
    one.name = name;
    one.share = share;
    one.objects.count = count;
    one.objects.zipf_exponent = zipf;
    traffic.objects.count += count;
  };
  add("page", 0.64, 100, 0.9);
  add("search", 0.01, 10'000, 0);
  add("image", 0.35, 1, 0);
  return traffic;
}

std::vector<std::uint32_t> sampled(const ObjectLaw& law, std::size_t draws) {
  std::vector<std::uint64_t> words(draws);
  std::vector<std::uint64_t> unused(draws);
  sim::draw_block(sim::StreamKey(5, 0, 0, sim::Purpose::test), 0, 0, words, unused);
  std::vector<std::uint32_t> objects(draws);
  law.sample_block(words, objects);
  for (std::size_t i = 0; i < draws; ++i) EXPECT_EQ(objects[i], law.sample(words[i]));
  return objects;
}

TEST(ObjectLaw, DrawsClassesByShareAndObjectsByTheirPopularity) {
  const ObjectLaw law(three_classes());
  const ClassTable table(three_classes());
  ASSERT_EQ(law.size(), 10'101U);
  ASSERT_EQ(table.size(), 3U);
  constexpr std::size_t draws = 400'000;
  double shares[3] = {};
  double top = 0;
  double upper_half_of_search = 0;
  for (const std::uint32_t object : sampled(law, draws)) {
    ASSERT_LT(object, law.size());
    shares[table.class_of(object)] += 1.0 / draws;
    top += object == 0 ? 1.0 / draws : 0;
    upper_half_of_search += object >= 5'100 && object < 10'100 ? 1.0 / draws : 0;
  }
  // Five standard deviations.
  EXPECT_NEAR(shares[0], 0.64, 0.0038);
  EXPECT_NEAR(shares[1], 0.01, 0.0008);
  EXPECT_NEAR(shares[2], 0.35, 0.0038);
  EXPECT_NEAR(upper_half_of_search, 0.005, 0.0006);
  double harmonic = 0;
  for (int rank = 1; rank <= 100; ++rank) harmonic += std::pow(rank, -0.9);
  EXPECT_NEAR(top, 0.64 / harmonic, 0.0026);
}

TEST(ObjectLaw, TheEndsOfTheWordsStayWithinTheirClasses) {
  const ObjectLaw law(three_classes());
  const auto bound = [](double share) { return static_cast<std::uint64_t>(share * 0x1p64); };
  EXPECT_EQ(law.sample(0), 0U);
  EXPECT_LT(law.sample(bound(0.64) - 1), 100U);
  EXPECT_EQ(law.sample(bound(0.64)), 100U);
  EXPECT_LT(law.sample(bound(0.64 + 0.01) - 1), 10'100U);
  EXPECT_EQ(law.sample(~std::uint64_t{0}), 10'100U);
}

TEST(ClassTable, KnowsTheOwnerOfEveryObject) {
  const ClassTable table(three_classes());
  EXPECT_EQ(table.class_of(0), 0U);
  EXPECT_EQ(table.class_of(99), 0U);
  EXPECT_EQ(table.class_of(100), 1U);
  EXPECT_EQ(table.class_of(10'099), 1U);
  EXPECT_EQ(table.class_of(10'100), 2U);
  EXPECT_EQ(ClassTable().class_of(7), 0U);
}

// 0.35 for the image, then pages while they are above 0.01 / 10,000 each, then what is searched.
TEST(ObjectLaw, RanksObjectsOverAllClasses) {
  const TrafficSpec traffic = three_classes();
  const std::vector<std::uint32_t> popular = most_popular_objects(traffic, 103);
  EXPECT_EQ(popular[0], 10'100U);
  for (std::uint32_t i = 1; i <= 100; ++i) EXPECT_EQ(popular[i], i - 1);
  EXPECT_EQ(popular[101], 100U);
  EXPECT_EQ(popular[102], 101U);
  EXPECT_EQ(most_popular_objects(traffic, 1'000'000).size(), 10'101U);
}

constexpr std::string_view text = R"(
schema: haldane.scenario/1
name: classes
duration: 100s
warmup: 20s
traffic:
  arrivals: {process: poisson, rate: 500/s}
edge: {cache: {policy: lru, capacity: {objects: 300}, ttl: 60s, start: warm}}
links: {edge_to_api: 1ms}
api: {replicas: 4, concurrency: 4, service: {exponential: {mean: 5ms}}}
)";

TEST(TrafficClasses, OneClassOfAllRequestsChangesNothing) {
  const std::string objects = "{count: 2k, popularity: {zipf: 0.8}}";
  const test::Trial plain(test::scenario(text, {"traffic.objects=" + objects}));
  const test::Trial classed(
      test::scenario(text, {"traffic.classes={all: {share: 100%, objects: " + objects + "}}"}));
  EXPECT_EQ(plain.measurements().counters, classed.measurements().counters);
}

// Pages fit into the cache, where the least popular give way now and then to searches, which are
// all different and miss.
TEST(TrafficClasses, HitAsTheirCatalogueFits) {
  const test::Trial run(test::scenario(
      text, {"traffic.classes={page: {share: 75%, objects: {count: 100, popularity: {zipf: 1}}}, "
             "search: {share: 25%, objects: {count: 1M}}}"}));
  EXPECT_NEAR(run.ratio(Counter::edge_hits, Counter::edge_lookups), 0.725, 0.025);
}

}  // namespace
}  // namespace haldane::models
