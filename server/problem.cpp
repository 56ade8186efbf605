#include "server/problem.h"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "analysis/report/json_values.h"

namespace haldane::server {
namespace {

using analysis::Json;

constexpr std::array<std::pair<int, const char*>, 9> phrases = {{
    {400, "Bad Request"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {409, "Conflict"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {502, "Bad Gateway"},
}};

Json members(int status, const std::string& detail) {
  return {{"type", "about:blank"},
          {"title", reason_phrase(status)},
          {"status", status},
          {"detail", detail}};
}

Json entry(const Diagnostic& problem) {
  Json json = {{"id", problem.id}};
  if (!problem.path.empty()) json["path"] = problem.path;
  if (problem.line > 0) json["line"] = problem.line;
  if (problem.column > 0) json["column"] = problem.column;
  json["message"] = problem.message;
  if (!problem.hint.empty()) json["hint"] = problem.hint;
  return json;
}

Response answer(int status, const Json& json) {
  return {status, "application/problem+json", analysis::json_document(json), {}};
}

}  // namespace

std::string reason_phrase(int status) {
  for (const auto& [code, phrase] : phrases) {
    if (code == status) return phrase;
  }
  return "";
}

Response problem(int status, const std::string& detail) {
  return answer(status, members(status, detail));
}

Response bad_body(const Diagnostics& problems) {
  Json json = members(400, fmt::format("the body has {} problem{}", problems.size(),
                                       problems.size() == 1 ? "" : "s"));
  Json all = Json::array();
  for (const Diagnostic& diagnostic : problems) all.push_back(entry(diagnostic));
  json["problems"] = std::move(all);
  return answer(400, json);
}

}  // namespace haldane::server
