// Content in several formats: other objects to a cache, the same to a purge.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/workload/format_table.h"
#include "models/workload/object_law.h"
#include "tests/support/trial.h"

namespace haldane::models {
namespace {

using test::scenario;
using test::Trial;
using ::testing::ElementsAre;

// 6 pages, and 10 images in three formats each: objects 6 to 15, 16 to 25 and 26 to 35.
constexpr std::string_view pictures = R"(
schema: haldane.scenario/1
name: pictures
duration: 20s
warmup: 10s
traffic:
  arrivals: {process: poisson, rate: 2k/s}
  classes:
    page: {share: 25%, objects: {count: 6, size: {deterministic: {value: 9kB}}}}
    image:
      share: 75%
      objects:
        count: 10
        size: {uniform: {low: 10kB, high: 90kB}}
        formats: {avif: {share: 50%, size_factor: 0.5}, webp: {share: 30%}, jpeg: {share: 20%, size_factor: 2}}
edge:
  sites: 1
  cache: {policy: lru, capacity: {objects: 100}, coalesce: true}
links: {edge_to_api: 2ms}
api: {replicas: 4, concurrency: 100, service: {deterministic: {value: 5ms}}}
)";

TEST(Formats, ATableFindsTheSameContent) {
  const FormatTable table(scenario(pictures).traffic);
  for (std::uint32_t page = 0; page < 6; ++page) EXPECT_EQ(table.first_of(page), page);
  for (const std::uint32_t image : {9U, 19U, 29U}) {
    EXPECT_EQ(table.first_of(image), 9U);
    std::vector<std::uint32_t> all;
    table.visit_all(image, [&all](std::uint32_t object) { all.push_back(object); });
    EXPECT_THAT(all, ElementsAre(9, 19, 29));
  }
  const FormatTable none(
      scenario(pictures, {"traffic.classes.image.objects.formats=none"}).traffic);
  EXPECT_EQ(none.first_of(15), 15U);
}

TrafficSpec one_catalogue() {
  TrafficSpec traffic;
  traffic.objects.count = 200;
  traffic.objects.zipf_exponent = 0.9;
  traffic.objects.formats = {{"webp", 0.75}, {"jpeg", 0.25}};
  return traffic;
}

TEST(Formats, AreDrawnAsClassesOfTheSameCatalogue) {
  TrafficSpec classes;
  classes.objects.count = 200;
  for (const double share : {0.75, 0.25}) {
    TrafficClassSpec& one = classes.classes.emplace_back();
    one.share = share;
    one.objects.count = 100;
    one.objects.zipf_exponent = 0.9;
  }
  const ObjectLaw formats(one_catalogue());
  const ObjectLaw same(classes);
  ASSERT_EQ(formats.size(), 200U);
  const sim::StreamKey key(3, 0, 0, sim::Purpose::test);
  std::size_t webp = 0;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    const std::uint64_t word = sim::draw(key, i).first;
    ASSERT_EQ(formats.sample(word), same.sample(word));
    webp += formats.sample(word) < 100 ? 1U : 0U;
  }
  EXPECT_NEAR(static_cast<double>(webp), 15'000, 5 * 61);  // 5 standard deviations
  EXPECT_EQ(most_popular_objects(one_catalogue(), 50), most_popular_objects(classes, 50));
}

// A third as popular: rank 0 as JPEG lies behind ranks 0 to 2 as WebP, for 3^0.9 < 3 < 4^0.9.
TEST(Formats, AreWarmInTheOrderOfTheirPopularity) {
  EXPECT_THAT(most_popular_objects(one_catalogue(), 5), ElementsAre(0, 1, 2, 100, 3));
}

TEST(Formats, OneHitWondersLieBehindAllFormats) {
  const Plan plan = compile_plan(
      scenario(pictures, {"traffic.classes.image.objects.one_hit_wonders=10%",
                          "traffic.classes.image.objects.size={deterministic: {value: 10kB}}"}));
  EXPECT_EQ(plan.formats.first_of(35), 15U);
  EXPECT_EQ(plan.formats.first_of(36), 36U);
  std::vector<int> of_size(3);
  for (std::uint32_t object = 36; object < plan.object_bytes.size(); ++object) {
    const std::uint32_t bytes = plan.object_bytes[object];
    ASSERT_TRUE(bytes == 5'000 || bytes == 10'000 || bytes == 20'000) << bytes;
    ++of_size[bytes == 5'000 ? 0 : bytes == 10'000 ? 1 : 2];
  }
  const auto all = static_cast<double>(plan.object_bytes.size() - 36);
  ASSERT_GT(all, 2'000);
  EXPECT_NEAR(of_size[0] / all, 0.5, 0.06);
  EXPECT_NEAR(of_size[2] / all, 0.2, 0.05);
}

TEST(Formats, HaveTheSizeOfTheContentTimesTheirFactor) {
  const Plan plan = compile_plan(scenario(pictures));
  for (std::uint32_t image = 6; image < 16; ++image) {
    const double webp = plan.object_bytes[image + 10];
    EXPECT_NEAR(plan.object_bytes[image], webp * 0.5, 1);
    EXPECT_NEAR(plan.object_bytes[image + 20], webp * 2, 2);
  }
  // As without formats.
  const Plan plain =
      compile_plan(scenario(pictures, {"traffic.classes.image.objects.formats=none"}));
  for (std::uint32_t image = 6; image < 16; ++image)
    EXPECT_EQ(plan.object_bytes[image + 10], plain.object_bytes[image]);
}

std::int64_t fetches_after(const std::string& purge) {
  return Trial(scenario(pictures, {"timeline=[{at: 10s, event: purge, " + purge + "}]"}))
      .sum(Counter::origin_fetches);
}

// Everything fits in and stays fresh, so only purges make the edge ask the API again.
TEST(Formats, ArePurgedTogether) {
  EXPECT_EQ(fetches_after("key: 2"), 1);
  for (const char* number : {"key: 9", "key: 19", "key: 29"}) EXPECT_EQ(fetches_after(number), 3);
  EXPECT_EQ(fetches_after("share: 100%"), 36);
  std::int64_t all = 0;
  for (int tag = 0; tag < 4; ++tag) {
    const std::int64_t fetches = fetches_after("tag: " + std::to_string(tag) + " of 4");
    all += fetches;
  }
  EXPECT_EQ(all, 36);
}

// Uncacheable is the content: of 16 of them, each image in all formats or in none.
TEST(Formats, AreUncacheableTogether) {
  const Plan plan = compile_plan(scenario(pictures, {"edge.cache.uncacheable={share: 50%}"}));
  int uncacheable = 0;
  for (std::uint32_t image = 6; image < 16; ++image) {
    uncacheable += plan.is_uncacheable(image) ? 1 : 0;
    EXPECT_EQ(plan.is_uncacheable(image + 10), plan.is_uncacheable(image));
    EXPECT_EQ(plan.is_uncacheable(image + 20), plan.is_uncacheable(image));
  }
  EXPECT_GT(uncacheable, 0);
  EXPECT_LT(uncacheable, 10);
}

TEST(Formats, AResultUpdatesOneAndPurgesTheOthers) {
  const std::vector<std::string> writing = {
      "api.enqueue={probability: 100%}", "links.workers_to_edge=1ms", "links.api_to_workers=1ms",
      "workers={replicas: 50, service: {deterministic: {value: 1ms}}, write_back: {edge: update}}"};
  std::vector<std::string> plain = writing;
  plain.emplace_back("traffic.classes.image.objects.formats=none");
  EXPECT_EQ(Trial(scenario(pictures, plain)).sum(Counter::edge_job_purges), 0);
  const Trial run(scenario(pictures, writing));
  EXPECT_GT(run.sum(Counter::edge_job_purges), 100);
  EXPECT_GT(run.sum(Counter::edge_job_updates), run.sum(Counter::edge_job_purges) / 2);
}

}  // namespace
}  // namespace haldane::models
