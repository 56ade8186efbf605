#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "analysis/report/formats/pipeline_reports.h"
#include "analysis/report/formats/safe_text.h"
#include "analysis/report/verdict_report.h"

namespace haldane::analysis {
namespace {

using Number = std::optional<double>;

/// A gauge with one sample an entry. A name with a unit ends in it, as the format demands.
struct Family {
  std::string name;
  std::string unit;  ///< empty = none
  std::string help;
  std::function<Number(const Evidence&)> value;
};

std::string number_text(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
  return fmt::format("{}", value);
}

std::string header(std::string_view name, std::string_view type, std::string_view unit,
                   std::string_view help) {
  std::string text = fmt::format("# TYPE {} {}\n", name, type);
  if (!unit.empty()) text += fmt::format("# UNIT {} {}\n", name, unit);
  return text + fmt::format("# HELP {} {}\n", name, openmetrics_escape(help));
}

/// Label sets of the entries, unique within the verdict: an entry that is there again is numbered,
/// also where only the escaping made two names alike.
std::vector<std::string> label_sets(const Verdict& verdict) {
  std::vector<std::string> sets;
  std::map<std::string, int> seen;
  for (const Evidence& e : verdict.metrics) {
    std::string labels = fmt::format("metric=\"{}\"", openmetrics_escape(e.name));
    if (e.quantile) labels += fmt::format(",quantile=\"{}\"", *e.quantile);
    labels += ",role=\"" + role_name(e.role) + "\"";
    if (const int times = ++seen[labels]; times > 1) labels += fmt::format(",entry=\"{}\"", times);
    sets.push_back(std::move(labels));
  }
  return sets;
}

std::vector<Family> arm_families() {
  return {
      {"haldane_baseline", "", "Value of the baseline in the metric's unit.",
       [](const Evidence& e) { return e.baseline.value; }},
      {"haldane_canary", "", "Value of the canary in the metric's unit.",
       [](const Evidence& e) { return e.canary.value; }},
      {"haldane_baseline_observations", "", "Observations or exposure of the baseline.",
       [](const Evidence& e) { return Number(static_cast<double>(e.baseline.n)); }},
      {"haldane_canary_observations", "", "Observations or exposure of the canary.",
       [](const Evidence& e) { return Number(static_cast<double>(e.canary.n)); }},
  };
}

/// "haldane_change" and its kin on one scale, where `unit` is "ratio" or nothing.
std::vector<Family> change_families(Evidence::Scale scale, const std::string& unit,
                                    const std::string& meaning) {
  const std::string end = unit.empty() ? "" : "_" + unit;
  const auto on_scale = [scale](auto value) {
    return [=](const Evidence& e) { return e.scale == scale ? Number(value(e)) : std::nullopt; };
  };
  return {
      {"haldane_change" + end, unit, "Canary against baseline, " + meaning + ".",
       on_scale([](const Evidence& e) { return e.estimate; })},
      {"haldane_change_low" + end, unit, "Lower bound of the change, " + meaning + ".",
       on_scale([](const Evidence& e) { return e.ci_low; })},
      {"haldane_change_high" + end, unit, "Upper bound of the change, " + meaning + ".",
       on_scale([](const Evidence& e) { return e.ci_high; })},
      {"haldane_margin" + end, unit, "Largest acceptable change, " + meaning + ".",
       on_scale([](const Evidence& e) { return e.margin; })},
  };
}

std::vector<Family> evidence_families() {
  return {
      {"haldane_e_value", "", "Evidence that the change is beyond its margin.",
       [](const Evidence& e) { return e.e_value; }},
      {"haldane_p_value", "", "p-value of a change within its margin.",
       [](const Evidence& e) { return e.p_value; }},
  };
}

// A family without samples says nothing, so its header is left out too.
std::string render(const Family& family, const Verdict& verdict,
                   const std::vector<std::string>& labels) {
  std::string samples;
  for (std::size_t i = 0; i < verdict.metrics.size(); ++i) {
    const Number value = family.value(verdict.metrics[i]);
    if (!value) continue;
    samples += fmt::format("{}{{{}}} {}\n", family.name, labels[i], number_text(*value));
  }
  return samples.empty() ? "" : header(family.name, "gauge", family.unit, family.help) + samples;
}

std::string verdict_states(Decision decision) {
  std::string text = header("haldane_verdict", "stateset", "", "Decision of the judge.");
  for (const Decision state : {Decision::promote, Decision::rollback, Decision::inconclusive}) {
    text += fmt::format("haldane_verdict{{haldane_verdict=\"{}\"}} {}\n", decision_name(state),
                        state == decision ? 1 : 0);
  }
  return text;
}

std::string outcome_states(const Verdict& verdict, const std::vector<std::string>& labels) {
  using Outcome = Evidence::Outcome;
  if (labels.empty()) return "";
  std::string text = header("haldane_outcome", "stateset", "", "What a metric says.");
  for (std::size_t i = 0; i < labels.size(); ++i) {
    for (const Outcome state :
         {Outcome::beyond_margin, Outcome::within_margin, Outcome::undecided, Outcome::reported}) {
      text += fmt::format("haldane_outcome{{{},haldane_outcome=\"{}\"}} {}\n", labels[i],
                          outcome_name(state), state == verdict.metrics[i].outcome ? 1 : 0);
    }
  }
  return text;
}

}  // namespace

std::string verdict_openmetrics(const Verdict& verdict) {
  const std::vector<std::string> labels = label_sets(verdict);
  std::string text = verdict_states(verdict.decision);
  text += header("haldane_score", "gauge", "", "Score from 0 to 100.");
  text += "haldane_score " + number_text(verdict.score) + "\n";
  text += outcome_states(verdict, labels);
  for (const auto& group :
       {arm_families(), change_families(Evidence::Scale::relative, "ratio", "relative"),
        change_families(Evidence::Scale::absolute, "", "absolute"), evidence_families()}) {
    for (const Family& family : group) text += render(family, verdict, labels);
  }
  return text + "# EOF\n";
}

}  // namespace haldane::analysis
