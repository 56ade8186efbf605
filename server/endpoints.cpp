#include "server/endpoints.h"

#include <fmt/format.h>

#include "analysis/judge/judge.h"
#include "analysis/kayenta/remote/judge_request.h"
#include "analysis/kayenta/remote/request.h"
#include "analysis/report/json_values.h"
#include "analysis/report/verdict_report.h"
#include "server/live_arms.h"
#include "server/problem.h"
#include "server/verdict_request.h"

namespace haldane::server {
namespace {

namespace kayenta = analysis::kayenta;
using analysis::Json;
using analysis::json_number;

Json warnings_of(const VerdictRequest& request, const analysis::Verdict& verdict) {
  Json warnings = request.warnings;
  for (const analysis::ObservationTable* table : {&request.baseline, &request.canary}) {
    if (table->malformed_rows == 0) continue;
    warnings.push_back(fmt::format("{}: {} of {} rows could not be read and are left out",
                                   table->path, table->malformed_rows,
                                   table->rows + table->malformed_rows));
  }
  for (const std::string& assumption : verdict.assumptions) warnings.push_back(assumption);
  return warnings;
}

// What a controller decides by and keeps of every measurement, so it is small.
std::string short_answer(const VerdictRequest& request, const analysis::Verdict& verdict) {
  using analysis::Decision;
  return analysis::json_document({{"schema", "haldane.answer/1"},
                                  {"verdict", analysis::decision_name(verdict.decision)},
                                  {"passed", verdict.decision == Decision::promote},
                                  {"failed", verdict.decision == Decision::rollback},
                                  {"score", json_number(verdict.score)},
                                  {"n", request.baseline.rows + request.canary.rows},
                                  {"reasons", verdict.reasons},
                                  {"needs",
                                   {{"requests", json_number(verdict.needs.requests)},
                                    {"minutes", json_number(verdict.needs.minutes)}}},
                                  {"warnings", warnings_of(request, verdict)}});
}

}  // namespace

Response answer_judge(const Site& /*site*/, const std::string& body) {
  const auto request = kayenta::read_judge_request(body, "");
  if (!request) return bad_body(request.error());
  return {200,
          "application/json",
          kayenta::judge_result_json(*request, kayenta::judge_request(*request)),
          {}};
}

Response answer_verdict(const Site& site, const std::string& body) {
  auto request = read_verdict_request(body);
  if (!request) return bad_body(request.error());
  if (auto refused = ask_arms(site, *request)) return *std::move(refused);
  const analysis::Verdict verdict =
      request->policy ? analysis::judge(*request->policy, request->baseline, request->canary)
                      : analysis::judge_without_policy(request->baseline, request->canary);
  return {200,
          "application/json",
          request->full ? analysis::verdict_json(verdict) : short_answer(*request, verdict),
          {}};
}

}  // namespace haldane::server
