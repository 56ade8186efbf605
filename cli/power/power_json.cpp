// haldane.power/1: the contract, with nothing in it that a second run of the same input would not
// print as well.
#include "analysis/report/json_values.h"
#include "analysis/report/verdict_report.h"
#include "cli/power/power_result.h"

namespace haldane::cli {
namespace {

using analysis::Json;

Json share_json(const analysis::CountedShare& counted) {
  const analysis::ShareInterval interval = analysis::share_interval(counted);
  return {{"count", counted.count},
          {"share", counted.runs > 0 ? Json(counted.share()) : Json(nullptr)},
          {"ci_low", interval.low},
          {"ci_high", interval.high}};
}

Json judge_json(const analysis::JudgeSummary& judge) {
  return {{"judge", analysis::judge_name(judge.judge)},
          {"runs", judge.rollback.runs},
          {"rollback", share_json(judge.rollback)},
          {"promote", share_json(judge.promote)},
          {"inconclusive", share_json(judge.inconclusive)},
          {"rollback_by_look", judge.rollback_by_look},
          {"promote_by_look", judge.promote_by_look},
          {"decide_s",
           {{"p50", analysis::json_number(judge.decide_s_p50)},
            {"p90", analysis::json_number(judge.decide_s_p90)}}}};
}

std::string scale_name(analysis::Evidence::Scale scale) {
  return scale == analysis::Evidence::Scale::relative ? "relative" : "absolute";
}

Json info_json(const analysis::EntryInfo& info) {
  return {{"name", info.name},
          {"quantile", analysis::json_number(info.quantile)},
          {"role", analysis::role_name(info.role)}};
}

Json entry_json(const analysis::EntrySummary& entry) {
  Json json = info_json(entry.info);
  json["scale"] = scale_name(entry.scale);
  json["margin"] = entry.margin;
  json["effect"] = analysis::json_number(entry.effect);
  json["standard_error"] = analysis::json_number(entry.standard_error);
  json["beyond"] = entry.beyond;
  return json;
}

Json case_json(const PowerCase& one) {
  Json json = {{"effect", one.effect},
               {"change", one.change},
               {"expected", analysis::decision_name(one.summary.expected)},
               {"runs", one.summary.runs},
               {"judges", Json::array()},
               {"metrics", Json::array()}};
  for (const auto& judge : one.summary.judges) json["judges"].push_back(judge_json(judge));
  for (const auto& entry : one.summary.entries) json["metrics"].push_back(entry_json(entry));
  return json;
}

Json trial_json(const PowerTrial& trial) {
  Json json = {{"canary_share", trial.share},
               {"window_s", trial.window_s},
               {"enough", trial.enough},
               {"decided_s", analysis::json_number(trial.decided_s)},
               {"impossible", trial.impossible.empty() ? Json(nullptr) : Json(trial.impossible)},
               {"cases", Json::array()}};
  for (const PowerCase& one : trial.cases) {
    const auto& judge = one.summary.of(analysis::StudiedJudge::own);
    json["cases"].push_back({{"effect", one.effect},
                             {"runs", one.summary.runs},
                             {"rollback", share_json(judge.rollback)},
                             {"promote", share_json(judge.promote)}});
  }
  return json;
}

Json margins_json(const analysis::MarginAdvice& advice) {
  Json json = {{"metrics", Json::array()},
               {"checked_runs", advice.checked.runs},
               {"checked", share_json(advice.checked)}};
  for (const analysis::EntryMargin& entry : advice.entries) {
    Json one = info_json(entry.info);
    one["scale"] = scale_name(entry.scale);
    one["margin"] = entry.margin;
    one["at_least"] = analysis::json_number(entry.at_least);
    one["at_most"] = Json::array();
    for (const analysis::CatchLimit& limit : entry.limits) {
      one["at_most"].push_back(
          {{"effect", limit.effect}, {"margin", analysis::json_number(limit.at_most)}});
    }
    json["metrics"].push_back(std::move(one));
  }
  return json;
}

Json advice_json(const std::optional<PowerAdvice>& advice) {
  if (!advice) return nullptr;
  Json json = {{"power", advice->power},       {"partial", advice->partial},
               {"recommended", nullptr},       {"trials", Json::array()},
               {"harmless", advice->harmless}, {"margins", margins_json(advice->margins)}};
  for (const PowerTrial& trial : advice->trials) json["trials"].push_back(trial_json(trial));
  if (advice->chosen) {
    const PowerTrial& chosen = advice->trials[*advice->chosen];
    json["recommended"] = {{"canary_share", chosen.share},
                           {"window_s", analysis::json_number(chosen.decided_s)}};
  }
  return json;
}

}  // namespace

std::string power_json(const PowerResult& result) {
  const analysis::LookSchedule& schedule = result.schedule;
  Json looks = Json::array();
  for (const double look : schedule.looks_s) looks.push_back(look - schedule.begin_s);
  Json json = {{"schema", "haldane.power/1"},
               {"scenario", result.scenario},
               {"policy", result.policy},
               {"seed", result.seed},
               {"runs", result.runs},
               {"partial", result.partial},
               {"canary_share", result.share},
               {"alpha", result.alpha},
               {"beta", result.beta},
               {"warmup_s", result.warmup_s},
               {"window_s", schedule.looks_s.back() - schedule.begin_s},
               {"looks_s", std::move(looks)},
               {"latencies", result.latencies},
               {"kayenta_step_s", schedule.step_s},
               {"notes", result.notes},
               {"cases", Json::array()},
               {"advice", advice_json(result.advice)}};
  for (const PowerCase& one : result.cases) json["cases"].push_back(case_json(one));
  return analysis::json_document(json);
}

}  // namespace haldane::cli
