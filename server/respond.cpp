#include "server/respond.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "analysis/report/json_values.h"
#include "server/endpoints.h"
#include "server/problem.h"

namespace haldane::server {
namespace {

struct Endpoint {
  std::string_view path;
  Response (*answer)(const Site& site, const std::string& body);
};
constexpr std::array<Endpoint, 2> endpoints = {
    {{"/judge", answer_judge}, {"/verdict", answer_verdict}}};

std::string_view path_of(const Request& request) {
  return std::string_view(request.target).substr(0, request.target.find('?'));
}

bool is_reading(const Request& request) {
  return request.method == "GET" || request.method == "HEAD";
}

// Asked for by name, because a page in somebody's browser can send a body of any other type, or of
// none, to a server on that person's machine without being asked whether it may.
bool is_json(std::string_view content_type) {
  std::string name(content_type.substr(0, content_type.find(';')));
  name.erase(std::remove(name.begin(), name.end(), ' '), name.end());
  std::transform(name.begin(), name.end(), name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return name == "application/json";
}

Response wrong_method(const Request& request, const char* allow) {
  Response response =
      problem(405, fmt::format("{} is answered to {} only", path_of(request), allow));
  response.allow = allow;
  return response;
}

Response not_found(const Site& site) {
  std::string known = "POST /judge, POST /verdict, GET /health";
  for (const Document& document : site.documents) known += ", GET " + document.path;
  return problem(404, "there are " + known);
}

Response health(const Site& site) {
  return {200,
          "application/json",
          analysis::json_document({{"status", "ok"}, {"version", site.version}}),
          {}};
}

}  // namespace

bool is_quick(const Request& request) {
  return request.method != "POST";
}

Response respond(const Site& site, const Request& request) {
  const std::string_view path = path_of(request);
  for (const Endpoint& endpoint : endpoints) {
    if (endpoint.path != path) continue;
    if (request.method != "POST") return wrong_method(request, "POST");
    if (!is_json(request.content_type)) return problem(415, "send Content-Type: application/json");
    return endpoint.answer(site, request.body);
  }
  const auto document = std::find_if(site.documents.begin(), site.documents.end(),
                                     [path](const Document& d) { return d.path == path; });
  if (document == site.documents.end() && path != "/health") return not_found(site);
  if (!is_reading(request)) return wrong_method(request, "GET, HEAD");
  if (path == "/health") return health(site);
  return {200, "application/json", document->text, {}};
}

}  // namespace haldane::server
