#include "cli/simulate/otlp_trace.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sim/base/hash.h"

namespace haldane::cli {
namespace {

using Json = nlohmann::ordered_json;
using models::RequestVisit;
using Place = RequestVisit::Place;
using End = RequestVisit::End;

enum class Service : std::uint8_t { client, edge, api, workers };
enum class SpanKind : std::uint8_t { server = 2, client = 3, consumer = 5 };

constexpr std::string_view name_of(Service service) {
  constexpr std::array<std::string_view, 4> names = {"client", "edge", "api", "workers"};
  return names[static_cast<std::size_t>(service)];
}

constexpr std::string_view name_of(End end) {
  switch (end) {
    case End::done:
    case End::cached:
      break;
    case End::failed:
      return "failed";
    case End::rejected:
      return "rejected";
    case End::crashed:
      return "crashed";
  }
  return "";
}

Json attribute(std::string_view key, Json value) {
  Json one;
  one["key"] = key;
  one["value"] = std::move(value);
  return one;
}

Json text_attribute(std::string_view key, std::string_view text) {
  Json value;
  value["stringValue"] = text;
  return attribute(key, std::move(value));
}

Json number_attribute(std::string_view key, std::int64_t number) {
  Json value;
  value["intValue"] = std::to_string(number);
  return attribute(key, std::move(value));
}

Json flag_attribute(std::string_view key) {
  Json value;
  value["boolValue"] = true;
  return attribute(key, std::move(value));
}

/// Spans of the services, and the identities that they refer to each other by.
class TraceWriter {
 public:
  explicit TraceWriter(const models::Plan& plan)
      : plan_(plan), run_(mix(plan.scenario.seed + 0x5851f42d4c957f2dULL) | 1) {}

  /// All visits of one request.
  void add(std::span<const RequestVisit> visits) {
    trace_ = fmt::format("{:016x}{:016x}", run_, visits.front().id);
    spans_of_trace_ = 0;
    const auto client = std::find_if(visits.begin(), visits.end(), [](const RequestVisit& visit) {
      return visit.place == Place::client;
    });
    const std::string root = client != visits.end() ? add_client(*client) : std::string();
    Spans attempts;
    for (const RequestVisit& visit : visits) {
      if (visit.place == Place::api) attempts.emplace_back(&visit, add_attempt(visit, root));
    }
    Spans jobs;
    const Duration job_link = plan_.scenario.links.api_to_workers;
    for (const RequestVisit& visit : visits) {
      if (visit.place == Place::worker)
        jobs.emplace_back(&visit, add_job(visit, cause(visit, attempts, job_link, root)));
    }
    for (const RequestVisit& visit : visits) {
      if (visit.place == Place::write)
        add_write(visit, cause(visit, jobs, plan_.api_writes->link, root));
    }
  }

  [[nodiscard]] std::string text() const {
    std::string all = "{\"resourceSpans\":[";
    bool first = true;
    for (const auto& [resource, spans] : spans_) {
      all += first ? "\n" : ",\n";
      all += text_of(resource, spans);
      first = false;
    }
    return all + "\n]}\n";
  }

 private:
  struct Span {
    Service service;
    SpanKind kind;
    std::string_view name;
    std::string_view parent;
    SimTime from;
    SimTime to;
    End end = End::done;
  };

  using Resource = std::pair<Service, std::string>;  // and its instance, if that is known
  // Visits, and the identities of their spans.
  using Spans = std::vector<std::pair<const RequestVisit*, std::string>>;

  // The request's identity names the trace; its spans are numbered in the order in which they are
  // made here.
  std::string next_span_id(std::uint64_t id) {
    return fmt::format("{:016x}", mix(mix(id) + ++spans_of_trace_) | 1);
  }

  std::string add_span(const Span& span, const RequestVisit& visit, Json attributes) {
    std::string id = next_span_id(visit.id);
    Json one;
    one["traceId"] = trace_;
    one["spanId"] = id;
    if (!span.parent.empty()) one["parentSpanId"] = span.parent;
    one["name"] = span.name;
    one["kind"] = static_cast<int>(span.kind);
    const SimTime to = span.to == SimTime::never() ? std::max(plan_.end, span.from) : span.to;
    one["startTimeUnixNano"] = std::to_string(span.from.count_ns());
    one["endTimeUnixNano"] = std::to_string(to.count_ns());
    attributes.push_back(number_attribute("haldane.attempt", visit.attempt));
    if (plan_.arms() == 2)
      attributes.push_back(text_attribute("haldane.arm", visit.canary ? "canary" : "baseline"));
    add_server(attributes, span, visit);
    one["attributes"] = std::move(attributes);
    const std::string_view problem = name_of(span.end);
    if (!problem.empty()) {
      one["status"]["code"] = 2;
      one["status"]["message"] = problem;
    }
    std::string& spans = spans_[{span.service, instance_of(span, visit)}];
    if (!spans.empty()) spans += ",\n";
    spans += one.dump();
    return id;
  }

  std::string add_client(const RequestVisit& visit) {
    Json attributes = Json::array();
    attributes.push_back(text_attribute("haldane.request", std::to_string(visit.id)));
    attributes.push_back(
        number_attribute("haldane.site", static_cast<std::int64_t>(visit.id >> 40)));
    const std::string root = add_span(
        {Service::client, SpanKind::client, "request", {}, visit.arrived, visit.ended, visit.end},
        visit, std::move(attributes));
    if (visit.end == End::cached) {
      add_span({Service::edge, SpanKind::server, "cache", root, visit.started, visit.ended}, visit,
               Json::array());
    }
    return root;
  }

  // **Returns** the identity of the cell's span.
  std::string add_attempt(const RequestVisit& visit, std::string_view root) {
    const Duration link = plan_.scenario.links.edge_to_api;
    const SimTime answered = visit.ended == SimTime::never() ? visit.ended : visit.ended + link;
    std::string parent(root);
    if (plan_.scenario.edge) {
      Json attributes = Json::array();
      if (visit.background) attributes.push_back(flag_attribute("haldane.background"));
      parent = add_span({Service::edge, SpanKind::client, "fetch", root, visit.arrived - link,
                         answered, visit.end},
                        visit, std::move(attributes));
    }
    Json attributes = Json::array();
    attributes.push_back(number_attribute("haldane.cell", visit.number));
    add_wait(attributes, visit);
    return add_span(
        {Service::api, SpanKind::server, "serve", parent, visit.arrived, visit.ended, visit.end},
        visit, std::move(attributes));
  }

  // The span that a visit followed from: the last one that was done early enough.
  static std::string_view cause(const RequestVisit& visit, const Spans& spans, Duration link,
                                std::string_view root) {
    std::string_view parent = root;
    for (const auto& [before, span] : spans) {
      const bool could = before->end == End::done && before->ended != SimTime::never() &&
                         before->ended + link <= visit.arrived;
      if (could) parent = span;
    }
    return parent;
  }

  // **Returns** the identity of the span.
  std::string add_job(const RequestVisit& visit, std::string_view parent) {
    Json attributes = Json::array();
    add_wait(attributes, visit);
    return add_span({Service::workers, SpanKind::consumer, "job", parent, visit.arrived,
                     visit.ended, visit.end},
                    visit, std::move(attributes));
  }

  void add_write(const RequestVisit& visit, std::string_view parent) {
    Json attributes = Json::array();
    attributes.push_back(number_attribute("haldane.cell", visit.number));
    add_wait(attributes, visit);
    add_span(
        {Service::api, SpanKind::server, "write", parent, visit.arrived, visit.ended, visit.end},
        visit, std::move(attributes));
  }

  static void add_wait(Json& attributes, const RequestVisit& visit) {
    if (visit.end == End::rejected || visit.started == SimTime::never()) return;
    attributes.push_back(
        number_attribute("haldane.wait_ns", (visit.started - visit.arrived).count_ns()));
  }

  static bool has_server(const Span& span, const RequestVisit& visit) {
    return visit.server != RequestVisit::nobody &&
           (span.service == Service::api || span.service == Service::workers);
  }

  static void add_server(Json& attributes, const Span& span, const RequestVisit& visit) {
    if (!has_server(span, visit)) return;
    const bool api = span.service == Service::api;
    attributes.push_back(
        number_attribute(api ? "haldane.replica" : "haldane.worker", visit.server));
  }

  // Unique within its service; empty where it is not told apart.
  static std::string instance_of(const Span& span, const RequestVisit& visit) {
    if (!has_server(span, visit)) return {};
    if (span.service == Service::workers)
      return fmt::format("{}-{}", visit.number == 1 ? "canary" : "worker", visit.server);
    return fmt::format("cell-{}/{}-{}", visit.number, visit.canary ? "canary" : "replica",
                       visit.server);
  }

  // The spans of a run are text by then: as a tree they would need ten times the memory.
  [[nodiscard]] std::string text_of(const Resource& resource, const std::string& spans) const {
    const auto& [service, instance] = resource;
    Json attributes = Json::array();
    attributes.push_back(text_attribute("service.name", name_of(service)));
    attributes.push_back(text_attribute("service.namespace", plan_.scenario.name));
    if (!instance.empty()) attributes.push_back(text_attribute("service.instance.id", instance));
    return fmt::format(R"({{"resource":{{"attributes":{}}},"scopeSpans":[{{"scope":{{"name":)"
                       R"("haldane","version":"{}"}},"spans":[{}{}{}]}}]}})",
                       attributes.dump(), HALDANE_VERSION, "\n", spans, "\n");
  }

  const models::Plan& plan_;
  std::uint64_t run_;
  std::string trace_;
  std::uint64_t spans_of_trace_ = 0;
  std::map<Resource, std::string> spans_;  // JSON, one a line
};

}  // namespace

std::string otlp_trace_json(const models::Plan& plan,
                            std::span<const models::RequestVisit> visits) {
  TraceWriter writer(plan);
  for (std::size_t i = 0; i < visits.size();) {
    std::size_t end = i;
    while (end < visits.size() && visits[end].id == visits[i].id) ++end;
    writer.add(visits.subspan(i, end - i));
    i = end;
  }
  return writer.text();
}

}  // namespace haldane::cli
