// Wrong traffic: each mistake gives its own diagnostic, at its place.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/spec/read_scenario.h"
#include "tests/unit/spec/mistakes.h"

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
api: {replicas: 4, balancer: random, service: {exponential: {mean: 5ms}}}
workers: {replicas: 2, service: {exponential: {mean: 5ms}}}
)";

Diagnostics mistakes_with(const std::vector<std::string>& overrides) {
  const auto parsed = read_scenario(good, "a.yaml", overrides);
  return parsed ? Diagnostics{} : parsed.error();
}

/// One override, one diagnostic.
struct Mistake {
  const char* override_text;
  const char* id;
  const char* path;
};

constexpr Mistake mistakes[] = {
    {"traffic.objects.popularity.shift=-1", "CFG-107", "traffic.objects.popularity.shift"},
    {"traffic.objects.popularity={weights: no-such-file}", "SCN-205",
     "traffic.objects.popularity.weights"},
    {"traffic.objects.popularity={zipf: 1, weights: a.txt}", "CFG-109",
     "traffic.objects.popularity"},
    {"traffic.objects.drift={every: 1s, ranks: 1001}", "SCN-473", "traffic.objects.drift.ranks"},
    {"traffic.objects.drift={every: 0s, ranks: 1}", "CFG-107", "traffic.objects.drift.every"},
    {"traffic.objects.one_hit_wonders=100%", "CFG-107", "traffic.objects.one_hit_wonders"},
    {"traffic.arrivals={process: hawkes, base: 5/s, branching: 1, decay: 1s}", "CFG-107",
     "traffic.arrivals.branching"},
    {"traffic.arrivals={process: hawkes, base: 50M/s, branching: 0.9, decay: 1s}", "SCN-301",
     "traffic.arrivals.branching"},
    {"traffic.arrivals={process: sessions, rate: 50M/s, requests: 3, pause: {deterministic: "
     "{value: 0s}}}",
     "SCN-301", "traffic.arrivals.requests"},
    {"traffic.arrivals={process: sessions, rate: 5k/s, requests: 30, pause: {exponential: {mean: "
     "1h}}}",
     "SCN-466", "traffic.arrivals.pause"},
    {"traffic.arrivals.curve.day=[{at: 5h, factor: 1}, {at: 5h, factor: 2}]", "SCN-467",
     "traffic.arrivals.curve.day"},
    {"traffic.arrivals.curve.day=[]", "CFG-107", "traffic.arrivals.curve.day"},
    {"traffic.arrivals.curve.day=[{at: 24h, factor: 1}]", "CFG-107",
     "traffic.arrivals.curve.day[0].at"},
    {"traffic.arrivals.curve.day={peak: 5h, swing: 101%}", "CFG-107",
     "traffic.arrivals.curve.day.swing"},
    {"traffic.arrivals.curve.week=[1, 1, 1]", "SCN-468", "traffic.arrivals.curve.week"},
    {"traffic.arrivals.curve.week=[0, 0, 0, 0, 0, 0, 0]", "SCN-469", "traffic.arrivals.curve"},
    {"traffic.arrivals.curve={week: [1, 1, 1, 1, 1, 1, 2], step: 0s}", "CFG-107",
     "traffic.arrivals.curve.step"},
    {"traffic.arrivals={process: poisson, rate: 90M/s, curve: {day: {peak: 0h, swing: 50%}}}",
     "SCN-301", "traffic.arrivals.curve"},
    {"traffic.arrivals.sites=[{weight: 2}]", "SCN-465", "traffic.arrivals.sites"},
    {"traffic.arrivals.sites=[{weight: 0}, {weight: 0}]", "SCN-469", "traffic.arrivals.sites"},
    {"traffic.arrivals.sites=[{offset: 25h}, {}]", "CFG-107", "traffic.arrivals.sites[0].offset"},
    {"slos=[{name: a, good: errors, target: 99%}]", "SCN-480", "slos[0].good"},
    {"slos=[{name: a, good: requests.latency_ms > 5, target: 99%}]", "SCN-480", "slos[0].good"},
    {"slos=[{name: a, good: requests.latency_ms < 5s, target: 99%}]", "SCN-480", "slos[0].good"},
    {"slos=[{name: a, good: requests.latency_ms < -5, target: 99%}]", "SCN-480", "slos[0].good"},
    {"slos=[{name: a, good: requests.rate_per_s < 5, target: 99%}]", "SCN-602", "slos[0].good"},
    {"slos=[{name: a, good: success, target: 100%}]", "CFG-107", "slos[0].target"},
    {"slos=[{name: a, good: success, target: 99%, window: 0s}]", "CFG-107", "slos[0].window"},
    {"slos=[{name: '', good: success, target: 99%}]", "SCN-481", "slos[0].name"},
    {"slos=[{name: a, good: success}]", "CFG-103", "slos[0].target"},
    {"timeline=[{at: 1s, event: bad_release, share: 10%}]", "SCN-477", "timeline[0]"},
    {"timeline=[{at: 1s, event: packet_loss, link: edge_to_api, probability: 51%}]", "CFG-107",
     "timeline[0].probability"},
    {"timeline=[{at: 1s, event: packet_loss, link: edge_to_dns, probability: 1%}]", "CFG-105",
     "timeline[0].link"},
    {"links.loss={edge_to_api: 60%}", "CFG-107", "links.loss.edge_to_api"},
    {"links.loss={retransmission_timeout: 0s}", "CFG-107", "links.loss.retransmission_timeout"},
    {"timeline=[{at: 1s, event: slow_down, tier: api, factor: 2, replicas: 5}]", "SCN-503",
     "timeline[0].replicas"},
    {"timeline=[{at: 1s, event: slow_down, tier: workers, factor: 2, replicas: 1}]", "SCN-478",
     "timeline[0].replicas"},
    {"faults=[{event: purge, every: {exponential: {mean: 0s}}}]", "CFG-107",
     "faults[0].every.exponential.mean"},
    {"faults=[{event: purge, every: {deterministic: {value: 0s}}}]", "SCN-204", "faults[0].every"},
    {"faults=[{event: purge, every: {exponential: {mean: 1ms}}}]", "SCN-476", "faults"},
    {"faults=[{event: purge}]", "CFG-103", "faults[0].every"},
    {"faults=[{event: ramp, every: {exponential: {mean: 9s}}}]", "CFG-105", "faults[0].event"},
    {"faults=[{event: surge, factor: 2, every: {exponential: {mean: 9s}}}]", "CFG-103",
     "faults[0].for"},
    {"faults=[{event: surge, factor: 2, every: {exponential: {mean: 9s}}, for: 5s}]", "CFG-104",
     "faults[0].for"},
    {"faults=[{event: site_failure, site: 7, every: {exponential: {mean: 9s}}, for: {exponential: "
     "{mean: 1s}}}]",
     "SCN-502", "faults[0].site"},
    {"timeline=[{at: 1s, event: ramp, factor: 2, over: 9s, for: 5s}]", "SCN-470",
     "timeline[0].over"},
    {"timeline=[{at: 1s, event: flash_crowd, factor: 1, rise: 1s, decay: 5s}]", "CFG-107",
     "timeline[0].factor"},
    {"timeline=[{at: 1s, event: flash_crowd, factor: 100000000, rise: 1s, decay: 5s}]", "CFG-107",
     "timeline[0].factor"},
    {"timeline=[{at: 1s, event: flash_crowd, factor: 5, rise: 1s, decay: 5s, for: 5s}]", "CFG-102",
     "timeline[0].for"},
};

TEST(TrafficRules, EachMistakeHasItsDiagnostic) {
  for (const Mistake& mistake : mistakes) {
    const Diagnostics found = mistakes_with({mistake.override_text});
    EXPECT_THAT(ids_and_paths(found), ElementsAre(std::string(mistake.id) + " " + mistake.path))
        << mistake.override_text << "\n"
        << to_string(found);
  }
}

TEST(TrafficRules, SingleReplicasNeedAQueueEach) {
  EXPECT_THAT(ids_and_paths(mistakes_with(
                  {"api.balancer=central_queue",
                   "timeline=[{at: 1s, event: bad_release, share: 10%, factor: 2}]"})),
              ElementsAre("SCN-478 timeline[0].event"));
}

TEST(TrafficRules, WeightsOfObjectsComeFromAFile) {
  const auto read = [](const std::string& content, const std::string& objects) {
    const config::FileReader files = [&content](const std::string&, std::size_t) {
      return Expected<std::string, config::FileError>(content);
    };
    return read_scenario(good, "a.yaml", std::vector{"traffic.objects=" + objects}, files);
  };
  const auto parsed = read("3\n# a comment\n0.5\n\n10\n", "{popularity: {weights: w.txt}}");
  ASSERT_TRUE(parsed.has_value()) << to_string(parsed.error());
  EXPECT_EQ(parsed->traffic.objects.count, 3U);
  EXPECT_THAT(parsed->traffic.objects.weights, ElementsAre(10, 3, 0.5));
  const auto found = [&read](const std::string& content, const std::string& objects) {
    const auto result = read(content, objects);
    return result ? std::vector<std::string>{} : ids_and_paths(result.error());
  };
  const std::string weights = "{popularity: {weights: w.txt}}";
  EXPECT_THAT(found("1\n2\n", "{count: 3, popularity: {weights: w.txt}}"),
              ElementsAre("SCN-472 traffic.objects.count"));
  EXPECT_THAT(found("0\n0\n", weights), ElementsAre("SCN-471 traffic.objects.popularity.weights"));
  EXPECT_THAT(found("", weights), ElementsAre("SCN-205 traffic.objects.popularity.weights"));
  for (const std::string bad : {"1\nnan\n", "-1\n", "1e999\n", "one\n"}) {
    EXPECT_THAT(found(bad, weights), ElementsAre("SCN-206 traffic.objects.popularity.weights"))
        << bad;
  }
}

TEST(TrafficRules, OneHitWondersNeedAnOpenStreamAndRoom) {
  const std::string once = "traffic.objects.one_hit_wonders=10%";
  EXPECT_EQ(to_string(mistakes_with({once})), "");
  EXPECT_THAT(ids_and_paths(mistakes_with(
                  {once,
                   "traffic.arrivals={process: closed_loop, clients: 5, think: {exponential: "
                   "{mean: 1s}}}"})),
              ElementsAre("SCN-475 traffic.arrivals.process"));
  EXPECT_THAT(ids_and_paths(mistakes_with({once, "traffic.arrivals.rate=50M/s"})),
              ElementsAre("SCN-302 traffic.objects.count"));
}

Diagnostics mistakes_of_classes(const std::string& classes,
                                const std::vector<std::string>& overrides = {}) {
  std::string text = good;
  const std::string objects = "  objects: {count: 1k, popularity: {zipf: 0.9}}\n";
  text.replace(text.find(objects), objects.size(), "  classes: " + classes + "\n");
  const auto parsed = read_scenario(text, "a.yaml", overrides);
  return parsed ? Diagnostics{} : parsed.error();
}

TEST(TrafficRules, ServiceTimesOfClassesNeedAnApi) {
  const std::string page = "{page: {share: 100%, objects: {count: 10}, service: ";
  const std::string law = "{exponential: {mean: 5ms}}";
  EXPECT_EQ(to_string(mistakes_of_classes(page + law + "}}")), "");
  EXPECT_THAT(ids_and_paths(mistakes_of_classes(page + law + "}}", {"api=none", "workers=none"})),
              ElementsAre("SCN-447 traffic.classes"));
  EXPECT_THAT(ids_and_paths(mistakes_of_classes(page + "5ms}}")),
              ElementsAre("CFG-104 traffic.classes.page.service"));
}

TEST(TrafficRules, ClassesShareTheRequests) {
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

TEST(TrafficRules, FormatsShareTheRequestsForACatalogue) {
  const auto found = [](const std::string& formats) {
    return ids_and_paths(mistakes_with({"traffic.objects.formats=" + formats}));
  };
  const std::string path = "traffic.objects.formats";
  EXPECT_THAT(found("{webp: {share: 70%}, jpeg: {share: 30%, size_factor: 1}}"), ElementsAre());
  EXPECT_THAT(found("{webp: {share: 70%}, jpeg: {share: 20%}}"), ElementsAre("SCN-490 " + path));
  EXPECT_THAT(found("{webp: {share: 100%}}"), ElementsAre("CFG-107 " + path));
  EXPECT_THAT(found("{webp: {share: 70%}, 'J P': {share: 30%}}"),
              ElementsAre("SCN-460 " + path + ".J P"));
  EXPECT_THAT(found("{webp: {share: 70%}, jpeg: {share: 30%, size_factor: 1.4}}"),
              ElementsAre("SCN-492 " + path));
  EXPECT_THAT(found("{webp: {share: 70%}, jpeg: {size_factor: 5000}}"),
              ElementsAre("CFG-103 " + path + ".jpeg.share",
                          "CFG-107 " + path + ".jpeg.size_factor", "SCN-490 " + path));
  EXPECT_THAT(found("7"), ElementsAre("CFG-104 " + path));
  EXPECT_THAT(ids_and_paths(mistakes_with({"traffic.objects.count=800M",
                                           path + "={webp: {share: 70%}, jpeg: {share: 30%}}"})),
              ElementsAre("SCN-302 traffic.objects.count", "SCN-491 " + path));
}

// Of a random word enough has to be left for the object.
TEST(TrafficRules, NoPartOfTheRequestsIsTooSmall) {
  EXPECT_THAT(ids_and_paths(mistakes_with({"traffic.objects.one_hit_wonders=99.99999%"})),
              ElementsAre("SCN-493 traffic.objects"));
  EXPECT_THAT(ids_and_paths(mistakes_of_classes(
                  "{page: {share: 99.999%, objects: {count: 9}}, img: {share: 0.001%, objects: "
                  "{count: 9, formats: {webp: {share: 99%}, jpeg: {share: 1%}}}}}")),
              ElementsAre("SCN-493 traffic.classes.img.objects"));
}

}  // namespace
}  // namespace haldane::models
