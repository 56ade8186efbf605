#include "cli/judge/follow_report.h"

#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "analysis/report/verdict_report.h"

namespace haldane::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string utc(double unix_s) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(static_cast<std::time_t>(unix_s)));
}

Json to_json(const LookedInput& input) {
  return {{"path", input.path}, {"bytes", input.bytes}, {"rows", input.rows}};
}

std::string first_reason(const analysis::Verdict& verdict) {
  return verdict.reasons.empty() ? "" : "  " + verdict.reasons.front();
}

std::string needs_words(const analysis::Needs& needs) {
  std::string words;
  if (needs.requests) words = fmt::format("  needs about {:.2g} more", *needs.requests);
  if (needs.minutes) words += fmt::format(" ({:.2g} min)", *needs.minutes);
  return words;
}

}  // namespace

std::string look_line(const Look& look, const analysis::Verdict& verdict) {
  std::string line = fmt::format(
      "look {}  +{:.0f} s  {}  score {:.0f}  rows {} / {}{}{}", look.number, look.elapsed_s,
      analysis::decision_name(verdict.decision), verdict.score, look.baseline.rows,
      look.canary.rows, needs_words(verdict.needs), first_reason(verdict));
  for (char& c : line) {
    if (c >= 0 && c < ' ') c = ' ';  // a name with a line end stays on one line
  }
  return line + "\n";
}

std::string look_json(const Look& look, const analysis::Verdict& verdict) {
  Json json = {{"schema", "haldane.look/1"},
               {"look", look.number},
               {"at", utc(look.at_s)},
               {"elapsed_s", look.elapsed_s},
               {"final", !look.ended_by.empty()}};
  json["ended_by"] = look.ended_by.empty() ? Json(nullptr) : Json(look.ended_by);
  json["verdict"] = analysis::decision_name(verdict.decision);
  json["inputs"] = Json::array({to_json(look.baseline), to_json(look.canary)});
  json["report"] = Json::parse(analysis::verdict_json(verdict));
  return dumped(json) + "\n";
}

std::string policy_text(const analysis::Verdict& verdict) {
  return dumped(Json::parse(analysis::verdict_json(verdict)).at("policy"));
}

}  // namespace haldane::cli
