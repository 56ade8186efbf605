// Wrong traffic: each mistake gives its own diagnostic, at its place.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/spec/read_scenario.h"

namespace haldane::models {
namespace {

using testing::ElementsAre;

constexpr const char* good = R"(schema: haldane.scenario/1
name: good
duration: 60s
warmup: 10s
traffic:
  arrivals: {process: poisson, rate: 100/s}
  objects: {count: 1k, popularity: {zipf: 0.9}}
edge: {sites: 2, nodes_per_site: 2, cache: {policy: lru, capacity: {objects: 100}}}
)";

std::vector<std::string> ids_and_paths(const Diagnostics& diagnostics) {
  std::vector<std::string> result;
  for (const Diagnostic& d : diagnostics) result.push_back(d.id + " " + d.path);
  return result;
}

Diagnostics mistakes_of_classes(const std::string& classes) {
  std::string text = good;
  const std::string objects = "  objects: {count: 1k, popularity: {zipf: 0.9}}\n";
  text.replace(text.find(objects), objects.size(), "  classes: " + classes + "\n");
  const auto parsed = read_scenario(text, "a.yaml", {});
  return parsed ? Diagnostics{} : parsed.error();
}

TEST(ScenarioRules, ClassesShareTheRequests) {
  const std::string objects = "objects: {count: 10}";
  const std::string sized = "objects: {count: 10, size: {deterministic: {value: 1kB}}}";
  const std::string page = "page: {share: 60%, " + objects + "}";
  EXPECT_EQ(to_string(mistakes_of_classes("{" + page + ", img: {share: 40%, " + objects + "}}")),
            "");
  const auto found = [](const std::string& classes) {
    return ids_and_paths(mistakes_of_classes(classes));
  };
  EXPECT_THAT(found("{" + page + "}"), ElementsAre("SCN-461 traffic.classes"));
  EXPECT_THAT(found("{" + page + ", img: {share: 40%, " + sized + "}}"),
              ElementsAre("SCN-463 traffic.classes"));
  EXPECT_THAT(found("{" + page + ", 'a b': {share: 40%, " + objects + "}}"),
              ElementsAre("SCN-460 traffic.classes.a b"));
  EXPECT_THAT(found("{" + page + ", img: {share: 40%}}"),
              ElementsAre("CFG-103 traffic.classes.img.objects"));
  EXPECT_THAT(found("{" + page + ", img: {share: 0%, " + objects + "}}"),
              ElementsAre("SCN-461 traffic.classes", "CFG-107 traffic.classes.img.share"));
  EXPECT_THAT(found("{page: {share: 50%, objects: {count: 1G}}, img: {share: 50%, objects: "
                    "{count: 1G}}}"),
              ElementsAre("SCN-462 traffic.classes"));
  EXPECT_THAT(found("{page: {share: 50%, objects: {count: 100M}}, img: {share: 50%, objects: "
                    "{count: 100M}}}"),
              ElementsAre("SCN-302 traffic.classes"));
  EXPECT_THAT(found("{}"), ElementsAre("CFG-107 traffic.classes"));
  EXPECT_THAT(found("7"), ElementsAre("CFG-104 traffic.classes"));
}

}  // namespace
}  // namespace haldane::models
