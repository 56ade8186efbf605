#include "server/verdict_request.h"

#include <string>
#include <utility>

#include <fmt/format.h>

#include "analysis/ingest/formats/read_observations.h"
#include "analysis/ingest/input_format.h"
#include "analysis/judge/read_policy.h"
#include "config/json_field.h"
#include "config/json_text.h"
#include "config/nearest.h"
#include "config/problems.h"
#include "config/quantity.h"

namespace haldane::server {
namespace {

using config::JsonField;
using config::JsonProblems;

void read_policy(const JsonField& field, JsonProblems& problems,
                 std::optional<analysis::JudgePolicy>& policy) {
  if (!field.present()) return;
  const JsonField::Json& json = *field.json();
  if (!json.is_string() && !json.is_object()) {
    field.wrong("YAML text or an object");
    return;
  }
  // JSON is YAML, but the lines of this dump are nobody's.
  auto parsed = analysis::read_policy(
      json.is_string() ? json.get_ref<const std::string&>() : json.dump(), "policy");
  if (parsed) {
    policy = std::move(parsed).value();
    return;
  }
  Diagnostics wrong = parsed.error();
  if (json.is_object()) {
    for (Diagnostic& problem : wrong) problem.line = problem.column = 0;
  }
  problems.add_all(wrong, field.path());
}

void read_format(const JsonField& field, std::optional<analysis::InputFormat>& format) {
  std::string name;
  if (!field.text(name)) return;
  format = analysis::format_named(name);
  if (!format)
    field.fail("SRV-105", "is no format", config::suggest(name, analysis::format_names()));
}

void read_query(const JsonField& field, std::string& query) {
  field.only({"query"});
  const JsonField member = field["query"];
  if (member.text(query) && query.empty()) member.fail("SRV-102", "must not be empty");
}

void read_arm(const JsonField& field, analysis::Arm arm, JsonProblems& problems,
              analysis::ObservationTable& table, std::string& query) {
  if (!field.present()) return;
  if (field["query"].present()) return read_query(field, query);
  analysis::ReadOptions how;
  how.arm = arm;
  std::string name = field.path();
  std::string text;
  if (field.json()->is_object()) {
    field.only({"text", "format", "name"});
    read_format(field["format"], how.format);
    field["name"].text(name);
    if (!field.required("text").text(text)) return;
  } else if (field.json()->is_string()) {
    field.text(text);
  } else {
    field.wrong("text or an object");
    return;
  }
  auto read = analysis::read_observations_text(std::move(text), name, how);
  if (read) {
    table = std::move(read).value();
  } else {
    problems.add_all(read.error().diagnostics, field.path());
  }
}

// At least a second, as a text with a unit.
void read_duration(const JsonField& field, double& seconds) {
  std::string text;
  if (!field.text(text)) return;
  const auto duration = config::parse_seconds(text);
  if (!duration) {
    field.fail("SRV-106", duration.error().message, duration.error().hint);
  } else if (!(*duration >= 1)) {
    field.fail("SRV-106", "must be at least 1s, but was " + config::excerpt(text));
  } else {
    seconds = *duration;
  }
}

void read_window(const JsonField& root, VerdictRequest& request) {
  read_duration(root["since"], request.since_s);
  read_duration(root["step"], request.step_s);
  if (request.since_s / request.step_s <= range_points_max) return;
  root["since"].fail("SRV-106", fmt::format("must be at most {:g} steps", range_points_max));
}

void read_answer(const JsonField& field, bool& full) {
  std::string word = "short";
  if (field.present() && !field.text(word)) return;
  full = word == "full";
  if (!full && word != "short") field.fail("SRV-105", "must be short or full");
}

}  // namespace

Parsed<VerdictRequest> read_verdict_request(const std::string& body) {
  const auto document = config::parse_json(body, "", "SRV");
  if (!document) return Unexpected{document.error()};
  JsonProblems problems("", "SRV");
  VerdictRequest request;
  const JsonField root(&*document, "", &problems);
  if (!document->is_object()) {
    problems.add("SRV-102", "", "must be an object, but was " + config::excerpt_of(*document));
  } else {
    root.only({"policy", "baseline", "canary", "since", "step", "answer"});
    read_policy(root["policy"], problems, request.policy);
    read_arm(root.required("baseline"), analysis::Arm::baseline, problems, request.baseline,
             request.baseline_query);
    read_arm(root.required("canary"), analysis::Arm::canary, problems, request.canary,
             request.canary_query);
    read_window(root, request);
    read_answer(root["answer"], request.full);
  }
  if (!problems.empty()) return Unexpected{problems.take()};
  return request;
}

}  // namespace haldane::server
