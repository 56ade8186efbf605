// The reader and schema/scenario.schema.json accept the same keys: neither can grow alone.
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <source_folder.h>

#include "config/problems.h"
#include "models/spec/metric_names.h"
#include "models/spec/read_law.h"
#include "models/spec/read_scenario.h"

namespace haldane::models {
namespace {

using Json = nlohmann::ordered_json;
using Keys = std::set<std::string>;

Json load_schema(const std::string& name) {
  std::ifstream file(std::string(HALDANE_SOURCE_DIR "/schema/") + name + ".schema.json");
  return Json::parse(file);
}

/// Collects the dotted paths of all properties below a schema; laws are leaves unless asked for.
class SchemaWalker {
 public:
  SchemaWalker(const Json& root, bool into_laws) : root_(root), into_laws_(into_laws) {}

  void walk(const Json& schema, const std::string& path, Keys& out) const {
    if (const auto ref = schema.find("$ref"); ref != schema.end()) {
      const std::string name = ref->get<std::string>().substr(std::string("#/$defs/").size());
      if (into_laws_ || !name.ends_with("_law")) walk(root_["$defs"][name], path, out);
    }
    for (const char* choice : {"anyOf", "oneOf"}) {
      if (!schema.contains(choice)) continue;
      for (const Json& option : schema[choice]) walk(option, path, out);
    }
    if (schema.contains("items")) walk(schema["items"], path + "[]", out);
    // Any name that is not a key: the documents of this test use "x".
    if (const auto named = schema.find("additionalProperties");
        named != schema.end() && named->is_object()) {
      out.insert(config::join_path(path, "x"));
      walk(*named, config::join_path(path, "x"), out);
    }
    if (!schema.contains("properties")) return;
    for (const auto& [key, value] : schema["properties"].items()) {
      const std::string inner = config::join_path(path, key);
      out.insert(inner);
      walk(value, inner, out);
    }
  }

 private:
  const Json& root_;
  bool into_laws_;
};

void add_traffic_documents(const std::string& head, std::vector<std::string>& documents) {
  documents.push_back(head +
                      "traffic: {classes: {x: {objects: {popularity: {}, drift: {}, "
                      "formats: {x: {}}}}}}\n");
  documents.push_back(head +
                      "traffic: {objects: {popularity: {zipf: 1}, drift: {}, formats: {x: {}}}}\n");
  documents.push_back(head + "traffic: {classes: {x: {objects: {popularity: {zipf: 1}}}}}\n");
  for (const char* day : {"{}", "[{}]"}) {
    documents.push_back(
        head + "traffic: {arrivals: {process: poisson, sites: [{}], curve: {day: " + day + "}}}\n");
  }
}

void add_scaler_documents(const std::string& head, std::vector<std::string>& documents) {
  for (const std::string kind :
       {"hpa", "keda", "kpa", "target_tracking", "schedule", "keda_jobs"}) {
    for (const std::string tier : {"edge", "api", "workers"}) {
      documents.push_back(head + tier + ": {autoscaler: {kind: " + kind +
                          ", metrics: [{}], steps: [{}], behavior: {scale_up: {policies: [{}]}, "
                          "scale_down: {policies: [{}]}}}}\n");
    }
  }
}

std::string every_tier() {
  return "edge: {shield: {capacity: {}}, proxies: {tls: {}}, spread: {kind: bounded}, rate_limit: "
         "{kind: leaky_bucket, "
         "tiers: [{}]}, cache: "
         "{capacity: {}, "
         "admission: {}, classes: {x: {}}, coalesce: {}, uncacheable: {}, revalidation: {}}}\n"
         "api: {enqueue: {}, route: {}, queue: {codel: {}}, dependency: {}, pauses: {}, "
         "slow_start: {}, balancer_slow_start: {}, memory: {}, weights: {groups: [{}]}, outliers: "
         "{success_rate: {}, "
         "failure_ratio: {}}}\n"
         "workers: {retries: {backoff: " +
         std::string("{base: 1s}") +
         "}, queue: {}, write_back: {api: {retries: {backoff: {}}}}, priorities: {classes: [{}]}, "
         "batch: {}, memory: {}}\n"
         "canary: {api: {enqueue: {}, slow: {}}, workers: {}}\n";
}

void add_limits(std::vector<std::string>& documents, const std::string& head) {
  for (const char* kind : {"fixed", "aimd", "vegas", "gradient2"})
    documents.push_back(head + "api: {limit: {kind: " + kind + "}}\n");
}

/// Every kind of arrival and event has its own keys, so one document cannot show them all.
std::vector<std::string> documents_with_every_section() {
  const std::string head =
      "schema: x\nname: x\nduration: 1s\nlinks: {loss: {}}\ncost: {}\nobjectives: []\nalerts: []\n"
      "slos: [{}]\n";
  const std::string backoff = "{base: 1s}";
  const std::string tiers = every_tier();
  std::vector<std::string> documents;
  for (const char* process : {"poisson", "mmpp", "hawkes", "sessions", "trace", "closed_loop"}) {
    documents.push_back(head + tiers + "traffic: {arrivals: {process: " + process +
                        "}, objects: {popularity: {}}, client: {backoff: " + backoff + "}}\n");
  }
  add_traffic_documents(head, documents);
  add_scaler_documents(head, documents);
  documents.push_back(
      head +
      "traffic: {client: {breaker: {}, hedge: {percentile: 1}}}\napi: {quota: {tiers: [{}]}}\n");
  for (const char* kind : {"grpc", "finagle", "envoy", "aws"})
    documents.push_back(head + "traffic: {client: {budget: {kind: " + kind + "}}}\n");
  add_limits(documents, head);
  for (const char* event :
       {"purge", "surge", "site_failure", "replica_failure", "slow_down", "failures", "ramp",
        "flash_crowd", "bad_release", "packet_loss", "deploy", "rollback"}) {
    documents.push_back(head + "timeline: [{event: " + event + "}]\n");
    documents.push_back(head + "faults: [{event: " + event + "}]\n");
  }
  for (const char* event : {"nodes", "warm_up"})
    documents.push_back(head + "timeline: [{event: " + event + "}]\n");
  return documents;
}

bool is_law_key(const std::string& path) {
  const std::string last = path.substr(path.rfind('.') + 1);
  for (const std::string_view law : law_names()) {
    if (last == law) return true;
  }
  return false;
}

TEST(ScenarioSchema, HasTheKeysOfTheReader) {
  Keys reader = {"extends"};  // handled where files are laid over each other
  for (const std::string& text : documents_with_every_section()) {
    config::Problems problems;
    (void)read_scenario_into(problems, text, "a.yaml", {}, {});
    for (const std::string& key : problems.known_keys()) {
      if (!is_law_key(key)) reader.insert(key);
    }
  }
  const Json schema = load_schema("scenario");
  Keys published;
  SchemaWalker(schema, false).walk(schema, "", published);
  EXPECT_EQ(reader, published);
}

TEST(ScenarioSchema, HasTheLawsOfTheReader) {
  Keys reader;
  for (const std::string_view law : law_names()) {
    const std::string text = "api: {service: {" + std::string(law) + ": {}}}\n";
    config::Problems problems;
    (void)read_scenario_into(problems, text, "a.yaml", {}, {});
    const std::string prefix = "api.service.";
    for (const std::string& key : problems.known_keys()) {
      if (key.starts_with(prefix)) reader.insert(key.substr(prefix.size()));
    }
  }
  const Json schema = load_schema("scenario");
  for (const char* name : {"duration_law", "size_law"}) {
    Keys published;
    SchemaWalker(schema, true).walk(schema["$defs"][name], "", published);
    EXPECT_EQ(reader, published) << name;
  }
}

TEST(ScenarioSchema, AllKeysAreDescribed) {
  for (const char* name : {"scenario", "policy", "run", "verdict"}) {
    const Json schema = load_schema(name);
    EXPECT_TRUE(schema.contains("description")) << name;
    EXPECT_EQ(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    for (const auto& [key, value] : schema["properties"].items()) {
      const bool described = value.contains("description") || value.contains("$ref");
      EXPECT_TRUE(described) << name << ": " << key;
    }
  }
}

TEST(RunSchema, RequiresEveryMetricOfTheContract) {
  const Json schema = load_schema("run");
  const auto required = schema["properties"]["metrics"]["required"].get<std::vector<std::string>>();
  EXPECT_EQ(required, metric_names());
}

}  // namespace
}  // namespace haldane::models
