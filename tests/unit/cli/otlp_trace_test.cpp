// Spans as an OTLP receiver reads them.
#include "cli/simulate/otlp_trace.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "models/spec/read_scenario.h"
#include "models/trace_requests.h"

namespace haldane::cli {
namespace {

using Json = nlohmann::json;

constexpr const char* small = R"(
schema: haldane.scenario/1
name: traced
duration: 20s
warmup: 0s
traffic:
  arrivals: {process: poisson, rate: 50/s}
  objects: {count: 100, popularity: {zipf: 0.9}}
  client: {timeout: 1s, attempts: 2, backoff: {base: 10ms, factor: 2, cap: 1s, jitter: none}}
edge:
  cache: {policy: lru, capacity: {objects: 20}, ttl: 5s, start: cold}
  hit_latency: {deterministic: {value: 500us}}
links: {edge_to_api: 2ms, api_to_workers: 1ms}
api: {replicas: 2, service: {exponential: {mean: 5ms}}, enqueue: {probability: 50%}, failure_probability: 10%}
workers: {replicas: 1, service: {exponential: {mean: 5ms}}}
)";

struct Span {
  std::string service;
  Json json;
  [[nodiscard]] std::int64_t from() const {
    return std::stoll(json.at("startTimeUnixNano").get<std::string>());
  }
  [[nodiscard]] std::int64_t to() const {
    return std::stoll(json.at("endTimeUnixNano").get<std::string>());
  }
};

std::map<std::string, Span> spans_of(const std::string& text) {
  std::map<std::string, Span> spans;
  const Json document = Json::parse(text);
  for (const Json& resource : document.at("resourceSpans")) {
    const Json& name = resource.at("resource").at("attributes").at(0);
    EXPECT_EQ(name.at("key"), "service.name");
    for (const Json& span : resource.at("scopeSpans").at(0).at("spans")) {
      const Span one{name.at("value").at("stringValue").get<std::string>(), span};
      EXPECT_TRUE(spans.emplace(span.at("spanId").get<std::string>(), one).second);
    }
  }
  return spans;
}

models::Plan plan() {
  const auto scenario = models::read_scenario(small, "traced.yaml");
  EXPECT_TRUE(scenario) << to_string(scenario.error());
  return models::compile_plan(*scenario);
}

// As far apart as the scenario's links are long.
void expect_link(const Span& span, const Span& parent) {
  if (span.service == "api") {
    EXPECT_EQ(parent.service, "edge");
    EXPECT_EQ(span.from() - parent.from(), 2'000'000);
    EXPECT_EQ(parent.to() - span.to(), 2'000'000);
  }
  if (span.service == "workers") {
    EXPECT_EQ(parent.service, "api");
    EXPECT_EQ(span.from() - parent.to(), 1'000'000);
  }
}

void expect_identity(const std::string& id, std::size_t length) {
  EXPECT_EQ(id.size(), length);
  EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), std::string::npos);
}

TEST(OtlpTrace, SpansHangTogether) {
  const models::Plan run = plan();
  const auto traced = models::trace_requests(run, {}, models::RequestChoice::share(1));
  const auto spans = spans_of(otlp_trace_json(run, traced.visits));
  std::map<std::string, int> services;
  std::set<std::string> traces;
  std::size_t roots = 0;
  for (const auto& [id, span] : spans) {
    ++services[span.service];
    traces.insert(span.json.at("traceId").get<std::string>());
    expect_identity(id, 16);
    expect_identity(span.json.at("traceId").get<std::string>(), 32);
    EXPECT_LE(span.from(), span.to());
    if (!span.json.contains("parentSpanId")) {
      ++roots;
      EXPECT_EQ(span.service, "client");
      continue;
    }
    const Span& parent = spans.at(span.json.at("parentSpanId").get<std::string>());
    EXPECT_EQ(parent.json.at("traceId"), span.json.at("traceId"));
    expect_link(span, parent);
  }
  EXPECT_EQ(roots, traces.size());
  EXPECT_EQ(services["client"], static_cast<int>(roots));
  EXPECT_NEAR(static_cast<double>(roots), 1'000, 160);
  EXPECT_GT(services["api"], 100);
  EXPECT_GT(services["workers"], 50);
}

TEST(OtlpTrace, ServersAreResources) {
  const models::Plan run = plan();
  const auto traced = models::trace_requests(run, {}, models::RequestChoice::share(1));
  std::set<std::string> instances;
  const Json document = Json::parse(otlp_trace_json(run, traced.visits));
  for (const Json& resource : document.at("resourceSpans")) {
    const Json& attributes = resource.at("resource").at("attributes");
    if (attributes.size() < 3) continue;
    EXPECT_EQ(attributes.at(2).at("key"), "service.instance.id");
    EXPECT_TRUE(
        instances.insert(attributes.at(2).at("value").at("stringValue").get<std::string>()).second);
  }
  EXPECT_EQ(instances, (std::set<std::string>{"cell-0/replica-0", "cell-0/replica-1", "worker-0"}));
}

bool has_attribute(const Span& span, const std::string& key) {
  const Json& attributes = span.json.at("attributes");
  return std::ranges::any_of(attributes, [&](const Json& each) { return each.at("key") == key; });
}

// Nobody is turned away here, so somebody serves every attempt and every job.
TEST(OtlpTrace, SpansNameWhoServed) {
  const models::Plan run = plan();
  const auto traced = models::trace_requests(run, {}, models::RequestChoice::share(1));
  std::size_t served = 0;
  for (const auto& [id, span] : spans_of(otlp_trace_json(run, traced.visits))) {
    EXPECT_EQ(has_attribute(span, "haldane.replica"), span.service == "api");
    EXPECT_EQ(has_attribute(span, "haldane.worker"), span.service == "workers");
    served += span.service == "api" || span.service == "workers" ? 1U : 0U;
  }
  EXPECT_GT(served, 150U);
}

TEST(OtlpTrace, ErrorsHaveAStatus) {
  const models::Plan run = plan();
  const auto traced = models::trace_requests(run, {}, models::RequestChoice::share(1));
  std::size_t failed = 0;
  for (const auto& [id, span] : spans_of(otlp_trace_json(run, traced.visits))) {
    if (!span.json.contains("status")) continue;
    EXPECT_EQ(span.json.at("status").at("code"), 2);
    EXPECT_EQ(span.json.at("status").at("message"), "failed");
    if (span.service == "api") ++failed;
  }
  EXPECT_GT(failed, 10U);
}

TEST(OtlpTrace, OfNobodyIsADocument) {
  EXPECT_TRUE(spans_of(otlp_trace_json(plan(), {})).empty());
}

}  // namespace
}  // namespace haldane::cli
