#include "server/live_arms.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "analysis/ingest/formats/read_observations.h"
#include "config/quantity.h"
#include "server/problem.h"

namespace haldane::server {
namespace {

using nlohmann::json;

Diagnostic about(std::string_view arm, std::string_view id, std::string message) {
  Diagnostic problem;
  problem.id = id;
  problem.path = fmt::format("{}.query", arm);
  problem.message = std::move(message);
  return problem;
}

// The earliest time in a document of query_range; empty where it holds no point.
std::optional<double> first_time(const std::string& document) {
  const json parsed = json::parse(document, nullptr, false);
  const json series =
      parsed.is_object() ? parsed.value(json::json_pointer("/data/result"), json()) : json();
  std::optional<double> first;
  for (const json& one : series.is_array() ? series : json::array()) {
    for (const char* name : {"values", "histograms"}) {
      const auto points = one.is_object() ? one.find(name) : one.end();
      if (points == one.end() || !points->is_array() || points->empty()) continue;
      const json& point = points->front();
      if (!point.is_array() || point.empty() || !point.front().is_number()) continue;
      const double time_s = point.front().get<double>();
      first = first ? std::min(*first, time_s) : time_s;
    }
  }
  return first;
}

class Asking {
 public:
  Asking(const Site& site, VerdictRequest& request)
      : site_(site),
        request_(request),
        end_s_(std::floor(site.now_s() / request.step_s) * request.step_s) {}

  std::optional<Response> run() {
    double start_s = end_s_ - request_.since_s;
    std::optional<double> born_s;
    if (!request_.canary_query.empty()) {
      auto refused = ask("canary", request_.canary_query, start_s, request_.canary, born_s);
      if (refused) return refused;
      warn_of_age(born_s, start_s);
      start_s = born_s.value_or(start_s);
    }
    std::optional<double> ignored;
    if (request_.baseline_query.empty()) return std::nullopt;
    return ask("baseline", request_.baseline_query, start_s, request_.baseline, ignored);
  }

 private:
  std::optional<Response> ask(const char* arm, const std::string& query, double start_s,
                              analysis::ObservationTable& table, std::optional<double>& first_s) {
    const auto document = site_.ask_range({query, start_s, end_s_, request_.step_s});
    if (!document) {
      const RangeProblem& problem_found = document.error();
      if (problem_found.unavailable) return problem(502, problem_found.text);
      return bad_body({about(arm, "SRV-108", problem_found.text)});
    }
    table.path = query;
    first_s = first_time(*document);
    if (!first_s) {
      request_.warnings.push_back(fmt::format("{}: Prometheus has no such series", arm));
      return std::nullopt;
    }
    analysis::ReadOptions how;
    how.format = analysis::InputFormat::prometheus;
    auto read = analysis::read_observations_text(*document, query, how);
    if (!read) return of_no_use(arm, read.error().diagnostics);
    table = std::move(read).value();
    return std::nullopt;
  }

  static Response of_no_use(const char* arm, const Diagnostics& found) {
    Diagnostics problems;
    for (const Diagnostic& each : found) problems.push_back(about(arm, "SRV-108", each.message));
    return bad_body(problems);
  }

  // A window that slides begins anew at each look, and evidence of many beginnings has no promise.
  void warn_of_age(const std::optional<double>& born_s, double start_s) {
    if (!born_s || *born_s > start_s) return;
    request_.warnings.push_back(
        fmt::format("canary: it is older than the {} that were asked for, so looks begin at "
                    "different times and "
                    "the error rates do not hold for all of them together; give a longer since",
                    config::format_duration(Duration::from_seconds(request_.since_s))));
  }

  const Site& site_;
  VerdictRequest& request_;
  double end_s_;
};

}  // namespace

std::optional<Response> ask_arms(const Site& site, VerdictRequest& request) {
  Diagnostics forbidden;
  for (const auto& [arm, query] : {std::pair("baseline", &request.baseline_query),
                                   std::pair("canary", &request.canary_query)}) {
    if (query->empty() || site.ask_range) continue;
    forbidden.push_back(about(arm, "SRV-107", "needs a server that was started with --prometheus"));
  }
  if (!forbidden.empty()) return bad_body(forbidden);
  if (request.baseline_query.empty() && request.canary_query.empty()) return std::nullopt;
  return Asking(site, request).run();
}

}  // namespace haldane::server
